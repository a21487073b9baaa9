"""The one result, from which every report is written."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from grader.manifest import Changes

SCHEMA = 1
#: How the message begins of a check that was open when the time for the whole run was up.
OUT_OF_TIME = "not checked: the time limit"
Status = Literal["pass", "fail", "skip", "error"]


@dataclass(frozen=True)
class CheckResult:
    """The verdict on one promise.

    `fail` is the student's, `error` is the grader's or the machine's, `skip` names what failed first.
    """

    id: str
    title: str
    status: Status
    score: int
    max_score: int
    message: str = ""
    expected: str = ""
    observed: str = ""
    hint: str = ""
    transcript: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse, for every report, what is no whole number of points within its bounds."""
        if type(self.score) is not int or type(self.max_score) is not int:
            raise ValueError(f"{self.id}: {self.score!r} of {self.max_score!r} are no whole points")
        if not 0 <= self.score <= self.max_score:
            raise ValueError(f"{self.id}: score {self.score} is not within 0 and {self.max_score}")


@dataclass(frozen=True)
class ExerciseResult:
    """The verdicts on the promises of one exercise."""

    id: str
    title: str
    #: Why nothing of it could be graded; empty if it was graded.
    problem: str
    checks: list[CheckResult]

    @property
    def score(self) -> int:
        """Points that were earned."""
        return sum(check.score for check in self.checks)

    @property
    def max_score(self) -> int:
        """Points that could be earned."""
        return sum(check.max_score for check in self.checks)


@dataclass(frozen=True)
class Result:
    """All verdicts of one run."""

    seed: int
    #: When the run began, in ISO 8601.
    started: str
    seconds: float
    containment: dict[str, Any]
    exercises: list[ExerciseResult]
    #: How the repository differs from what was handed out; None if it is no student's repository.
    changes: Changes | None = None

    @property
    def score(self) -> int:
        """Points that were earned."""
        return sum(exercise.score for exercise in self.exercises)

    @property
    def max_score(self) -> int:
        """Points that could be earned."""
        return sum(exercise.max_score for exercise in self.exercises)

    @property
    def errors(self) -> list[CheckResult]:
        """The checks that the grader or the machine could not carry out."""
        return [c for e in self.exercises for c in e.checks if c.status == "error"]

    def as_json(self) -> str:
        """Give the result as its JSON text."""
        content = {
            "schema": SCHEMA,
            "seed": self.seed,
            "started": self.started,
            "seconds": round(self.seconds, 3),
            "containment": self.containment,
            "changes": None if self.changes is None else asdict(self.changes),
            "score": self.score,
            "max_score": self.max_score,
            "exercises": [
                {
                    "id": exercise.id,
                    "title": exercise.title,
                    "score": exercise.score,
                    "max_score": exercise.max_score,
                    "problem": exercise.problem,
                    "checks": [asdict(check) for check in exercise.checks],
                }
                for exercise in self.exercises
            ],
        }
        return json.dumps(content, indent=1, allow_nan=False) + "\n"
