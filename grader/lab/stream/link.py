"""One direction of a simulated link: when what is put on it comes out at the other end, if at all."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

#: Bytes that the headers take, IPv4 and TCP without options (RFC 791, 3.1; RFC 9293, 3.1).
HEADERS = 40


@dataclass(frozen=True)
class Conditions:
    """What a link is like.

    Args:
        rate: bytes per second that it carries, headers included.
        delay: seconds from one end to the other, at least.
        queue: bytes that may wait in front of it; what comes on top is lost.
        loss: the share of packets that are lost on the way.
        duplication: the share that arrive twice.
        reordering: the share that arrive late, so that others overtake them.
        lateness: how much later, in seconds at most.
    """

    rate: float
    delay: float
    queue: int
    loss: float = 0.0
    duplication: float = 0.0
    reordering: float = 0.0
    lateness: float = 0.0


class Link:
    """One direction of a link.

    Args:
        conditions: what it is like.
        random: decides what becomes of each packet.
        losing: the numbers of packets (from 0, as they are put on) that are lost whatever is drawn.
    """

    def __init__(
        self, conditions: Conditions, random: Random, losing: frozenset[int] = frozenset()
    ) -> None:
        self._conditions = conditions
        self._random = random
        self._losing = losing
        self._free_at = 0.0
        #: Packets put on it, their bytes, and the packets that found the queue full or got lost.
        self.packets = 0
        self.bytes = 0
        self.overflowed = 0
        self.lost = 0

    def carry(self, now: float, payload: int) -> list[float]:
        """Put a packet on the link.

        Args:
            now: the time, in seconds; never less than in an earlier call.
            payload: the bytes in it, headers apart.

        Returns:
            When it arrives: no time if it is lost, two if it is duplicated.
        """
        number, self.packets = self.packets, self.packets + 1
        conditions = self._conditions
        size = payload + HEADERS
        self.bytes += size
        begins = max(now, self._free_at)
        if (begins - now) * conditions.rate + size > conditions.queue:
            self.overflowed += 1
            return []
        self._free_at = begins + size / conditions.rate
        if number in self._losing or self._random.random() < conditions.loss:
            self.lost += 1
            return []
        copies = 2 if self._random.random() < conditions.duplication else 1
        return [self._free_at + conditions.delay + self._late() for _ in range(copies)]

    def _late(self) -> float:
        if self._random.random() < self._conditions.reordering:
            return self._random.uniform(0, self._conditions.lateness)
        return 0.0
