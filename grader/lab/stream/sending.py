"""A conversation with a student's sender: the grader is its user and the receiver at the other end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.lab.conversation.conversation import Conversation
from grader.lab.conversation.diagram import Row
from grader.lab.conversation.segment import ACK, Pattern, Segment
from grader.lab.functions.functions import Functions
from grader.lab.functions.objects import Object
from grader.lab.lab import Lab
from grader.lab.stream.numbers import Setup

#: How long it may take on the virtual clock to get all bytes across, in seconds. A sender whose
#: timeout was doubled for each of a dozen losses is done by then.
PATIENCE = 500.0


@dataclass(frozen=True)
class Sent:
    """A segment with data, as a stretch of the stream.

    Args:
        time: when it was sent, in seconds on the virtual clock.
        first: the offset of its first byte in the stream.
        end: the offset after its last byte.
        row: its line in the diagram.
        again: whether any of its bytes had been sent before.
        segment: the segment itself.
    """

    time: float
    first: int
    end: int
    row: Row
    again: bool
    segment: Segment


class Sending(Conversation):
    """Plays the user and the receiver of a student's `Sender`.

    Offsets count the bytes of the stream from 0. Segments without data are looked at no further.

    Args:
        lab: the check.
        functions: the student's file.
        title: what this conversation is about, in a few words.
        setup: the connection.
        window: what the receiver offers at first.
        why: the hint of whatever has none of its own.
    """

    def __init__(
        self, lab: Lab, functions: Functions, title: str, setup: Setup, window: int, why: str = ""
    ) -> None:
        arguments = (
            setup.data_port, setup.ack_port, setup.first, setup.other, window, setup.mss
        )  # fmt: skip
        sender = Object(functions, "Sender", *arguments)
        super().__init__(
            lab, sender, title, setup.data_port, setup.ack_port, peer="receiver", state="", why=why
        )
        self.setup = setup
        self.remark(
            f"Sender(seq={setup.first}, ack={setup.other}, window={window}, mss={setup.mss})"
        )
        #: All bytes that the user has given so far.
        self.stream = b""
        #: What the receiver has acknowledged, and the window that it offered with that.
        self.una = 0
        self.window = window
        #: The offset after the last byte that was ever sent.
        self.top = 0
        self._ends: list[int] = []

    @property
    def in_flight(self) -> int:
        """How many bytes were sent and not acknowledged."""
        return self.top - self.una

    def end_of(self, count: int) -> int:
        """Give the offset after so many segments in flight, or after all, if they are fewer."""
        ends = [end for end in self._ends if end > self.una]
        return ends[count - 1] if count <= len(ends) else self.top

    def give(self, size: int) -> list[Sent]:
        """Let the user hand over more bytes; give what is sent now."""
        data = self.lab.random.randbytes(size)
        self.stream += data
        row = self.remark(f"send({size} bytes) is called")
        self._do(["send"], [(data,)], [self.now], row)
        return self._taken()

    def acknowledge(self, upto: int, window: int | None = None) -> list[Sent]:
        """Let an acknowledgement of all bytes before an offset arrive; give what is sent now.

        One that is old, or of what was never sent, counts for nothing here.
        """
        offered = self.window if window is None else window
        if self.una <= upto <= self.top:
            self.una, self.window = upto, offered
        self.peer(ACK, self.setup.other, self.setup.number(upto), window=offered)
        return self._taken()

    def exchange(self, size: int) -> None:
        """Let the user give bytes that are acknowledged soon.

        A sender that measures round trips, and so keeps its timeout until it has measured one of a
        segment that was sent once (RFC 6298, 3 and 5.7), goes back to a timeout of one second then.
        """
        self.give(size)
        self.pass_time(0.1)
        self.acknowledge(self.top)

    def pass_time(self, seconds: float, step: float = 0.1) -> list[Sent]:
        """Let the clock run, a tick for each step; give what is sent meanwhile."""
        self.run(self.now + seconds, step)
        return self._taken()

    def full(self) -> bool:
        """Tell whether the window has room for less than a whole segment, or all bytes were sent."""
        return self.top == len(self.stream) or self.in_flight > max(0, self.window - self.setup.mss)

    def finish(self, sent: Sequence[Sent] = (), seconds: float = PATIENCE) -> bool:
        """Play a receiver to which all arrives that is sent from now on, until it has all bytes.

        Args:
            sent: what arrives now.
            seconds: how long it may take on the virtual clock.

        Returns:
            Whether it has them all.
        """
        arrived = [*sent]
        window = max(self.window, 4 * self.setup.mss)
        end = self.now + seconds
        while self.una < len(self.stream) and self.now < end:
            while (upto := _contiguous(self.una, arrived)) > self.una:
                arrived = [each for each in arrived if each.end > upto]
                arrived += self.acknowledge(upto, window)
            arrived += self.pass_time(1.0)
        return self.una == len(self.stream)

    def demand(
        self, holds: bool, wanted: str, observed: str, why: str = "", row: Row | None = None
    ) -> None:
        """Hold something against what is expected; a row of the diagram is marked as wrong.

        Args:
            holds: whether it is as expected.
            wanted: what is expected.
            observed: what was seen instead.
            why: the hint.
            row: the line at which that shows; the end of the diagram if it is None.
        """
        self.lab.compared()
        if not holds:
            self._break(row or self.remark("..."), wanted, observed, why)

    def form_differences(self, pattern: Pattern, segment: Segment) -> list[str]:
        """Say in what a segment and its ports differ from what they should be."""
        return pattern.differences(segment) + self._port_differences(segment)

    def said(self, sent: Sequence[Sent]) -> str:
        """Name what was sent."""
        spans = [self.setup.span(each.first, each.end) for each in sent[:3]]
        more = [f"and {len(sent) - 3} segments more"] if len(sent) > 3 else []
        return ", ".join(spans + more) or "nothing was sent"

    def _taken(self) -> list[Sent]:
        """Give the segments with data that wait, each held against the stream."""
        found = []
        for segment, row in self._unseen:
            if segment.payload:
                first = self.setup.offset(segment.seq, self.una)
                end = first + len(segment.payload)
                known = first >= 0 and segment.seq == self.setup.number(first)
                self.demand(
                    known and segment.payload == self.stream[first:end],
                    "a segment carries the bytes of the stream that its number says",
                    f"{segment} carries others"
                    if known and first < len(self.stream)
                    else f"{segment} has a number that no byte of the user's has",
                    "The byte at offset n of the user's data has the sequence number seq + n modulo "
                    "2^32, in a segment that is sent again, too.",
                    row,
                )
                found.append(Sent(row.time, first, end, row, first < self.top, segment))
                if end > self.top:
                    self._ends.append(end)
                self.top = max(self.top, end)
        self._unseen.clear()
        return found


def _contiguous(offset: int, arrived: Sequence[Sent]) -> int:
    """Give the first offset from one on whose byte has not arrived."""
    for each in sorted(arrived, key=lambda each: each.first):
        if each.first <= offset:
            offset = max(offset, each.end)
    return offset
