"""Connections to try endpoints with: sequence numbers, ports and sizes drawn from the seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random

from grader.lab.conversation.segment import MODULUS, plus

_HALF = MODULUS // 2


@dataclass(frozen=True)
class Setup:
    """An established connection in which bytes flow one way.

    Args:
        first: the sequence number of the first byte.
        other: the sequence number of the side that sends no bytes.
        data_port: the port of the side that sends bytes.
        ack_port: the port of the other side.
        mss: the most bytes in a segment.
    """

    first: int
    other: int
    data_port: int
    ack_port: int
    mss: int

    def number(self, offset: int) -> int:
        """Give the sequence number of the byte at an offset of the stream."""
        return plus(self.first, offset)

    def offset(self, number: int, near: int) -> int:
        """Give the offset with a sequence number that is nearest to another offset."""
        return near + (number - self.number(near) + _HALF) % MODULUS - _HALF

    def span(self, first: int, end: int) -> str:
        """Name bytes of the stream, from an offset up to but not including another."""
        if end - first == 1:
            return f"byte {first} of the stream (seq={self.number(first)})"
        return f"bytes {first} to {end - 1} of the stream (seq={self.number(first)})"


def setups(random: Random, length: int, count: int = 3) -> Iterator[Setup]:
    """Draw connections whose numbers don't wrap within `length` bytes: both corners, and others."""
    last = MODULUS - 1 - length
    corners = [0, last]
    firsts = [*corners, *(random.randrange(1, last) for _ in range(count - len(corners)))]
    for first, other in zip(firsts, cycle((MODULUS - 1, random.getrandbits(32), 0)), strict=False):
        yield _setup(random, first, other)


def wrapping(random: Random, mss: int) -> Iterator[Setup]:
    """Draw connections whose numbers pass 2^32 (or 2^31, for signed ones) within a few segments."""
    inside = random.randrange(1, mss)
    for before in (1, mss, 2 * mss, 2 * mss + inside, random.randrange(1, 4 * mss)):
        yield _setup(random, MODULUS - before, random.getrandbits(32), mss)
    yield _setup(random, _HALF - inside, 0, mss)


def _setup(random: Random, first: int, other: int, mss: int = 0) -> Setup:
    data_port, ack_port = random.sample(range(1024, 1 << 16), 2)
    drawn = random.choice((100, 536, 1460, random.randrange(50, 1461)))
    return Setup(first, other, data_port, ack_port, mss or drawn)
