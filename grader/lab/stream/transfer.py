"""A whole transfer from a sender to a receiver over a link each way, event by event.

What is sent now arrives at the other end when the link's delay is over, and not before. So whatever
happens within one such delay is done in one go: two calls into the student's process for each.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from grader.lab.conversation.diagram import Kind, Row
from grader.lab.conversation.segment import Segment
from grader.lab.stream.link import Link
from grader.lab.stream.numbers import Setup

#: Seconds from one tick to the next.
TICK = 0.1
_QUIET_SECONDS = 3.0
#: A sender's timeout may be a minute, and what it sends then be lost several times.
_STUCK_SECONDS = 600.0


@dataclass(frozen=True)
class Arrival:
    """Something that happens to an endpoint: the time, and the segment that arrives, if one does."""

    time: float
    segment: Segment | None = None


@dataclass(frozen=True)
class Answer:
    """What an endpoint does about it: segments that it sends, and bytes that its user reads."""

    segments: Sequence[Segment]
    data: bytes = b""


class Ends(Protocol):
    """The two endpoints. Each list of arrivals is in order of time, and brings as many answers."""

    def begin(self, data: bytes) -> Answer:
        """Let the sender's user hand over all data, at time 0."""

    def at_sender(self, arrivals: Sequence[Arrival]) -> list[Answer]:
        """Let the clock show each time, and segments arrive at the sender."""

    def at_receiver(self, arrivals: Sequence[Arrival]) -> list[Answer]:
        """Let segments arrive at the receiver, whose user reads all that there is after each."""


@dataclass
class Transfer:
    """One transfer.

    Args:
        setup: the connection.
        ends: the endpoints.
        there: the link for data.
        back: the link for acknowledgements.
        delay: seconds from one end to the other, at least, either way.
        data: what is to be transferred.
        patience: seconds on the virtual clock after which it is given up, as it is after
            `_STUCK_SECONDS` in which no byte was delivered.
        most_bytes: bytes from the sender, headers included, after which it is given up.
    """

    setup: Setup
    ends: Ends
    there: Link
    back: Link
    delay: float
    data: bytes
    patience: float
    most_bytes: int
    #: What the receiver's user has read.
    delivered: bytearray = field(default_factory=bytearray)
    #: When the last byte was delivered; None if it wasn't.
    finished: float | None = None
    #: When the last byte so far was delivered.
    progressed: float = 0.0
    #: Whether what was delivered so far is how the data begins, and had come over the link.
    in_order: bool = True
    now: float = 0.0
    #: What the sender saw, for a diagram: segments that it sent, acknowledgements that arrived.
    rows: list[Row] = field(default_factory=list)
    _arriving: list[tuple[float, int, bool, Segment]] = field(default_factory=list)
    _next_tick: float = TICK
    _count: int = 0
    #: Which bytes have come over the link, and how many there are before the first that has not.
    _came: bytearray = field(default_factory=bytearray)
    _whole: int = 0

    def run(self) -> None:
        """Go on until all is delivered and the links are empty, or until it is hopeless."""
        self._came = bytearray(len(self.data))
        self._send(0.0, self.ends.begin(self.data))
        while self.now < self._end() and self.in_order and self.there.bytes < self.most_bytes:
            self._step()
        self.rows.sort(key=lambda row: row.time)

    def gap(self) -> str:
        """Say which byte is the first that has not come over the link."""
        if self._whole == len(self.data):
            return "all bytes have come over the link"
        return f"{self.setup.span(self._whole, self._whole + 1)} has not come over the link"

    def _end(self) -> float:
        if self.finished is None:
            return min(self.patience, self.progressed + _STUCK_SECONDS)
        return self.finished + _QUIET_SECONDS if self._arriving else self.now

    def _step(self) -> None:
        """Do all that happens within one delay from the next event on."""
        begin = min([self._next_tick, *(arrival[0] for arrival in self._arriving[:1])])
        at_sender: list[Arrival] = []
        at_receiver: list[Arrival] = []
        while self._next_tick < begin + self.delay:
            at_sender.append(Arrival(self._next_tick))
            self._next_tick += TICK
        while self._arriving and self._arriving[0][0] < begin + self.delay:
            time, _number, is_data, segment = heapq.heappop(self._arriving)
            (at_receiver if is_data else at_sender).append(Arrival(time, segment))
            if not is_data:
                self.rows.append(Row(time, "", Kind.RECEIVED, str(segment)))
        at_sender.sort(key=lambda arrival: arrival.time)
        self.now = begin
        for arrival, answer in zip(at_sender, self.ends.at_sender(at_sender), strict=True):
            self._send(arrival.time, answer)
        for arrival, answer in zip(at_receiver, self.ends.at_receiver(at_receiver), strict=True):
            self._note_arrival(arrival)
            self._acknowledge(arrival.time, answer)

    def _send(self, now: float, answer: Answer) -> None:
        for segment in answer.segments:
            times = self.there.carry(now, len(segment.payload))
            self.rows.append(Row(now, "", Kind.SENT if times else Kind.LOST, str(segment)))
            self._put(times, True, segment)

    def _acknowledge(self, now: float, answer: Answer) -> None:
        right = self.data.startswith(answer.data, len(self.delivered))
        self.delivered += answer.data
        if answer.data:
            self.progressed = now
        if not right or len(self.delivered) > self._whole:
            self.in_order = False
        if self.finished is None and len(self.delivered) >= len(self.data):
            self.finished = now
        for segment in answer.segments:
            times = self.back.carry(now, len(segment.payload))
            if not times:
                self.rows.append(
                    Row(now, "", Kind.REMARK, f"({segment} gets lost on its way back)")
                )
            self._put(times, False, segment)

    def _note_arrival(self, arrival: Arrival) -> None:
        """Note which bytes come over the link: no others can be delivered."""
        if arrival.segment:
            payload = arrival.segment.payload
            first = self.setup.offset(arrival.segment.seq, self._whole)
            if first >= 0 and payload == self.data[first : first + len(payload)]:
                self._came[first : first + len(payload)] = b"x" * len(payload)
            missing = self._came.find(0, self._whole)
            self._whole = missing if missing >= 0 else len(self.data)

    def _put(self, times: Sequence[float], is_data: bool, segment: Segment) -> None:
        for time in times:
            self._count += 1
            heapq.heappush(self._arriving, (time, self._count, is_data, segment))
