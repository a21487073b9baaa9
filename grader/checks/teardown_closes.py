"""13_teardown: the segments of a close in their order, from one state to the next (RFC 9293, 3.6)."""

from __future__ import annotations

from grader.checks.teardown_states import (
    BOTH_WAYS,
    LONG,
    close_wait,
    closing,
    connections,
    data,
    expect_fin_acknowledged_again,
    fin_wait_1,
    fin_wait_2,
    time_wait,
)
from grader.lab.conversation.closing import LARGEST, WRAPS_WITHIN, Connection
from grader.lab.conversation.segment import ACK, Pattern, plus
from grader.lab.functions.functions import Functions
from grader.lab.lab import Lab
from grader.lab.promise import promise

FIN_COUNTS = (
    "FIN takes a number, as if it were one byte after the data. So the number after it is expected "
    "next, and what is sent after it has that number, too."
)
STILL_LISTENS = "FIN says that its sender has no more to send. It still listens, and acknowledges."
STILL_SENDS = "The peer has no more to send, but it still listens."
REPEATED = "The peer sends its data again because your ACK got lost: it needs another."
WAITS = (
    "A number in between is missing. So the end of the data is not reached, and ACKs go on asking for "
    "the missing number, until it arrives."
)
TOGETHER = "FIN comes after the data of its segment, which counts as if it had come alone."
KNOWN = (
    "A segment counts from RCV.NXT on: what comes before it is known, what comes after it is new."
)


@promise(points=2)
def test_fin_takes_a_number(lab: Lab, functions: Functions) -> None:
    """A FIN takes one sequence number, in both directions, also where the numbers wrap."""
    for c in connections(lab, functions, "the peer's FIN"):
        c.arrive(fin=True)
        c.expect_ack(or_with_fin=True, why=FIN_COUNTS)
    for c in connections(lab, functions, "your FIN"):
        c.close()
        _expect_not_acknowledged(c, c.snd_una, "The ACK has the FIN's own number: FIN comes next.")
        for beyond in (1, lab.random.randrange(2, 1 << 30)):
            ack = plus(c.snd_nxt, beyond)
            _expect_not_acknowledged(c, ack, "Nothing with that number was ever sent.")
        _expect_acknowledged(c)
    for c in connections(lab, functions, "your data and FIN"):
        c.send(lab.text(lab.random.randint(WRAPS_WITHIN, 2 * WRAPS_WITHIN)))
        before_fin = c.snd_nxt
        c.close()
        _expect_not_acknowledged(c, before_fin, "Only the data is acknowledged, FIN comes next.")
        _expect_acknowledged(c)


def _expect_not_acknowledged(c: Connection, ack: int, why: str) -> None:
    c.peer(ACK, c.rcv_nxt, ack)
    c.allow(Pattern(ACK, None, c.rcv_nxt))
    c.expect_state("FIN-WAIT-1", why=why)


def _expect_acknowledged(c: Connection) -> None:
    """Let the peer acknowledge FIN, then close; expect the numbers to be right to the end."""
    c.peer(ACK, c.rcv_nxt, c.snd_nxt)
    c.allow(Pattern(ACK, None, c.rcv_nxt))
    c.expect_state("FIN-WAIT-2", why="The ACK has the number after the FIN's: FIN has arrived.")
    c.arrive(fin=True)
    if c.answers():  # whether it has to is what `active_close` is about
        c.expect_ack(why=FIN_COUNTS)


@promise(points=2, after="fin_takes_a_number")
def test_active_close(lab: Lab, functions: Functions) -> None:
    """Closes first: sends FIN, and goes through FIN-WAIT-1 and FIN-WAIT-2 to TIME-WAIT."""
    for c in connections(lab, functions, "four segments"):
        time_wait(c)
        c.expect_all_received(eof=True)
        c.expect_value("error", None)
    for c in connections(lab, functions, "three segments"):
        fin_wait_1(c)
        c.arrive(fin=True)
        c.expect_state(
            "TIME-WAIT", why="The FIN brings the ACK of your own FIN along, which counts first."
        )
        c.expect_ack()
        c.expect_all_received(eof=True)
    for c in connections(lab, functions, "data before it, and no more after it"):
        c.send(data(lab))
        c.send(data(lab, LARGEST))
        fin_wait_1(c)
        _expect_closed_for_the_user(c)
        c.acknowledge()
        c.expect_state("FIN-WAIT-2")
        _expect_closed_for_the_user(c)
        c.arrive(fin=True)
        c.expect_ack()
        _expect_closed_for_the_user(c)


def _expect_closed_for_the_user(c: Connection) -> None:
    c.expect_refused(
        "send", b"more", silence=False,
        why="After FIN there is no number left for data; the user has to be told.",
    )  # fmt: skip
    c.expect_refused(
        "close", silence=True, why="There is one FIN in each direction; a second close sends none."
    )


@promise(points=2, after="fin_takes_a_number")
def test_passive_close(lab: Lab, functions: Functions) -> None:
    """The peer closes first: acknowledges its FIN, goes through CLOSE-WAIT and LAST-ACK to CLOSED."""
    for c in connections(lab, functions, "the peer closes, later the user"):
        close_wait(c)
        c.expect_all_received(eof=True)
        c.tick(c.now + LONG)
        c.expect_nothing(why="It is the user who closes this direction, whenever that may be.")
        c.expect_state("CLOSE-WAIT")
        c.close()
        c.expect_state("LAST-ACK", why="Both have closed; your FIN is not acknowledged yet.")
        c.peer(ACK, c.rcv_nxt, c.snd_una)
        c.expect_state("LAST-ACK", why="That ACK doesn't cover your FIN.")
        c.acknowledge()
        c.expect_state("CLOSED", why="Both FINs are acknowledged, and the peer waits, not you.")
        c.tick(c.now + LONG)
        c.expect_nothing()
        c.expect_value("error", None)
    for c in connections(lab, functions, "the user closes at once"):
        c.arrive(fin=True)
        c.allow(Pattern(ACK, c.snd_nxt, c.rcv_nxt))
        c.close()
        c.acknowledge()
        c.expect_state("CLOSED")
    for c in connections(lab, functions, "the peer's FIN comes again"):
        close_wait(c)
        expect_fin_acknowledged_again(c)
        c.close()
        expect_fin_acknowledged_again(c)
        c.expect_state("LAST-ACK")


@promise(points=2, after=BOTH_WAYS)
def test_half_close(lab: Lab, functions: Functions) -> None:
    """While one direction is closed, data still flows in the other."""
    for c in connections(lab, functions, "the peer sends in FIN-WAIT-2", STILL_LISTENS):
        fin_wait_2(c)
        for _ in range(3):
            first, sent = c.rcv_nxt, data(lab, LARGEST)
            c.arrive(sent)
            c.expect_ack(why=STILL_LISTENS)
            c.repeat(sent, False, first)
            c.expect_ack(why=REPEATED)
            c.expect_all_received(eof=False, why=STILL_LISTENS)
        c.arrive(fin=True)
        c.expect_ack()
        c.expect_state("TIME-WAIT")
        c.expect_all_received(eof=True)
    for c in connections(lab, functions, "the peer sends in FIN-WAIT-1", STILL_LISTENS):
        fin_wait_1(c)
        c.arrive(data(lab), ack=c.snd_una)
        c.expect_ack(why=STILL_LISTENS)
        c.expect_state("FIN-WAIT-1")
        c.arrive(data(lab))
        c.expect_ack(why=STILL_LISTENS)
        c.expect_state("FIN-WAIT-2", why="The data brings the ACK of your FIN along.")
        c.expect_all_received(eof=False, why=STILL_LISTENS)
    for c in connections(lab, functions, "the user sends in CLOSE-WAIT", STILL_SENDS):
        close_wait(c)
        for _ in range(2):
            c.send(data(lab), why=STILL_SENDS)
        c.acknowledge()
        c.send(data(lab, LARGEST), why=STILL_SENDS)
        c.expect_state("CLOSE-WAIT")
        c.close()
        c.expect_state("LAST-ACK")
        c.acknowledge()
        c.expect_state("CLOSED")


@promise(points=2, after=BOTH_WAYS)
def test_fin_after_data(lab: Lab, functions: Functions) -> None:
    """A FIN that comes before the data in front of it waits for that data."""
    for c in connections(lab, functions, "FIN comes first", WAITS):
        _overtake(lab, c, "ESTABLISHED", b"")
        c.expect_state("CLOSE-WAIT")
    for c in connections(lab, functions, "the last data and FIN come first", WAITS):
        _overtake(lab, c, "ESTABLISHED", data(lab))
        c.expect_state("CLOSE-WAIT")
    for c in connections(lab, functions, "FIN comes first in FIN-WAIT-2", WAITS):
        fin_wait_2(c)
        if _listens(lab, c):
            _overtake(lab, c, "FIN-WAIT-2", data(lab))
            c.expect_state("TIME-WAIT")
    for c in connections(lab, functions, "data and FIN in one segment", TOGETHER):
        c.arrive(data(lab), fin=True)
        c.expect_ack()
        c.expect_all_received(eof=True, why=TOGETHER)
        c.expect_state("CLOSE-WAIT")
    for c in connections(lab, functions, "FIN with data that is known", KNOWN):
        known, more, first = data(lab), lab.random.choice((b"", data(lab))), c.rcv_nxt
        c.arrive(known)
        c.expect_ack()
        c.arrive(more, fin=True, take=False)
        c.repeat(known + more, True, first)
        c.expect_ack(why=KNOWN)
        c.expect_all_received(eof=True, why=KNOWN)
        c.expect_state("CLOSE-WAIT")


def _listens(lab: Lab, c: Connection) -> bool:
    """Tell whether the endpoint takes data after its own FIN, which `half_close` is about."""
    c.arrive(data(lab))
    c.settle()
    return c.value("received") == c.sent


def _overtake(lab: Lab, c: Connection, state: str, last: bytes) -> None:
    """Let data get lost, and FIN arrive; then let the peer send again what is not acknowledged."""
    missing, first = data(lab), c.rcv_nxt
    c.arrive(missing, take=False)
    fin = c.rcv_nxt
    c.arrive(last, fin=True, take=False)
    c.remark("the peer sends data, which gets lost")
    c.repeat(last, True, fin)
    c.expect_ack(first, why=WAITS)
    c.expect_state(state, why=WAITS)
    c.expect_value("eof", False, why=WAITS)
    c.repeat(missing, False, first)
    answer = c.expect_ack(c.rcv_nxt, fin, why=WAITS)
    if answer.ack == fin and fin != c.rcv_nxt:
        c.repeat(last, True, fin)
        c.expect_ack()
    c.expect_all_received(eof=True, why=TOGETHER if last else WAITS)


@promise(points=2, after=BOTH_WAYS)
def test_simultaneous_close(lab: Lab, functions: Functions) -> None:
    """Both ends close at once: goes through CLOSING to TIME-WAIT."""
    for c in connections(lab, functions, "FIN and FIN cross"):
        closing(c)
        c.expect_all_received(eof=True)
        expect_fin_acknowledged_again(c)
        c.expect_state("CLOSING", why="Your own FIN is not acknowledged yet.")
        c.acknowledge()
        c.expect_state("TIME-WAIT", why="Now both FINs are acknowledged.")
        c.expect_value("error", None)
        c.tick(c.now + LONG)
        c.expect_nothing()
        c.expect_state("CLOSED", why="2 MSL are long over.")
    for c in connections(lab, functions, "FIN and FIN cross, with data before yours"):
        c.send(data(lab))
        before_fin = c.snd_nxt
        fin_wait_1(c)
        c.arrive(fin=True, ack=c.snd_una)
        c.expect_ack()
        c.acknowledge(before_fin)
        c.expect_state("CLOSING", why="Only the data is acknowledged, FIN comes next.")
        c.acknowledge()
        c.expect_state("TIME-WAIT")
