"""A conversation with a student's receiver: the grader is its user and the sender at the other end."""

from __future__ import annotations

from collections.abc import Sequence

from grader.lab.conversation.conversation import Conversation
from grader.lab.conversation.diagram import Kind, Row
from grader.lab.conversation.segment import ACK, Pattern, Segment, segments
from grader.lab.functions.functions import Functions
from grader.lab.functions.objects import Object, Step, method
from grader.lab.functions.show import apart
from grader.lab.functions.wire import Outcome
from grader.lab.lab import Lab
from grader.lab.stream.ends import read_result
from grader.lab.stream.numbers import Setup

EVERYTHING = 1 << 20


class Receiving(Conversation):
    """Plays the user and the sender of a student's `Receiver`.

    Offsets count the bytes of the stream from 0.

    Args:
        lab: the check.
        functions: the student's file.
        title: what this conversation is about, in a few words.
        setup: the connection.
        buffer: how many bytes the receiver can keep.
        stream: all bytes that the sender may send.
        why: the hint of whatever has none of its own.
    """

    def __init__(
        self, lab: Lab, functions: Functions, title: str, setup: Setup, buffer: int,
        stream: bytes, why: str = "",
    ) -> None:  # fmt: skip
        arguments = (setup.ack_port, setup.data_port, setup.other, setup.first, buffer)
        receiver = Object(functions, "Receiver", *arguments)
        super().__init__(
            lab, receiver, title, setup.ack_port, setup.data_port,
            peer="sender", state="", why=why,
        )  # fmt: skip
        self.setup = setup
        self.buffer = buffer
        self.stream = stream
        self.remark(f"Receiver(seq={setup.other}, ack={setup.first}, buffer={buffer})")
        #: Which bytes the user has read.
        self.consumed = 0
        #: What the receiver has acknowledged and offered last, as offsets.
        self.acknowledged = 0
        self.edge = buffer
        #: The furthest that was ever offered.
        self.promised = buffer
        self.answer: Segment | None = None
        self.row = self.rows[-1]
        self._known: list[Outcome] = []

    def plan(self, steps: Sequence[tuple[int, int] | None]) -> None:
        """Do what is known beforehand in one round trip; `arrive` and `read` then look at it.

        Args:
            steps: the offsets of segments that arrive; None where the user reads everything.
        """
        calls = [self._arrival(*step) if step else method("read", EVERYTHING) for step in steps]
        self._known = self.endpoint.do(*calls)

    def arrive(self, first: int, end: int) -> None:
        """Let a segment with some bytes of the stream arrive, and take its acknowledgement."""
        self._arrive(first, end)
        self.demand(
            self.answer is not None,
            "an acknowledgement",
            "nothing was sent",
            "A segment with data is acknowledged at once, also one that came before or that there "
            "is no room for: the sender waits for it.",
        )

    def arrive_empty(self, at: int) -> None:
        """Let a segment without data arrive, and expect no answer."""
        self._arrive(at, at)
        self.demand(
            self.answer is None,
            "nothing is sent",
            str(self.answer),
            "A segment without data is an acknowledgement itself. If those were answered, the two "
            "ends would never stop.",
        )

    def _arrive(self, first: int, end: int) -> None:
        content = self.stream[first:end]
        self.row = self._add(Kind.RECEIVED, f"seq={self.setup.number(first)} len={len(content)}")
        found = segments(self._ask(self._arrival(first, end)))
        if isinstance(found, str):
            self._break(self.row, "receive gives a list of segments", found, "")
        self._unseen += [(each, self._add(Kind.SENT, str(each))) for each in found]
        self._take_answers()

    def read(self, size: int = EVERYTHING) -> bytes:
        """Let the user read; give what it gets."""
        self.row = self.remark(f"read({size if size < EVERYTHING else 'everything'}) is called")
        data = self._data(self._ask(method("read", size)))
        self.row.text += f" and gives {len(data)} bytes"
        wanted = self.stream[self.consumed : self.consumed + len(data)]
        self.demand(
            data == wanted and len(data) <= size,
            "read gives the next bytes of the stream",
            f"it gave {len(data)} bytes, {apart(data, wanted)}" if len(data) <= size
            else f"it gave {len(data)} bytes, more than were asked for",
            "Each byte is delivered once, in the order of the sequence numbers.",
        )  # fmt: skip
        self.consumed += len(data)
        self._take_answers()
        return data

    def expect_acknowledged(self, upto: int, why: str = "") -> None:
        """Expect the last acknowledgement to be of all bytes before an offset."""
        self.demand(
            self.answer is not None and self.answer.ack == self.setup.number(upto),
            f"ack={self.setup.number(upto)}, as all bytes before byte {upto} of the stream are there"
            " and that one is not",
            str(self.answer or "nothing was sent"),
            why,
        )

    def expect_form(self, pattern: Pattern, why: str = "") -> None:
        """Expect the last acknowledgement to be like a pattern, and its ports to be right."""
        answer = self.answer
        wrong = pattern.differences(answer) + self._port_differences(answer) if answer else ["none"]
        self.demand(not wrong, str(pattern), f"{answer}: {'; '.join(wrong)}", why)

    def demand(self, holds: bool, wanted: str, observed: str, why: str = "") -> None:
        """Hold something against what is expected; the last row is marked as wrong."""
        self.lab.compared()
        if not holds:
            self._break(self.row, wanted, observed, why)

    def _arrival(self, first: int, end: int) -> Step:
        """Give the call that lets a segment with some bytes of the stream arrive."""
        segment = Segment(
            self.setup.data_port, self.setup.ack_port, self.setup.number(first),
            self.setup.other, ACK, payload=self.stream[first:end],
        )  # fmt: skip
        return method("receive", segment.made())

    def _ask(self, step: Step) -> Outcome:
        """Give the outcome of a call: one that is known already, or else a new one."""
        return self._known.pop(0) if self._known else self.endpoint.do(step)[0]

    def _data(self, outcome: Outcome) -> bytes:
        """Take what `read` gave: bytes, and segments to be sent."""
        found = read_result(outcome)
        if isinstance(found, str):
            self._break(self.row, "read gives a pair: bytes, and a list of segments", found, "")
        data, sent = found
        self._unseen += [(each, self._add(Kind.SENT, str(each))) for each in sent]
        return data

    def _take_answers(self) -> None:
        """Take in what the receiver has sent; the last of it is what the sender knows then."""
        answers: list[tuple[Segment, Row]] = [*self._unseen]
        self._unseen.clear()
        self.answer = None
        for self.answer, self.row in answers:
            self.promised = max(self.promised, self.edge)
            self.acknowledged = self.setup.offset(self.answer.ack, self.consumed)
            self.edge = self.acknowledged + self.answer.window
