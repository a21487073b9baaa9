"""Objects of a student's classes, which live in the student's process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.lab.functions.functions import Call, Functions
from grader.lab.functions.wire import Died, Outcome


@dataclass(frozen=True)
class Step(Call):
    """Something that is done with an object.

    Args:
        action: "make", "method" or "read", which gives an attribute.
        number: what the object is known by in its process.
    """

    action: str = "method"
    number: int = 0

    @property
    def kind(self) -> str:
        return "class" if self.action == "make" else "method"

    def content(self) -> list[Any]:
        return [*super().content(), self.action, self.number]

    def text(self, decimal: bool = False) -> str:
        return self.function if self.action == "read" else super().text(decimal)


def method(name: str, *arguments: object) -> Step:
    """Say which method is to be called, with which arguments."""
    return Step(name, arguments)


def read(name: str) -> Step:
    """Say which attribute is to be read."""
    return Step(name, (), "read")


class Object:
    """An object of one of a student's classes.

    It goes with its process: once a call has ended that, every other call is answered by `Died`.

    Args:
        functions: the student's file.
        kind: the class.
        arguments: what it is made with.
    """

    def __init__(self, functions: Functions, kind: str, *arguments: object) -> None:
        self._functions = functions
        self._number = functions.next_object()
        self.kind = kind
        #: Whether and how it could be made.
        self.made = self._do([Step(kind, arguments, "make")])[0]

    def do(self, *steps: Step) -> list[Outcome]:
        """Call methods and read attributes, all in one round trip, in this order.

        Raises:
            PromiseBrokenError: if there is no such method.
            NotBegunError: if a method is not written yet.
        """
        if self._functions.object_is_gone(self._number):
            return [Died("was not called, because its process has ended", False)] * len(steps)
        return self._do(steps)

    def _do(self, steps: Sequence[Step]) -> list[Outcome]:
        numbered = [Step(s.function, s.arguments, s.action, self._number) for s in steps]
        return self._functions.call(numbered, starts=1)
