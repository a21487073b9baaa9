"""What a sender with a sliding window promises; 14_sliding_window takes these checks over."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

from grader.lab.conversation.segment import ACK, Pattern
from grader.lab.functions.functions import Functions
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.stream.numbers import setups
from grader.lab.stream.sending import PATIENCE, Sending, Sent

#: More bytes than any conversation here sends.
LENGTH = 1 << 18
#: The first timeout is one second: nothing goes again before QUIET, and something has gone by LATE.
QUIET, LATE = 0.9, 1.25

FILLS = (
    "As long as less than the window is in flight and bytes are waiting, the next segment can go. "
    "Waiting for each acknowledgement before the next segment is stop and wait."
)
EXCEEDS = (
    "The receiver has room for the bytes from its acknowledgement number up to that number plus the "
    "window, and for no more. Bytes that were sent and not acknowledged yet take up room, too."
)
SLIDES = (
    "The right edge of the window is the last acknowledgement number plus the window that came "
    "with it. What lies between the next byte to send and the right edge can go at once."
)
CUMULATIVE = (
    "An acknowledgement number is the number of the next byte that is expected: all bytes before it "
    "have arrived, and nothing is said about those after it. Only a number after the oldest byte in "
    "flight, and not after the last byte sent, tells something new."
)
RETRANSMITS = (
    "The timer starts with the first segment in flight, starts anew when new bytes are acknowledged "
    "and others are still in flight, and stops when none is. A second later the oldest segment goes "
    "again. An acknowledgement that says nothing new leaves the timer as it is."
)
BACKS_OFF = (
    "Each time that the timer runs out, the timeout doubles: 1 s, 2 s, 4 s ... up to 60 s. That goes "
    "on until new bytes are acknowledged, and then begins again with 1 s."
)
SHRINKS = (
    "A receiver should not take back what it offered, but some do. Then more is in flight than the "
    "window allows, and the difference is less than 0: nothing new goes, what is in flight is "
    "sent again when the timer runs out, and all goes on when the window has room again."
)


def expect_full(talk: Sending, why: str) -> None:
    """Expect that the window has room for less than a whole segment now, or that all was sent."""
    edge = min(talk.una + talk.window, len(talk.stream))
    talk.demand(
        talk.full(),
        f"{talk.setup.span(talk.top, edge)} sent now, without waiting: {talk.window} bytes from "
        f"byte {talk.una} on may be in flight",
        f"only {talk.in_flight} bytes are in flight",
        why,
    )


def expect_within(talk: Sending, sent: Sequence[Sent], why: str) -> None:
    """Expect that no segment goes beyond the right edge of the window."""
    edge = talk.una + talk.window
    for each in sent:
        talk.demand(
            each.end <= edge,
            f"no byte beyond byte {edge - 1} of the stream is sent: {talk.window} bytes from byte "
            f"{talk.una} on",
            f"{talk.setup.span(each.first, each.end)} were sent",
            why,
            each.row,
        )


def expect_silence(talk: Sending, sent: Sequence[Sent], wanted: str, why: str) -> None:
    """Expect that nothing was sent."""
    talk.demand(not sent, wanted, talk.said(sent), why, sent[0].row if sent else None)


def with_oldest(talk: Sending, sent: Sequence[Sent]) -> list[Sent]:
    """Give the segments that carry the oldest byte that is not acknowledged."""
    return [each for each in sent if each.first <= talk.una < each.end]


def expect_again(talk: Sending, sent: Sequence[Sent], why: str) -> None:
    """Expect that the oldest byte in flight was sent again, and none before it."""
    una = talk.una
    for each in sent:
        talk.demand(
            each.end > una,
            f"nothing before byte {una} of the stream is sent again, as it was acknowledged",
            f"{talk.setup.span(each.first, each.end)} were sent",
            why,
            each.row,
        )
    talk.demand(
        bool(with_oldest(talk, sent)),
        f"the segment with byte {una} of the stream (seq={talk.setup.number(una)}) is sent again "
        f"by {talk.now:.1f} s",
        talk.said(sent),
        why,
    )


@promise(points=3)
def test_fills_window(lab: Lab, functions: Functions) -> None:
    """Sends all that the window has room for, without waiting for an acknowledgement."""
    for setup in setups(lab.random, LENGTH):
        mss = setup.mss
        inside = lab.random.randrange(2, mss)
        for window in (4 * mss, 9 * mss + inside, mss, inside, min(65535, 40 * mss)):
            talk = Sending(lab, functions, f"a window of {window} bytes", setup, window, FILLS)
            sent = talk.give(window + 3 * mss)
            expect_full(talk, FILLS)
            _expect_form(talk, sent)
            talk.end()
        talk = Sending(lab, functions, "data that comes in pieces", setup, 5 * mss, FILLS)
        for size in (2 * mss, inside, mss, mss - inside, 2 * mss):
            talk.give(size)
            expect_full(talk, FILLS)
        talk.end()
        talk = Sending(lab, functions, "a single byte", setup, 5 * mss, FILLS)
        talk.give(1)
        expect_full(talk, FILLS)
        talk.end()


def _expect_form(talk: Sending, sent: Sequence[Sent]) -> None:
    """Expect that segments are as they should be, apart from their place in the stream."""
    pattern = Pattern(ACK, ack=talk.setup.other, payload=None)
    for each in sent:
        wrong = talk.form_differences(pattern, each.segment)
        talk.demand(
            not wrong, f"{pattern}, from port {talk.local_port} to port {talk.remote_port}",
            "; ".join(wrong), "Every segment of an established connection carries ACK and the "
            "acknowledgement number.", each.row,
        )  # fmt: skip
        size = each.end - each.first
        talk.demand(
            size <= talk.setup.mss, f"at most {talk.setup.mss} bytes in a segment, the MSS",
            f"{size} bytes", "The MSS is the most bytes that one segment may carry.", each.row,
        )  # fmt: skip


@promise(points=2)
def test_never_exceeds_window(lab: Lab, functions: Functions) -> None:
    """Never has more bytes in flight than the window allows."""
    random = lab.random
    for setup in setups(random, LENGTH, 6):
        mss = setup.mss
        window = random.randrange(2, 7) * mss + random.randrange(mss)
        talk = Sending(lab, functions, "windows that change", setup, window, EXCEEDS)
        expect_within(talk, talk.give(30 * mss + random.randrange(1, mss)), EXCEEDS)
        for step in range(15):
            oldest, edge = talk.una, talk.una + talk.window
            match step % 5:
                case 0:  # the user at the other end reads nothing: the right edge stays
                    upto = talk.una + talk.in_flight // 2
                    sent = talk.acknowledge(upto, edge - upto)
                case 1:  # the right edge moves
                    upto = random.randint(talk.una, talk.top)
                    sent = talk.acknowledge(upto, max(edge - upto, random.randrange(mss, 6 * mss)))
                case 2:  # nothing new
                    sent = talk.acknowledge(talk.una)
                case 3:  # an old one, overtaken by the one before it
                    sent = talk.acknowledge(oldest - random.randrange(1, mss), 12 * mss)
                case _:
                    sent = talk.pass_time(1.3)
            expect_within(talk, sent, EXCEEDS)
        talk.end()


@promise(points=2, after=("fills_window", "never_exceeds_window"))
def test_slides_on_ack(lab: Lab, functions: Functions) -> None:
    """Sends on, with new bytes, as far as an acknowledgement moves the window."""
    for setup in setups(lab.random, LENGTH):
        mss = setup.mss
        talk = Sending(lab, functions, "acknowledgements that come in", setup, 5 * mss, SLIDES)
        talk.give(20 * mss)
        for count in (1, 1, 3, 2, 1):
            _slide(talk, talk.end_of(count), talk.window)
        _slide(talk, talk.una, 8 * mss)
        _slide(talk, talk.top, 8 * mss)
        talk.end()
        small, smaller = lab.random.randrange(2, mss), lab.random.randrange(1, mss)
        talk = Sending(lab, functions, "windows of less than a segment", setup, small, SLIDES)
        talk.give(8 * mss + smaller)
        for window in (smaller, 3 * mss, 1, 5 * mss):
            _slide(talk, talk.top, window)
        talk.end()


def _slide(talk: Sending, upto: int, window: int) -> None:
    """Let an acknowledgement arrive; expect that the window is full then, with new bytes."""
    sent = talk.acknowledge(upto, window)
    for each in sent:
        talk.demand(
            not each.again, f"only bytes from byte {each.end} on: those before were sent already",
            f"{talk.setup.span(each.first, each.end)} were sent again", SLIDES, each.row,
        )  # fmt: skip
    expect_full(talk, SLIDES)


@promise(points=2, after="fills_window")
def test_retransmits(lab: Lab, functions: Functions) -> None:
    """Sends the oldest segment again when it was not acknowledged for a second, and not before."""
    for setup in setups(lab.random, LENGTH):
        mss, idle = setup.mss, lab.random.choice((0.3, 2.7, 5.3))

        talk = Sending(lab, functions, "nothing is acknowledged", setup, 8 * mss, RETRANSMITS)
        expect_silence(talk, talk.pass_time(idle), "nothing is sent before there is data", "")
        talk.give(3 * mss)
        _expect_timeout(talk, 0.0)
        talk.end()

        talk = Sending(lab, functions, "the user goes on", setup, 8 * mss, RETRANSMITS)
        for _ in range(3):
            talk.give(mss)
            talk.pass_time(0.3)
        _expect_timeout(talk, 0.9)
        talk.end()

        talk = Sending(lab, functions, "what comes says nothing new", setup, 8 * mss, RETRANSMITS)
        talk.give(3 * mss)
        talk.pass_time(0.6)
        wanted = "nothing is sent, as that acknowledges nothing new"
        expect_silence(talk, talk.acknowledge(0), wanted, RETRANSMITS)
        _expect_timeout(talk, 0.6)
        talk.end()

        talk = Sending(lab, functions, "a part is acknowledged", setup, 8 * mss, RETRANSMITS)
        talk.give(3 * mss)
        talk.pass_time(0.2)
        talk.acknowledge(talk.end_of(1))
        _expect_timeout(talk, 0.2, LATE)
        talk.acknowledge(talk.top)
        quiet = "nothing is sent when all is acknowledged"
        expect_silence(talk, talk.pass_time(5), quiet, RETRANSMITS)
        talk.end()

        talk = Sending(lab, functions, "all is acknowledged in time", setup, 8 * mss, RETRANSMITS)
        talk.exchange(3 * mss)
        talk.exchange(1)
        expect_silence(talk, talk.pass_time(3.3), quiet, RETRANSMITS)
        talk.give(2 * mss)
        _expect_timeout(talk, 0.0)
        talk.end()

        talk = Sending(lab, functions, "each segment gets lost once", setup, 8 * mss, RETRANSMITS)
        talk.give(6 * mss)
        talk.demand(
            talk.finish(), "all bytes arrive in the end",
            f"byte {talk.una} of the stream was not sent again within {PATIENCE:.0f} s", RETRANSMITS,
        )  # fmt: skip
        talk.end()


def _expect_timeout(talk: Sending, since: float, late: float | None = None) -> None:
    """Expect the oldest segment again a second after it was sent, and nothing before that.

    Args:
        talk: the conversation.
        since: how long ago it was sent, in seconds.
        late: in how many seconds it has to be there; by default a second after it was sent.
    """
    sent = talk.pass_time(QUIET - since)
    expect_silence(talk, sent, "nothing is sent again within a second", RETRANSMITS)
    end = LATE - since if late is None else late
    expect_again(talk, talk.pass_time(end - (QUIET - since)), RETRANSMITS)


@promise(points=2, after="retransmits")
def test_backs_off(lab: Lab, functions: Functions) -> None:
    """Doubles the timeout each time that it runs out, until new bytes are acknowledged."""
    for setup in setups(lab.random, LENGTH):
        mss = setup.mss
        talk = Sending(lab, functions, "nothing is acknowledged", setup, 8 * mss, BACKS_OFF)
        talk.give(mss)  # one segment: of a second, not sent again, the round trip would be measured
        expect_gaps(talk, talk.now, talk.pass_time(66), [1, 2, 4, 8, 16, 32], BACKS_OFF)
        expect_again(talk, talk.pass_time(64), BACKS_OFF)
        talk.acknowledge(talk.top)
        talk.exchange(mss)
        talk.give(2 * mss)
        expect_gaps(talk, talk.now, talk.pass_time(3.5), [1, 2], BACKS_OFF)
        talk.end()

        talk = Sending(lab, functions, "what comes says nothing new", setup, 8 * mss, BACKS_OFF)
        talk.give(2 * mss)
        sent = talk.pass_time(3.5)
        talk.acknowledge(0)
        expect_gaps(talk, 0.0, sent + talk.pass_time(12.5), [1, 2, 4, 8], BACKS_OFF)
        talk.end()


def expect_gaps(
    talk: Sending, begun: float, sent: Sequence[Sent], gaps: Sequence[float], why: str,
    how: str = "sent again",
) -> None:  # fmt: skip
    """Expect the oldest byte to be sent again and again, with some seconds in between.

    Args:
        talk: the conversation.
        begun: when the time before the first of them began.
        sent: what was sent since then.
        gaps: the seconds between one and the next.
        why: the hint.
        how: what it is called in messages.
    """
    again = with_oldest(talk, sent)
    times = [begun, *(each.time for each in again)]
    seen = [after - before for before, after in pairwise(times)]
    wrong = [
        index
        for index, (gap, got) in enumerate(zip(gaps, seen, strict=False))
        if not 0.9 * gap <= got <= 1.05 * gap + 0.2
    ]
    talk.demand(
        len(seen) >= len(gaps) and not wrong,
        f"byte {talk.una} of the stream is {how} after {_listed(gaps)} s",
        f"it was {how} after {_listed(seen[: len(gaps) + 1])} s" if seen else "it was not",
        why,
        again[wrong[0]].row if wrong else None,
    )


def _listed(seconds: Sequence[float]) -> str:
    return ", ".join(f"{each:.2g}" for each in seconds)


@promise(after=("never_exceeds_window", "retransmits"))
def test_window_shrinks(lab: Lab, functions: Functions) -> None:
    """Sends nothing new when the window is taken back, but again what is in flight, and goes on."""
    for setup, share in product(setups(lab.random, LENGTH, 2), (3, 0.5, 0)):
        mss, left = setup.mss, int(share * setup.mss)
        talk = Sending(lab, functions, "the window is taken back", setup, 8 * mss, SHRINKS)
        talk.give(20 * mss)
        _expect_nothing_new(talk, talk.acknowledge(talk.end_of(1), left))
        sent = talk.pass_time(LATE)
        _expect_nothing_new(talk, sent)
        expect_again(talk, sent, SHRINKS)
        talk.demand(
            talk.finish(talk.acknowledge(talk.una, 8 * mss)),
            "all bytes arrive in the end, once the window has room again",
            f"byte {talk.una} of the stream was not sent again within {PATIENCE:.0f} s",
            SHRINKS,
        )
        talk.end()

        talk = Sending(
            lab, functions, "data after the window was taken back", setup, 8 * mss, SHRINKS
        )
        talk.give(4 * mss)
        talk.acknowledge(talk.end_of(1), left)
        _expect_nothing_new(talk, talk.give(3 * mss))
        talk.end()


def _expect_nothing_new(talk: Sending, sent: Sequence[Sent]) -> None:
    for each in sent:
        talk.demand(
            each.again, f"nothing new is sent: {talk.window} bytes from byte {talk.una} on may be in "
            f"flight, and {talk.in_flight} are", f"{talk.setup.span(each.first, each.end)} were sent",
            SHRINKS, each.row,
        )  # fmt: skip
