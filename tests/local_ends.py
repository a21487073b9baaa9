"""A sender and a receiver in this process, of our solution's classes, for tests of the link."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from typing import Any

from grader import exercises
from grader.lab.conversation.segment import Segment
from grader.lab.stream.transfer import Answer, Arrival

FOLDER = exercises.SOLUTIONS / "14_sliding_window"


def solution() -> Any:
    """Give the module of our solution."""
    for name in ("segment", "window"):
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        assert spec
        assert spec.loader
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules["window"]


class LocalEnds:
    """Two plain objects."""

    def __init__(self, sender: Any, receiver: Any) -> None:
        self.sender = sender
        self.receiver = receiver

    def begin(self, data: bytes) -> Answer:
        return Answer(_ours(self.sender.send(data)))

    def at_sender(self, arrivals: Sequence[Arrival]) -> list[Answer]:
        answers = []
        for arrival in arrivals:
            sent = [*self.sender.tick(arrival.time)]
            if arrival.segment:
                sent += self.sender.receive(arrival.segment)
            answers.append(Answer(_ours(sent)))
        return answers

    def at_receiver(self, arrivals: Sequence[Arrival]) -> list[Answer]:
        answers = []
        for arrival in arrivals:
            sent = self.receiver.receive(arrival.segment)
            data, updates = self.receiver.read(1 << 16)
            answers.append(Answer(_ours([*sent, *updates]), data))
        return answers


def _ours(segments: Sequence[Any]) -> list[Segment]:
    return [Segment(*segment) for segment in segments]
