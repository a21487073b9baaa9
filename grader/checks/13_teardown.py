"""13_teardown: closing a TCP connection (RFC 9293, 3.6 and 3.10), step by step on a virtual clock."""

from __future__ import annotations

from grader.checks.teardown_closes import (  # noqa: F401
    test_active_close,
    test_fin_after_data,
    test_fin_takes_a_number,
    test_half_close,
    test_passive_close,
    test_simultaneous_close,
)
from grader.checks.teardown_states import (
    BOTH_WAYS,
    LONG,
    close_wait,
    connections,
    data,
    expect_fin_acknowledged_again,
    fin_wait_1,
    fin_wait_2,
    last_ack,
    time_wait,
)
from grader.checks.teardown_with_kernel import Closing, endpoint_first, stack_first, with_stack
from grader.lab.conversation.closing import TOLERANCE, Connection
from grader.lab.conversation.segment import ACK, RST, Pattern, plus
from grader.lab.functions.functions import Functions
from grader.lab.lab import Lab
from grader.lab.promise import promise

#: 2 MSL, in seconds, and how long before and after it the state is looked at.
TIME_WAIT = 60.0
AROUND = 0.1
#: The waits for an ACK, in seconds (RFC 6298, section 5).
TIMEOUTS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
#: The next one is 60 s, where it stays, or twice the last one: the limit is optional there.
LAST_TIMEOUT = (60.0, 64.0)
#: How many kinds of numbers are enough where they hardly matter.
FEW = 3

LASTS = "TIME-WAIT lasts for 2 MSL, 60 s, from the last FIN that arrived; a tick ends it."
AGAIN = "The oldest segment that is not acknowledged is sent again, with the numbers that it had."
BACKS_OFF = (
    "What is not acknowledged is sent again after 1 s, then after 2 s more, then 4 s, and so on, up to "
    "60 s, with the numbers that it had."
)
GUESSED = "This number is not in the window: anybody could have guessed it."


@promise(points=2, after=BOTH_WAYS)
def test_time_wait(lab: Lab, functions: Functions) -> None:
    """Stays in TIME-WAIT for 2 MSL, and acknowledges a repeated FIN, which starts that time anew."""
    for c in connections(lab, functions, "2 MSL"):
        c.tick(lab.random.choice((0.1, 1.0, round(lab.random.uniform(1, 1000), 1))))
        time_wait(c)
        _expect_time_wait_over(c, c.arrived_at)
    for c in connections(lab, functions, "FIN comes again"):
        time_wait(c)
        for _ in range(2):
            c.tick(c.now + lab.random.choice((1.0, 30.0, 59.0)))
            c.expect_state("TIME-WAIT", why=LASTS)
            expect_fin_acknowledged_again(c)
            c.expect_state("TIME-WAIT")
        _expect_time_wait_over(c, c.arrived_at)
    for c in connections(lab, functions, "an ACK arrives", most=FEW):
        time_wait(c)
        c.peer(ACK, c.rcv_nxt, c.snd_nxt)
        c.expect_nothing(why="A plain ACK is not acknowledged: the ends would never stop.")
        c.expect_state("TIME-WAIT", why=LASTS)
    for c in connections(lab, functions, "2 MSL after both have closed at once", most=FEW):
        if _fins_cross(c):
            c.acknowledge()
            if _gets_to(c, "TIME-WAIT"):
                _expect_time_wait_over(c, c.now)


def _expect_time_wait_over(c: Connection, entered: float) -> None:
    """Expect TIME-WAIT to last from the last FIN, or from when it was entered, and no longer."""
    c.tick(c.arrived_at + TIME_WAIT - AROUND)
    c.expect_nothing()
    c.expect_state("TIME-WAIT", why=LASTS)
    c.tick(entered + TIME_WAIT + AROUND)
    c.expect_nothing()
    c.expect_state("CLOSED", why=LASTS)


@promise(points=2, after=BOTH_WAYS)
def test_lost_fin(lab: Lab, functions: Functions) -> None:
    """Sends FIN and data again until they are acknowledged, waiting twice as long each time."""
    for c in connections(lab, functions, "in FIN-WAIT-1", most=FEW):
        fin_wait_1(c)
        _expect_again_and_again(c, c.now)
        c.expect_state("FIN-WAIT-2")
    for c in connections(lab, functions, "in LAST-ACK", most=FEW):
        last_ack(c)
        _expect_again_and_again(c, c.now)
        c.expect_state("CLOSED")
    for c in connections(lab, functions, "in CLOSING", most=FEW):
        begun = c.now
        if _fins_cross(c):
            _expect_again_and_again(c, begun)
    for c in connections(lab, functions, "data and FIN get lost"):
        for _ in range(2):
            c.send(data(lab))
            c.lost()
        c.close()
        c.lost()
        wait = TIMEOUTS[0]
        while c.snd_una != c.snd_nxt:
            c.wait_for(c.now + wait + TOLERANCE)
            c.acknowledge(c.expect_again(why=AGAIN))
            wait *= 2
        c.expect_state("FIN-WAIT-2", why="Data and FIN are acknowledged now.")
    for arrive, title in ((1, "half of the data arrives"), (2, "the data arrives, FIN gets lost")):
        for c in connections(lab, functions, title):
            _expect_rest_again(lab, c, arrive)
    for c in connections(lab, functions, "data gets lost, and nobody closes", most=FEW):
        _expect_data_again(lab, c)
    for c in connections(lab, functions, "data gets lost in CLOSE-WAIT", most=FEW):
        close_wait(c)
        _expect_data_again(lab, c)
    for c in connections(lab, functions, "all but the last byte arrives", most=FEW):
        _expect_last_byte_again(lab, c)


def _expect_data_again(lab: Lab, c: Connection) -> None:
    """Let data get lost; expect it again."""
    c.send(data(lab))
    c.lost()
    c.wait_for(c.now + TIMEOUTS[0] + TOLERANCE)
    c.expect_again(why=AGAIN)
    c.acknowledge()


def _expect_last_byte_again(lab: Lab, c: Connection) -> None:
    """Let a part of a segment be acknowledged; expect what was not, with or without that part."""
    sent = lab.text(30)
    c.send(sent)
    c.acknowledge(plus(c.snd_nxt, -1))
    c.wait_for(c.now + TIMEOUTS[0] + TOLERANCE)
    size = c.next_size() or 1
    rest = Pattern(ACK, plus(c.snd_nxt, -size), c.rcv_nxt, sent[-size:])
    c.expect(rest, why="An ACK covers the numbers before it, and no others.")
    c.acknowledge()
    c.tick(c.now + LONG)
    c.expect_nothing(why="All is acknowledged; there is nothing to send again.")


def _expect_rest_again(lab: Lab, c: Connection, arrive: int) -> None:
    """Let some data be acknowledged soon; expect the rest again after its time, and not before."""
    ends = []
    for _ in range(2):
        c.send(data(lab))
        ends.append(c.snd_nxt)
    c.close()
    begun, later = c.now, lab.random.uniform(0.1, 0.3)
    c.run(begun + later)
    c.acknowledge(ends[arrive - 1])
    c.run(begun + TIMEOUTS[0] - TOLERANCE)
    c.expect_nothing(why="It was sent less than a second ago: its ACK may be under way.")
    c.wait_for(begun + later + TIMEOUTS[0] + TOLERANCE)
    c.expect_again(why=AGAIN)
    c.acknowledge()
    c.expect_state("FIN-WAIT-2", why="Data and FIN are acknowledged now.")


def _fins_cross(c: Connection) -> bool:
    """Let both ends close before either knows of it; tell whether the endpoint gets to CLOSING."""
    c.close()
    c.arrive(fin=True, ack=c.snd_una)
    return _gets_to(c, "CLOSING")


def _gets_to(c: Connection, state: str) -> bool:
    """Tell whether the endpoint gets to a state, which is what `simultaneous_close` is about."""
    c.settle()
    return c.state == state


def _expect_again_and_again(c: Connection, begun: float) -> None:
    """Let a FIN that was sent at some time get lost, time after time; in the end acknowledge it."""
    c.lost()
    for shortest, longest in [*((each, each) for each in TIMEOUTS), LAST_TIMEOUT]:
        c.run(begun + shortest - TOLERANCE, shortest / 10)
        c.expect_nothing(why=f"{BACKS_OFF} It is too early now.")
        c.run(begun + longest + TOLERANCE)
        begun = c.next_time() or c.now
        c.expect_again(why=BACKS_OFF)
        c.lost()
    c.acknowledge()
    c.tick(c.now + LONG)
    c.expect_nothing(why="FIN was acknowledged; there is nothing to send again.")


@promise(after=BOTH_WAYS)
def test_reset(lab: Lab, functions: Functions) -> None:
    """A RST ends the connection at once; one outside of the window does nothing."""
    for reach, is_told in (
        (None, True),
        (fin_wait_1, True),
        (fin_wait_2, True),
        (close_wait, True),
        (last_ack, False),
    ):
        name = reach.__name__.upper().replace("_", "-") if reach else "ESTABLISHED"
        for c in connections(lab, functions, f"in {name}", most=FEW):
            if reach:
                reach(c)
            _expect_reset(lab, c, name, is_told)
    for c in connections(lab, functions, "in CLOSING", most=FEW):
        if _fins_cross(c):
            _expect_reset(lab, c, "CLOSING", False)
    for c in connections(lab, functions, "in TIME-WAIT", most=FEW):
        time_wait(c)
        c.peer(RST, c.rcv_nxt, c.snd_una)
        c.expect_nothing(why="A RST is never answered.")
        c.expect_state("CLOSED", "TIME-WAIT")  # it may be ignored (RFC 1337)
        c.expect_value("error", None, why="Both ends had closed: no data can be lost any more.")


def _expect_reset(lab: Lab, c: Connection, state: str, is_told: bool) -> None:
    far = lab.random.randrange(1 << 20, 1 << 30)
    for seq in (plus(c.rcv_nxt, -1), plus(c.rcv_nxt, -far), plus(c.rcv_nxt, far)):
        c.peer(lab.random.choice((RST, RST | ACK)), seq, c.snd_una)
        c.expect_nothing(why="A RST is never answered.")
        c.expect_state(state, why=GUESSED)
    c.peer(lab.random.choice((RST, RST | ACK)), c.rcv_nxt, c.snd_una)
    c.expect_nothing(why="A RST is never answered.")
    c.expect_state("CLOSED", why="The RST has the number that is expected: it ends the connection.")
    if is_told:
        c.expect_value("error", "connection reset", why="The user has to be told.")
    else:
        c.expect_value("error", None, why="Both ends had closed: no data can be lost any more.")
    c.tick(c.now + LONG)
    c.expect_nothing(why="There is no connection any more, and nothing left to send again.")
    c.expect_state("CLOSED")


@promise(points=3, after=BOTH_WAYS)
def test_real_kernel(lab: Lab, functions: Functions) -> None:
    """Closes connections with the Linux kernel, whichever end closes first."""
    with_stack(lab, functions, "your endpoint closes first", endpoint_first)
    with_stack(lab, functions, "your endpoint closes second", stack_first)


def show_active_close(lab: Lab, functions: Functions) -> None:
    """Your endpoint closes first; the kernel has more to send before it closes, too."""

    def scene(c: Closing) -> None:
        c.user_closes("FIN-WAIT-1")
        c.expect_states("FIN-WAIT-2", "CLOSE-WAIT")
        c.peer_sends()
        c.peer_closes("LAST-ACK")
        c.expect_states("TIME-WAIT", "CLOSED")
        c.expect_end_of_time_wait()
        c.talk.tell()

    with_stack(lab, functions, "your endpoint closes first", scene)


def show_passive_close(lab: Lab, functions: Functions) -> None:
    """The kernel closes first; your endpoint has more to send before it closes, too."""

    def scene(c: Closing) -> None:
        c.peer_closes("FIN-WAIT-1")
        c.expect_states("CLOSE-WAIT", "FIN-WAIT-2")
        c.user_sends()
        c.user_closes("LAST-ACK")
        c.expect_states("CLOSED", "TIME-WAIT")
        c.talk.tell()

    with_stack(lab, functions, "your endpoint closes second", scene)


def show_simultaneous_close(lab: Lab, functions: Functions) -> None:
    """Both close before either knows of it."""

    def scene(c: Closing) -> None:
        c.user_closes("FIN-WAIT-1")
        c.peer_closes("FIN-WAIT-1")
        c.expect_states("TIME-WAIT", "TIME-WAIT")
        c.talk.tell()

    with_stack(lab, functions, "both close at once", scene)
