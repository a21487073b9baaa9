"""From a folder and a choice of exercises to the one result."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader import exercises, manifest, submission
from grader.containment.door import Door
from grader.lab.fixtures import Grading
from grader.manifest import Manifest
from grader.verdict import engine
from grader.verdict.engine import OnVerdict, TimeLimit
from grader.verdict.result import ExerciseResult, Result


@dataclass(frozen=True)
class Request:
    """What to grade.

    Args:
        directory: the folder that a student handed in.
        selection: words such as `09` or `fork_server:reaps`; none means every exercise.
        seed: what inputs are drawn from.
        workers: how many checks run side by side.
        limit: after how many seconds to end with what was checked until then; None for no limit.
        originals: gives what was handed out in the place of a student's repository, if the grader
            has no manifest of its own.
    """

    directory: Path
    selection: Sequence[str]
    seed: int
    workers: int
    limit: float | None = None
    originals: Callable[[Path], Manifest] | None = None


def default_workers() -> int:
    """Checks wait more than they compute, so there are more workers than cores."""
    return 2 * len(os.sched_getaffinity(0)) + 1


def choose(selection: Sequence[str]) -> tuple[list[str], frozenset[tuple[str, str]]]:
    """Read a selection: exercises in the course's order, and the promises to which it confines.

    Raises:
        ExerciseError: if a word means no exercise.
    """
    chosen: dict[str, set[str]] = {}
    for word in selection or exercises.names():
        name, _, promise = word.partition(":")
        chosen.setdefault(exercises.find(name), set()).add(promise)
    only = {(e, p) for e, promises in chosen.items() if "" not in promises for p in promises}
    return sorted(chosen), frozenset(only)


def grade(request: Request, door: Door, on_verdict: OnVerdict) -> Result:
    """Grade a folder.

    Raises:
        SubmissionError: if there is no such folder.
        ExerciseError: if the selection names an exercise or promise that isn't there.
        CannotRunError: if the checks could not be run.
    """
    started, begun = datetime.now(UTC), time.monotonic()
    chosen, only = choose(request.selection)
    submission.check_directory(request.directory)
    described = {name: exercises.load(name) for name in chosen}
    subjects = {
        name: submission.take(request.directory, exercise, door.scratch / "submission")
        for name, exercise in described.items()
    }
    changes = manifest.changes_in(request.directory, request.originals)
    verdicts = engine.run(
        chosen,
        Grading(door, subjects, request.seed),
        only=only,
        workers=request.workers,
        on_verdict=on_verdict,
        limit=TimeLimit(begun, request.limit) if request.limit else None,
    )
    return Result(
        seed=request.seed,
        started=started.isoformat(timespec="seconds"),
        seconds=time.monotonic() - begun,
        containment=door.layers().report(),
        exercises=[
            ExerciseResult(name, exercise.title, subjects[name].remark, verdicts.get(name, []))
            for name, exercise in described.items()
        ],
        changes=changes,
    )
