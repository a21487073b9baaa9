"""14_sliding_window: a sender and a receiver, each on its own, then with each other over a link."""

from __future__ import annotations

from collections.abc import Sequence

from grader.checks.window_receiver import (
    SEGMENTS,
    cut,
    play,
    test_duplicates,  # noqa: F401
    test_never_overflows,  # noqa: F401
    test_overlaps,  # noqa: F401
    test_reorders,  # noqa: F401
)
from grader.checks.window_sender import (
    CUMULATIVE,
    LATE,
    LENGTH,
    QUIET,
    expect_again,
    expect_full,
    expect_gaps,
    expect_silence,
    expect_within,
    test_backs_off,  # noqa: F401
    test_fills_window,  # noqa: F401
    test_never_exceeds_window,  # noqa: F401
    test_retransmits,  # noqa: F401
    test_slides_on_ack,  # noqa: F401
    test_window_shrinks,  # noqa: F401
    with_oldest,
)
from grader.lab.conversation.diagram import draw
from grader.lab.conversation.segment import ACK, Pattern
from grader.lab.functions.functions import Functions
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.stream.ends import StudentEnds
from grader.lab.stream.link import HEADERS, Conditions, Link
from grader.lab.stream.numbers import Setup, setups, wrapping
from grader.lab.stream.receiving import EVERYTHING, Receiving
from grader.lab.stream.sending import PATIENCE, Sending, Sent
from grader.lab.stream.transfer import Transfer
from grader.lab.transcript import PromiseBrokenError

ZERO = (
    "With a window of 0 nothing may be sent, and nobody says when it opens if that segment gets "
    "lost. So a timer runs: after 1 s, 2 s, 4 s ... one byte goes, the first that was not "
    "acknowledged. The answer tells the window. When it has opened, all goes on from the first byte "
    "that was not acknowledged."
)
UPDATE = (
    "The user has read, so there is room again, and the sender waits to hear of it: read gives the "
    "segment that says so."
)
WRAPS = (
    "After 4294967295 comes 0. So numbers are added modulo 2^32, and which of two comes first can't be "
    "told by < alone: b lies after a if (b - a) modulo 2^32 is less than 2^31."
)
LOSSY = (
    "Each way alone works. Look at what the two do when an acknowledgement is lost, when a segment "
    "that was sent again arrives twice, and when an old acknowledgement arrives late."
)
GOODPUT = (
    "The link carries so many bytes each second, and no time may go to waste: the window is to be "
    "kept full, in segments as large as they may be. But what is sent twice takes up room on "
    "the link that new bytes could have."
)
#: The share of what the link can carry that a right sender reaches, with timeouts for what is lost.
SHARE = 0.65
#: A transfer is given up when so many times its data was sent.
FLOOD = 12


@promise(points=2, after=("slides_on_ack", "retransmits"))
def test_cumulative_ack(lab: Lab, functions: Functions) -> None:
    """One acknowledgement stands for all bytes before its number; the receiver gives it so, too."""
    for setup in setups(lab.random, LENGTH):
        _acknowledge_many(lab, functions, setup)
        _acknowledge_in_order(lab, functions, setup)


def _acknowledge_many(lab: Lab, functions: Functions, setup: Setup) -> None:
    """Acknowledge several segments at once, a part of one, what is old, and what was never sent."""
    mss = setup.mss
    inside = lab.random.randrange(1, mss)
    for title, numbers in {
        "four segments in one": (4 * mss,),
        "a part of a segment": (2 * mss, 4 * mss + inside),
        "an old one comes late": (4 * mss, 2 * mss),
        "one of bytes that were never sent": (mss, 6 * mss + inside),
    }.items():
        talk = Sending(lab, functions, title, setup, 20 * mss, CUMULATIVE)
        talk.give(6 * mss)
        for upto in numbers:
            sent = talk.acknowledge(upto)
            expect_silence(talk, sent, "nothing is sent: all bytes of the user's were", CUMULATIVE)
        expect_again(talk, talk.pass_time(LATE), CUMULATIVE)
        talk.end()


def _acknowledge_in_order(lab: Lab, functions: Functions, setup: Setup) -> None:
    """Send segments in order to the receiver, and look at each acknowledgement."""
    pieces = cut(lab.random, setup)
    stream = lab.random.randbytes(pieces[-1][1])
    talk = Receiving(lab, functions, "in order", setup, 2 * len(stream), stream, CUMULATIVE)
    for first, end in pieces:
        talk.arrive(first, end)
        talk.expect_acknowledged(end)
        talk.expect_form(Pattern(ACK, seq=setup.other, ack=setup.number(end)))
        talk.arrive_empty(end)
    talk.end()


@promise(points=3, after="cumulative_ack")
def test_zero_window(lab: Lab, functions: Functions) -> None:
    """A window of 0 stops all but probes of one byte, and both sides go on once it opens."""
    for setup in setups(lab.random, LENGTH):
        for taken in (False, True):
            _close_and_open(lab, functions, setup, taken)
        mss = setup.mss
        talk = Sending(lab, functions, "a window of 0 from the start", setup, 0, ZERO)
        _expect_closed(talk, talk.give(3 * mss))
        _expect_probes(talk, [1, 2])
        _expect_opening(talk)
        for size in (EVERYTHING, 2 * mss):
            _fill_and_read(lab, functions, setup, 4 * mss, size)


def _close_and_open(lab: Lab, functions: Functions, setup: Setup, taken: bool) -> None:
    """Close the window, answer probes, open it again.

    Args:
        lab: the check.
        functions: the student's.
        setup: the connection.
        taken: whether the receiver has room for the byte of the third probe.
    """
    mss = setup.mss
    title = "the window closes and opens" + (", and one byte is taken" if taken else "")
    talk = Sending(lab, functions, title, setup, 4 * mss, ZERO)
    talk.give(12 * mss)
    _expect_closed(talk, talk.acknowledge(talk.top, 0))
    _expect_probes(talk, [1, 2, 4, 8, 16, 32])
    if taken:
        _expect_closed(talk, talk.acknowledge(talk.una + 1, 0))
        _expect_closed(talk, talk.pass_time(QUIET))
    _expect_opening(talk)


def _expect_closed(talk: Sending, sent: Sequence[Sent]) -> None:
    """Expect that nothing is sent while the window is 0."""
    expect_silence(talk, sent, "nothing is sent within a second after a window of 0", ZERO)


def _expect_probes(talk: Sending, gaps: Sequence[float]) -> None:
    """Expect probes of one byte with some seconds in between, each answered by a window of 0."""
    begun, probes = talk.now, []
    for gap in gaps:
        for each in (sent := talk.pass_time(gap + 0.2)):
            talk.demand(
                each.first == talk.una and each.end == each.first + 1,
                f"a probe: {talk.setup.span(talk.una, talk.una + 1)}",
                f"{talk.setup.span(each.first, each.end)} were sent",
                ZERO,
                each.row,
            )
        probes += sent
        _expect_closed(talk, talk.acknowledge(talk.una, 0))
    expect_gaps(talk, begun, probes, gaps, ZERO, "sent as a probe")


def _expect_opening(talk: Sending) -> None:
    """Open the window, and expect that all goes on at once, until all bytes have arrived."""
    sent = talk.acknowledge(talk.una, 4 * talk.setup.mss)
    una = talk.una
    talk.demand(
        bool(with_oldest(talk, sent)),
        f"a segment with byte {una} of the stream (seq={talk.setup.number(una)}) is sent at once, as "
        "the window has opened",
        talk.said(sent),
        ZERO,
    )
    expect_within(talk, sent, ZERO)
    talk.demand(
        talk.finish(sent), "all bytes arrive in the end, once the window has opened",
        f"byte {talk.una} of the stream did not come within {PATIENCE:.0f} s", ZERO,
    )  # fmt: skip
    talk.end()


def _fill_and_read(lab: Lab, functions: Functions, setup: Setup, buffer: int, size: int) -> None:
    """Fill the receiver's buffer, probe it, and let the user read half of it or more."""
    mss = setup.mss
    stream = lab.random.randbytes(3 * buffer)
    talk = Receiving(lab, functions, "a receiver whose buffer is full", setup, buffer, stream, ZERO)
    for first in range(0, buffer, mss):
        talk.arrive(first, first + mss)
    for _ in range(2):
        talk.expect_form(Pattern(ACK, ack=setup.number(buffer), window=0))
        talk.arrive(buffer, buffer + 1)
    talk.read(size)
    talk.demand(
        talk.edge - talk.acknowledged >= buffer // 2,
        f"read gives a segment that offers a window of {buffer // 2} bytes at least, as the window was "
        "0 and so many bytes of the buffer are free",
        f"it gave {talk.answer}" if talk.answer else "it gave no segment",
        UPDATE,
    )
    talk.arrive(buffer, buffer + mss)
    talk.expect_acknowledged(buffer + mss)
    talk.end()


@promise(points=2, after=("reorders", "duplicates"))
def test_wraps(lab: Lab, functions: Functions) -> None:
    """Goes on where sequence numbers pass 2^32 and begin again with 0."""
    mss = lab.random.choice((100, 536, 1000))
    for setup in wrapping(lab.random, mss):
        talk = Sending(lab, functions, f"numbers from {setup.first} on", setup, 4 * mss, WRAPS)
        expect_within(talk, talk.give(10 * mss), WRAPS)
        expect_full(talk, WRAPS)
        for upto in (mss, mss - 1, 3 * mss):
            expect_within(talk, talk.acknowledge(upto), WRAPS)
            expect_full(talk, WRAPS)
        expect_again(talk, talk.pass_time(LATE), WRAPS)
        talk.demand(
            talk.finish(), "all bytes arrive in the end",
            f"byte {talk.una} of the stream was not sent again within {PATIENCE:.0f} s", WRAPS,
        )  # fmt: skip
        talk.end()
        small = lab.random.randrange(mss // 4, mss)
        title = f"a window of {small} bytes, numbers from {setup.first} on"
        talk = Sending(lab, functions, title, setup, small, WRAPS)
        talk.give(5 * mss)
        while talk.una < len(talk.stream):
            expect_full(talk, WRAPS)
            talk.acknowledge(talk.top)
        talk.end()
        pieces = cut(lab.random, setup)
        twice = lab.random.sample(pieces * 2, 2 * SEGMENTS)
        for order in (pieces, pieces[::-1], twice):
            title = f"a receiver, numbers from {setup.first} on"
            play(lab, functions, title, setup, order, WRAPS, [3])


@promise(points=2, after=("wraps", "backs_off", "zero_window", "window_shrinks", "never_overflows"))
def test_lossy_link(lab: Lab, functions: Functions) -> None:
    """Over a link that loses, doubles and reorders segments, each byte arrives once, in order."""
    for loss, lateness in ((0.08, 0.05), (0.03, 0.2)):
        conditions = Conditions(64_000, 0.1, 64_000, loss, 0.08, 0.25, lateness)
        setup = [*wrapping(lab.random, 500)][2]
        transfer = _transfer(lab, functions, setup, conditions, 16_000, 50_000, 3600)
        _expect_delivered(lab, transfer, LOSSY)
        lab.note(
            f"{len(transfer.data)} bytes arrived within {transfer.finished:.1f} s by the virtual "
            f"clock: {transfer.there.packets} segments sent, {transfer.there.lost} of them and "
            f"{transfer.back.lost} of {transfer.back.packets} acknowledgements lost on the way"
        )


@promise(points=2, after="lossy_link")
def test_goodput(lab: Lab, functions: Functions) -> None:
    """Makes good use of a link: most of what it can carry is data that arrives."""
    conditions = Conditions(32_000, 0.15, 40_000)
    setup = next(setups(lab.random, LENGTH, 3))
    setup = Setup(setup.first, setup.other, setup.data_port, setup.ack_port, 500)
    losing = frozenset([lab.random.randrange(100, 300)])
    transfer = _transfer(lab, functions, setup, conditions, 16_000, 250_000, 240, losing)
    _expect_delivered(lab, transfer, GOODPUT)
    assert transfer.finished
    rate = len(transfer.data) / transfer.finished
    limit = conditions.rate * setup.mss / (setup.mss + HEADERS)
    once = setup.mss / (2 * conditions.delay + (setup.mss + 2 * HEADERS) / conditions.rate)
    told = (
        f"{rate:.0f} bytes each second arrived, {rate / limit:.0%} of the {limit:.0f} that the link "
        f"can carry (stop and wait: {once:.0f}); {transfer.there.packets} segments were sent, "
        f"{transfer.there.overflowed} of them when the link's queue was full"
    )
    lab.expect(
        rate >= SHARE * limit, f"{SHARE:.0%} of what the link can carry at least", told, GOODPUT
    )
    lab.note(told)


def _transfer(
    lab: Lab, functions: Functions, setup: Setup, conditions: Conditions, window: int, size: int,
    patience: float, losing: frozenset[int] = frozenset(),
) -> Transfer:  # fmt: skip
    """Carry some bytes from the student's sender to the student's receiver."""
    there = Link(conditions, lab.random, losing)
    back = Link(conditions, lab.random)
    transfer = Transfer(
        setup, StudentEnds(functions, setup, window), there, back, conditions.delay,
        lab.random.randbytes(size), patience, FLOOD * size,
    )  # fmt: skip
    transfer.run()
    return transfer


def _expect_delivered(lab: Lab, transfer: Transfer, why: str) -> None:
    """Expect that all bytes have arrived, once and in order."""
    lab.compared()
    if transfer.in_order and transfer.delivered == transfer.data:
        return
    came = f"{len(transfer.delivered)} bytes"
    rows = transfer.rows[-30:]
    if not transfer.in_order:
        observed = f"the user has read {came}, and the last that it read are wrong"
    elif transfer.there.bytes >= transfer.most_bytes:
        observed = f"{came} had arrived when {transfer.there.packets} segments had been sent"
    else:
        observed = (
            f"{came} had arrived after {transfer.now:.0f} s by the virtual clock, the last of them "
            f"after {transfer.progressed:.1f} s; {transfer.gap()}"
        )
        rows = [row for row in transfer.rows if row.time > transfer.progressed - 0.05][:30]
    for line in draw(rows, "your sender", "your receiver"):
        lab.note(line)
    raise PromiseBrokenError(
        f"all {len(transfer.data)} bytes arrive, once and in order", observed, why
    )


def show_transfer(lab: Lab, functions: Functions) -> None:
    """Your sender sends 4000 bytes to your receiver, and the third segment gets lost."""
    setup = Setup(lab.random.getrandbits(32), lab.random.getrandbits(32), 40001, 7, 500)
    conditions = Conditions(50_000, 0.1, 50_000)
    transfer = _transfer(lab, functions, setup, conditions, 2000, 4000, 60, frozenset([2]))
    for line in draw(transfer.rows, "your sender", "your receiver"):
        lab.note(line)
    lab.note("")
    whole = transfer.in_order and transfer.finished is not None
    lab.note(
        f"{len(transfer.delivered)} of 4000 bytes arrived"
        + (f" within {transfer.finished:.2f} s, in order" if whole else ", or not in order")
    )
