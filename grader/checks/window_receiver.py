"""What a receiver with a bounded buffer promises; 14_sliding_window takes these checks over."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from grader.lab.functions.functions import Functions
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.stream.numbers import Setup, setups
from grader.lab.stream.receiving import Receiving

#: Bytes of a stream that a receiver gets, at most.
LENGTH = 1 << 16
SEGMENTS = 8

REORDERS = (
    "Segments can overtake each other. Bytes within the window that come early are kept, and the "
    "acknowledgement goes on naming the first byte that is missing. Once that is there, it names "
    "the next one that is missing, after all that was kept."
)
DUPLICATES = (
    "A segment comes again when its acknowledgement was lost, or when it was sent again too early. "
    "Its bytes are there, or were even read already, so they are dropped; but it is acknowledged, or "
    "the sender would go on forever."
)
OVERLAPS = (
    "A sender may cut the stream anew when it sends again, so a segment may hold bytes that are "
    "there beside others that aren't. Look at its bytes by their numbers: those that are missing "
    "are kept, the others dropped."
)
OVERFLOWS = (
    "Bytes that the user has not read yet take up room in the buffer, and the window is what is left "
    "of it. Bytes kept early lie within the window that was offered, and don't make it smaller. What "
    "has been offered stays offered: ack + window never goes down."
)
#: Pieces that overlap, in some unit, in the order in which they come.
OVERLAPPING = (
    ((0, 3), (2, 5), (4, 8)),
    ((0, 4), (0, 8)),
    ((0, 4), (1, 3), (3, 8)),
    ((2, 4), (6, 8), (3, 7), (0, 2)),
    ((3, 5), (2, 6), (0, 2), (6, 8)),
    ((2, 6), (3, 5), (0, 8)),
    ((5, 6), (0, 8)),
    ((2, 8), (2, 4), (0, 3)),
    ((4, 8), (2, 5), (0, 3)),
    ((0, 2), (4, 6), (1, 5), (5, 8)),
    ((1, 2), (1, 5), (1, 3), (0, 1), (4, 8)),
)


def play(
    lab: Lab, functions: Functions, title: str, setup: Setup,
    pieces: Sequence[tuple[int, int]], why: str, reading: Sequence[int] = (),
) -> None:  # fmt: skip
    """Let pieces of a stream arrive; expect each to be acknowledged, and all bytes to be read.

    Args:
        lab: the check.
        functions: the student's.
        title: what this is about, in a few words.
        setup: the connection.
        pieces: their offsets, in the order in which they arrive.
        why: the hint.
        reading: after which pieces the user reads; it always does in the end.
    """
    length = max(end for _first, end in pieces)
    stream = lab.random.randbytes(length)
    talk = Receiving(lab, functions, title, setup, min(65535, 2 * length), stream, why)
    steps: list[tuple[int, int] | None] = []
    for number, piece in enumerate(pieces):
        steps += [piece, None] if number in reading else [piece]
    talk.plan([*steps, None])
    there: set[int] = set()
    upto = 0
    for number, (first, end) in enumerate(pieces):
        talk.arrive(first, end)
        there.update(range(first, end))
        while upto in there:
            upto += 1
        talk.expect_acknowledged(upto)
        if number in reading:
            expect_read(talk, upto)
    expect_read(talk, upto)
    talk.end()


def expect_read(talk: Receiving, upto: int) -> None:
    """Let the user read all that is there, and expect it to reach to an offset."""
    data = talk.read()
    talk.demand(
        talk.consumed == upto, f"the user gets all bytes before byte {upto} of the stream",
        f"it got {len(data)} bytes, up to byte {talk.consumed}, and no more",
    )  # fmt: skip


def cut(random: Random, setup: Setup) -> list[tuple[int, int]]:
    """Cut a stream into segments, the last of which is not a full one."""
    ends = [setup.mss * number for number in range(1, SEGMENTS)]
    ends.append(ends[-1] + random.randint(1, setup.mss))
    return list(zip([0, *ends], ends, strict=False))


@promise(points=2, after="cumulative_ack")
def test_reorders(lab: Lab, functions: Functions) -> None:
    """Keeps what comes early, and acknowledges it once all before it is there."""
    random = lab.random
    for setup in setups(random, LENGTH):
        pieces = cut(random, setup)
        shuffled = random.sample(pieces, SEGMENTS)
        orders = {
            "the first segment comes last": [*pieces[1:], pieces[0]],
            "the segments come backwards": pieces[::-1],
            "every other segment comes early": [*pieces[1::2], *pieces[::2]],
            "the segments come in any order": shuffled,
        }
        for title, order in orders.items():
            play(lab, functions, title, setup, order, REORDERS)
        reading = random.sample(range(SEGMENTS), 4)
        title = "the user reads in between"
        play(lab, functions, title, setup, shuffled, REORDERS, reading)


@promise(after="cumulative_ack")
def test_duplicates(lab: Lab, functions: Functions) -> None:
    """Delivers what comes twice once, and acknowledges it each time."""
    random = lab.random
    for setup in setups(random, LENGTH):
        pieces = cut(random, setup)
        twice = [piece for piece in pieces for _ in range(2)]
        play(lab, functions, "each segment comes twice", setup, twice, DUPLICATES)
        title = "each segment comes twice, and is read in between"
        play(lab, functions, title, setup, twice, DUPLICATES, range(len(twice)))
        title = "all comes again after it was read"
        play(lab, functions, title, setup, pieces * 2, DUPLICATES, [SEGMENTS - 1])


@promise(points=2, after=("reorders", "duplicates"))
def test_overlaps(lab: Lab, functions: Functions) -> None:
    """Puts the stream together from segments that overlap."""
    random = lab.random
    for setup in setups(random, LENGTH):
        for units in OVERLAPPING:
            unit = random.randint(1, 200)
            scaled = [(first * unit, end * unit) for first, end in units]
            reading = random.sample(range(len(units)), 1)
            play(lab, functions, "segments that overlap", setup, scaled, OVERLAPS, reading)
        pieces = cut(random, setup)
        late = [*pieces[:2], *pieces[3:5] * 2, *pieces[:5], *pieces[3:]]
        play(lab, functions, "what came early comes again", setup, late, OVERLAPS)
        drawn = [sorted(random.sample(range(2000), 2)) for _ in range(30)]
        pieces = [(first, end) for first, end in drawn] + [(0, 700), (500, 1500), (1400, 2000)]
        play(lab, functions, "any pieces that overlap", setup, pieces, OVERLAPS, [5, 20])


@promise(points=2, after="reorders")
def test_never_overflows(lab: Lab, functions: Functions) -> None:
    """Takes no more than its buffer holds, offers what is free, and takes nothing back."""
    for setup in setups(lab.random, LENGTH):
        buffer = lab.random.randrange(5, 9) * setup.mss + lab.random.randrange(setup.mss)
        _fill(lab, functions, setup, buffer)
        _send_beyond(lab, functions, setup, buffer)
        _wander(lab, functions, setup, buffer)


def _fill(lab: Lab, functions: Functions, setup: Setup, buffer: int) -> None:
    """Send far more than the buffer holds, of which the user reads nothing."""
    mss = setup.mss
    stream = lab.random.randbytes(2 * buffer)
    title = "more than the buffer holds, unread"
    talk = Receiving(lab, functions, title, setup, buffer, stream, OVERFLOWS)
    pieces = [(first, first + mss) for first in range(0, buffer + 2 * mss, mss)]
    talk.plan(pieces)
    for piece in pieces:
        talk.arrive(*piece)
        fits = min(piece[1], buffer - buffer % mss)
        talk.demand(
            fits <= talk.acknowledged,
            f"ack={setup.number(fits)}, as the buffer of {buffer} bytes has room for that",
            str(talk.answer),
        )
        _expect_bounds(talk)
    kept = talk.acknowledged
    data = talk.read()
    talk.demand(
        len(data) == kept, f"the user gets the {kept} bytes that were acknowledged",
        f"it got {len(data)} bytes",
    )  # fmt: skip
    talk.arrive(kept, kept + mss)
    talk.read()
    talk.arrive(talk.acknowledged, talk.acknowledged + 1)
    talk.demand(
        talk.edge - talk.acknowledged >= buffer // 2,
        f"a window of {buffer // 2} bytes at least, as the user has read nearly all",
        str(talk.answer),
    )
    talk.end()


def _send_beyond(lab: Lab, functions: Functions, setup: Setup, buffer: int) -> None:
    """Send early bytes that lie beyond the window, and see that they aren't there later."""
    mss = setup.mss
    stream = lab.random.randbytes(3 * buffer)
    title = "bytes beyond the window"
    talk = Receiving(lab, functions, title, setup, buffer, stream, OVERFLOWS)
    beyond = (buffer + mss, buffer + 2 * mss)
    between = [(first, min(first + mss, beyond[0])) for first in range(mss, beyond[0], mss)]
    talk.plan([(0, mss), beyond, None, *(step for piece in between for step in (piece, None))])
    talk.arrive(0, mss)
    talk.arrive(*beyond)
    _expect_bounds(talk)
    talk.read()
    for piece in between:
        talk.arrive(*piece)
        talk.read()
    talk.demand(
        talk.acknowledged <= beyond[0],
        f"ack={setup.number(beyond[0])}: {setup.span(*beyond)} came when there was no room for them, "
        f"and have to come again",
        str(talk.answer),
    )
    talk.end()


def _wander(lab: Lab, functions: Functions, setup: Setup, buffer: int) -> None:
    """Send within the window in any order, while the user reads now and then."""
    random = lab.random
    stream = random.randbytes(6 * buffer)
    title = "any order, read now and then"
    talk = Receiving(lab, functions, title, setup, buffer, stream, OVERFLOWS)
    size = setup.mss // 2
    waiting = list(range(0, len(stream), size))
    for _ in range(40):
        fitting = [first for first in waiting if first + size <= talk.edge]
        if not fitting or random.random() < 0.3:
            talk.read(random.randrange(1, buffer))
        else:
            first = random.choice((fitting[0], random.choice(fitting)))
            waiting.remove(first)
            talk.arrive(first, first + size)
        _expect_bounds(talk)
    talk.end()


def _expect_bounds(talk: Receiving) -> None:
    """Expect that what is acknowledged and offered fits the buffer, and that nothing is taken back."""
    limit = talk.consumed + talk.buffer
    talk.demand(
        talk.acknowledged >= talk.consumed,
        f"ack={talk.setup.number(talk.consumed)} or more, as the user has read all before that",
        str(talk.answer),
    )
    talk.demand(
        talk.acknowledged <= limit,
        f"nothing after byte {limit - 1} of the stream is acknowledged: the user has read "
        f"{talk.consumed} bytes, and the buffer holds {talk.buffer}",
        str(talk.answer),
    )
    talk.demand(
        talk.edge <= limit,
        f"a window of {limit - talk.acknowledged} bytes at most: {talk.acknowledged - talk.consumed} "
        f"of the {talk.buffer} bytes in the buffer are taken",
        str(talk.answer),
    )
    talk.demand(
        talk.edge >= talk.promised,
        f"a window of {talk.promised - talk.acknowledged} bytes at least: what was offered before "
        f"reaches up to byte {talk.promised - 1} of the stream",
        str(talk.answer),
    )
