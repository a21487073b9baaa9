"""A student's sender and receiver as the two ends of a transfer."""

from __future__ import annotations

from collections.abc import Sequence

from grader.lab.conversation.segment import Segment, segments
from grader.lab.functions.functions import Functions
from grader.lab.functions.objects import Object, Step, method
from grader.lab.functions.show import text
from grader.lab.functions.wire import Outcome, Returned
from grader.lab.stream.numbers import Setup
from grader.lab.stream.transfer import Answer, Arrival
from grader.lab.transcript import PromiseBrokenError

_EVERYTHING = 1 << 20


class StudentEnds:
    """Objects of a student's classes `Sender` and `Receiver`, in one process.

    Args:
        functions: the student's file.
        setup: the connection.
        window: the receiver's buffer, which the sender knows as its window at first.

    Raises:
        PromiseBrokenError: if they can't be made, or if a method gives anything but segments.
    """

    def __init__(self, functions: Functions, setup: Setup, window: int) -> None:
        self._sender = Object(
            functions, "Sender", setup.data_port, setup.ack_port, setup.first, setup.other,
            window, setup.mss,
        )  # fmt: skip
        self._receiver = Object(
            functions, "Receiver", setup.ack_port, setup.data_port, setup.other, setup.first, window
        )
        for each in (self._sender, self._receiver):
            if not isinstance(each.made, Returned):
                raise PromiseBrokenError(
                    f"{each.kind}(...) makes an object", f"it {text(each.made)}"
                )

    def begin(self, data: bytes) -> Answer:
        """Let the sender's user hand over all data."""
        (outcome,) = self._sender.do(method("send", data))
        return Answer(_segments("send", outcome))

    def at_sender(self, arrivals: Sequence[Arrival]) -> list[Answer]:
        """Let the clock show each time, and then the segment arrive, if there is one."""
        groups = [
            [method("tick", each.time)]
            + [method("receive", s.made()) for s in [each.segment] if s is not None]
            for each in arrivals
        ]
        return [
            Answer([segment for step, outcome in pairs for segment in _segments(step, outcome)])
            for pairs in _grouped(self._sender, groups)
        ]

    def at_receiver(self, arrivals: Sequence[Arrival]) -> list[Answer]:
        """Let each segment arrive, and let the user read all that is there then."""
        groups = [
            [method("receive", s.made()), method("read", _EVERYTHING)]
            for each in arrivals
            for s in [each.segment]
            if s is not None
        ]
        answers = []
        for (_receive, first), (_read, second) in _grouped(self._receiver, groups):
            data, updates = _pair(second)
            answers.append(Answer([*_segments("receive", first), *updates], data))
        return answers


def _grouped(end: Object, groups: Sequence[Sequence[Step]]) -> list[list[tuple[str, Outcome]]]:
    """Call all groups of steps in one round trip; give names and outcomes by group."""
    steps = [step for group in groups for step in group]
    outcomes = iter(end.do(*steps) if steps else [])
    return [[(step.function, next(outcomes)) for step in group] for group in groups]


def _segments(name: str, outcome: Outcome) -> list[Segment]:
    found = segments(outcome)
    if isinstance(found, str):
        raise PromiseBrokenError(f"{name} gives a list of segments", found)
    return found


def _pair(outcome: Outcome) -> tuple[bytes, list[Segment]]:
    """Take what `read` gave."""
    found = read_result(outcome)
    if isinstance(found, str):
        raise PromiseBrokenError("read gives a pair: bytes, and a list of segments", found)
    return found


def read_result(outcome: Outcome) -> tuple[bytes, list[Segment]] | str:
    """Take what a receiver's `read` gave: bytes and segments; say what is wrong if it is neither."""
    value = outcome.value if isinstance(outcome, Returned) else None
    if not isinstance(value, tuple) or len(value) != 2 or not isinstance(value[0], bytes):
        return f"it {text(outcome)}"
    found = segments(Returned(value[1]))
    return found if isinstance(found, str) else (value[0], found)
