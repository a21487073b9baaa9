"""A conversation with a student's endpoint, step by step; every step describes itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from grader.lab.conversation.diagram import Kind, Row, draw
from grader.lab.conversation.segment import ACK, ALL_FLAGS, Pattern, Segment, plus, segments
from grader.lab.functions.objects import Object, method, read
from grader.lab.functions.show import text
from grader.lab.functions.wire import Outcome, Returned, same
from grader.lab.lab import Lab
from grader.lab.transcript import PromiseBrokenError

_YOURS, _NOTHING = "your endpoint", "(nothing)"
_MOST_BYTES_SHOWN = 8
_ROWS_AFTER_THE_WRONG_ONE = 2
_LONGEST_STATE = len("SYN-RECEIVED")


class Conversation:
    """Plays the peer and the user of an endpoint, and holds what it sends against what is expected.

    What the endpoint sends waits until an `expect` takes it; whatever nobody expected breaks the
    promise at the next step. A broken promise puts the whole diagram into the transcript.

    Args:
        lab: the check.
        endpoint: the student's object.
        title: what this conversation is about, in a few words.
        local_port: the endpoint's port.
        remote_port: the peer's port.
        peer: what the peer is called.
        state: the attribute that holds the endpoint's state; empty if it has none.
        why: the hint of whatever has none of its own.
    """

    def __init__(
        self,
        lab: Lab,
        endpoint: Object,
        title: str,
        local_port: int,
        remote_port: int,
        *,
        peer: str = "peer",
        state: str = "state",
        why: str = "",
    ) -> None:
        self.lab = lab
        self.endpoint = endpoint
        self.title = title
        self.local_port, self.remote_port = local_port, remote_port
        self.peer_name = peer
        self.why = why
        #: Seconds on the virtual clock.
        self.now = 0.0
        self.rows: list[Row] = []
        self._state_name = state
        #: What reading the state gave the last time.
        self._state_outcome: Outcome | None = None
        self._unseen: list[tuple[Segment, Row]] = []
        if not isinstance(endpoint.made, Returned):
            self.fail(
                f"{endpoint.kind}(...) makes an object", f"it {text(endpoint.made)}",
                "The README says which arguments it is made with, in which order.",
            )  # fmt: skip

    # What happens to the endpoint.

    def user(self, name: str, *arguments: object) -> None:
        """Let the user call a method that gives segments, such as `connect`."""
        self.expect_nothing()
        row = self.remark(f"{name}({', '.join(map(_short, arguments))}) is called")
        self._do([name], [arguments], [self.now], row)

    def peer(
        self, flags: int, seq: int, ack: int = 0, payload: bytes = b"", window: int = 65535
    ) -> Segment:
        """Let the peer send a segment, which arrives; give it."""
        segment = Segment(
            self.remote_port,
            self.local_port,
            seq,
            ack if flags & ACK else 0,
            flags,
            window,
            payload,
        )
        self.deliver(segment)
        return segment

    def deliver(self, segment: Segment) -> None:
        """Let a segment arrive."""
        self.expect_nothing()
        row = self._add(Kind.RECEIVED, str(segment))
        self._do(["receive"], [(segment.made(),)], [self.now], row)

    def tick(self, now: float) -> None:
        """Let the clock show a time; it shows in the diagram only if something is sent."""
        self.run(now, max(now - self.now, 1e-6))

    def run(self, until: float, step: float = 0.1) -> None:
        """Let the clock run: one `tick` for each step. All that is sent meanwhile waits for `take`."""
        self.expect_nothing()
        count = max(1, round((until - self.now) / step))
        first = self.now
        times = [first + (until - first) * (index + 1) / count for index in range(count)]
        self._do(["tick"] * count, [(time,) for time in times], times)

    # What is expected of it.

    def expect(self, *patterns: Pattern, why: str = "") -> Segment:
        """Expect the next segment to be one of some; give it."""
        self.lab.compared()
        wanted = " or ".join(map(str, patterns))
        if not self._unseen:
            row = self.remark(_NOTHING)
            self._break(row, wanted, "nothing was sent", why)
        segment, row = self._unseen.pop(0)
        differences = [p.differences(segment) + self._port_differences(segment) for p in patterns]
        if all(differences):
            nearest = min(differences, key=len)
            self._break(row, wanted, f"{segment}: {'; '.join(nearest)}", why)
        return segment

    def expect_data(self, seq: int, ack: int, data: bytes, why: str = "") -> None:
        """Expect data to be sent, in one segment or cut into several, in order."""
        while data:
            size = self.next_size() if self._unseen else len(data)
            piece = data[: max(1, size)]
            self.expect(Pattern(ACK, seq, ack, piece), why=why)
            seq, data = plus(seq, len(piece)), data[len(piece) :]

    def allow(self, *patterns: Pattern) -> Segment | None:
        """Take the next segment if it is one of some; it may as well not have been sent."""
        if self._unseen:
            segment = self._unseen[0][0]
            if not all(p.differences(segment) + self._port_differences(segment) for p in patterns):
                return self._unseen.pop(0)[0]
        return None

    def expect_nothing(self, why: str = "") -> None:
        """Expect that nothing was sent beyond what was expected."""
        self.lab.compared()
        if self._unseen:
            segment, row = self._unseen[0]
            self._break(row, "nothing more is sent", str(segment), why)

    def next_time(self) -> float | None:
        """Give the time at which the next segment that waits was sent; None if none waits."""
        return self._unseen[0][1].time if self._unseen else None

    def next_size(self) -> int:
        """Give how many bytes of data the next segment that waits carries; 0 if none waits."""
        return len(self._unseen[0][0].payload) if self._unseen else 0

    def refuse(self, wanted: str, observed: str, why: str = "") -> NoReturn:
        """Say that the next segment that waits, or silence if none does, is wrong.

        Args:
            wanted: what was expected there.
            observed: what was seen there.
            why: the hint.

        Raises:
            PromiseBrokenError: always.
        """
        row = self._unseen[0][1] if self._unseen else self.remark(_NOTHING)
        self._break(row, wanted, observed, why)

    def take(self) -> list[tuple[float, Segment]]:
        """Take all segments that wait, each with the time at which it was sent."""
        taken = [(row.time, segment) for segment, row in self._unseen]
        self._unseen.clear()
        return taken

    def drain(self) -> list[Segment]:
        """Take all segments that wait, and expect each to be one that can be on a wire."""
        return [
            self.expect(Pattern(segment.flags & ALL_FLAGS, payload=None))
            for segment, _row in list(self._unseen)
        ]

    def lose(self) -> list[Segment]:
        """Let the segments that wait get lost on the way to the peer, and give them."""
        for _segment, row in self._unseen:
            row.kind = Kind.LOST
        return [segment for _time, segment in self.take()]

    def expect_state(self, *states: str, why: str = "") -> None:
        """Expect the endpoint to be in one of some states since the last thing that happened to it."""
        self.lab.compared()
        if self._state_outcome is None:
            (self._state_outcome,) = self.endpoint.do(read(self._state_name))
        self._expect_outcome(self._state_name, self._state_outcome, states, why)

    def expect_value(self, name: str, *values: object, why: str = "") -> None:
        """Expect an attribute to have one of some values, of exactly that type."""
        self.lab.compared()
        (outcome,) = self.endpoint.do(read(name))
        self._expect_outcome(name, outcome, values, why)

    def expect_result(
        self, name: str, arguments: Sequence[object], *values: object, why: str = ""
    ) -> None:
        """Let the user call a method that gives a value, and expect one of some."""
        self.expect_nothing()
        self.lab.compared()
        call = method(name, *arguments)
        (outcome,) = self.endpoint.do(call)
        self._expect_outcome(call.text(decimal=True), outcome, values, why)

    def value(self, name: str) -> object:
        """Read an attribute; what comes back is not to be believed."""
        (outcome,) = self.endpoint.do(read(name))
        if not isinstance(outcome, Returned):
            self.fail(f"an attribute {name}", f"it {text(outcome)}")
        return outcome.value

    def end(self) -> None:
        """Expect that nothing more was sent, and say in the transcript that all was as expected."""
        self.expect_nothing()
        sent = sum(row.kind is not Kind.REMARK for row in self.rows)
        what = "segment" if sent == 1 else "segments"
        self.lab.note(f"{self.title}: {sent} {what}, as expected")

    # How it is told.

    @property
    def state(self) -> str:
        """The endpoint's state after the last line."""
        return self.rows[-1].state if self.rows else ""

    def remark(self, line: str) -> Row:
        """Add a line to the diagram that is no segment."""
        return self._add(Kind.REMARK, line)

    def diagram(self) -> list[str]:
        """Write what has happened so far."""
        return draw(self.rows, _YOURS, self.peer_name)

    def tell(self) -> None:
        """Put what has happened so far into the transcript."""
        self.lab.note(f"{self.title}:")
        for line in self.diagram():
            self.lab.note(line)

    def fail(self, expected: str, observed: str, why: str = "") -> NoReturn:
        """Say that the promise is broken, with the diagram up to here.

        Raises:
            PromiseBrokenError: always.
        """
        self.lab.compared()
        self.tell()
        raise PromiseBrokenError(expected, observed, why or self.why)

    def _expect_outcome(
        self, name: str, outcome: Outcome, values: Sequence[object], why: str
    ) -> None:
        if isinstance(outcome, Returned) and any(same(outcome.value, v) for v in values):
            return
        wanted = " or ".join(map(_short, values))
        got = f"is {_short(outcome.value)}" if isinstance(outcome, Returned) else text(outcome)
        if got == f"is {wanted}":
            got += ", but not the right ones"
        row = self.remark(f"{name} {got}")
        self._break(row, f"{name} is {wanted}", row.text, why)

    def _break(self, row: Row, wanted: str, observed: str, why: str) -> NoReturn:
        row.wanted = wanted
        del self.rows[self.rows.index(row) + _ROWS_AFTER_THE_WRONG_ONE + 1 :]
        self.fail(f"{wanted} (at the line with a ✗)", observed, why)

    def _add(self, kind: Kind, content: str, time: float | None = None) -> Row:
        state = self.rows[-1].state if self.rows else ""
        row = Row(self.now if time is None else time, state, kind, content)
        self.rows.append(row)
        return row

    def _do(
        self,
        names: Sequence[str],
        arguments: Sequence[tuple[object, ...]],
        times: Sequence[float],
        row: Row | None = None,
    ) -> None:
        """Call methods that give segments, one after the other at their times, and take those in."""
        calls = [method(name, *each) for name, each in zip(names, arguments, strict=True)]
        last = [read(self._state_name)] if self._state_name else []
        outcomes = self.endpoint.do(*calls, *last)
        begun = len(self.rows)
        for call, time, outcome in zip(calls, times, outcomes, strict=False):
            self.now = time
            found = segments(outcome)
            if isinstance(found, str):
                where = row or self.remark(f"{call.text(decimal=True)} is called")
                self._break(
                    where, f"{call.function} gives a list of segments", found,
                    "Every method that may send gives a list of the segments to be sent, an empty "
                    "one if there is none, with numbers that fit their fields, and raises nothing.",
                )  # fmt: skip
            self._unseen += [(each, self._add(Kind.SENT, str(each))) for each in found]
        state = ""
        if last:
            self._state_outcome = outcomes[-1]
            state = self._read_state(outcomes[-1])
        for each in [*([row] if row else []), *self.rows[begun:]]:
            each.state = state

    def _read_state(self, outcome: Outcome) -> str:
        value = outcome.value if isinstance(outcome, Returned) else None
        if not isinstance(value, str):
            name = self._state_name
            self.fail(
                f"the attribute {name} is a text", f"{name}: {text(outcome)}",
                "It is the name of a state, as the README writes it.",
            )  # fmt: skip
        return value[:_LONGEST_STATE]

    def _port_differences(self, segment: Segment) -> list[str]:
        wanted = (self.local_port, self.remote_port)
        if segment[:2] == wanted:
            return []
        return [
            f"it goes from port {segment[0]} to port {segment[1]}, not from {wanted[0]} to {wanted[1]}"
        ]


def _short(value: object) -> str:
    """Write a value; of much data only the size."""
    if isinstance(value, bytes) and len(value) > _MOST_BYTES_SHOWN:
        return f"{len(value)} bytes"
    return text(value, decimal=True)
