"""What two submissions do: the promises that each keeps, as the grader finds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from grader.containment.door import Door
from grader.reports.facts import places
from grader.teaching.diff.sides import Side
from grader.teaching.diff.source import Part
from grader.verdict.grade import Request, default_workers, grade
from grader.verdict.result import CheckResult, Status


@dataclass(frozen=True)
class Promise:
    """A promise, and the verdict on each side."""

    left: CheckResult
    right: CheckResult

    @property
    def same(self) -> bool:
        """Whether both keep it, or neither does."""
        return (self.left.status == "pass") == (self.right.status == "pass")


#: Verdicts by exercise.
Behaviour = dict[str, list[Promise]]


def behaviour(selection: Sequence[str], sides: tuple[Side, Side], seed: int | None) -> Behaviour:
    """Grade both sides with the same inputs.

    Args:
        selection: words such as `09` or `09:reaps`.
        sides: whose files.
        seed: what inputs are drawn from; None for any.

    Raises:
        CannotRunError: if the checks could not be run.
        ContainmentError: if programs can't be contained.
    """
    seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    left, right = (_verdicts(selection, side, seed) for side in sides)
    return {
        name: [Promise(a, b) for a, b in zip(left[name], right[name], strict=True)] for name in left
    }


def _verdicts(selection: Sequence[str], side: Side, seed: int) -> dict[str, list[CheckResult]]:
    door = Door()
    try:
        request = Request(side.folder, selection, seed, default_workers())
        result = grade(request, door, lambda _exercise, _verdict, _left: None)
    finally:
        door.close()
    return {exercise.id: exercise.checks for exercise in result.exercises}


def score(verdicts: Sequence[CheckResult]) -> str:
    """Give points earned and points there are."""
    return f"{sum(v.score for v in verdicts)}/{sum(v.max_score for v in verdicts)}"


def named_in(part: Part | None, file: str, verdicts: Sequence[CheckResult]) -> list[CheckResult]:
    """Give the broken promises whose verdict names a line of a part of a file."""
    numbers = {line.number for line in part.lines} if part else set()
    missed: tuple[Status, ...] = ("fail", "error")
    return [
        verdict
        for verdict in verdicts
        if verdict.status in missed
        and any(name == file and line in numbers for name, line in places(verdict))
    ]
