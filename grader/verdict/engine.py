"""Has pytest collect checks, hands them out to workers, and gathers the verdicts."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pytest

from grader.lab import fixtures
from grader.lab.fixtures import GRADING, Grading
from grader.lab.promise import declared
from grader.points import of_this_course
from grader.verdict import worker
from grader.verdict.result import OUT_OF_TIME, CheckResult
from grader.verdict.schedule import Schedule, Task
from grader.verdict.workers import Workers

CHECKS = Path(__file__).parents[1] / "checks"
#: The last resort behind the lab's own deadlines, in seconds for one check.
_CHECK_TIMEOUT = 120

#: Is told of each verdict as it falls: exercise, verdict, and how many checks are still open.
OnVerdict = Callable[[str, CheckResult, int], None]


class CannotRunError(Exception):
    """The checks could not be run; the grader's or the machine's trouble."""


class UnknownPromiseError(CannotRunError):
    """An exercise has no promise of that name."""


@dataclass(frozen=True)
class TimeLimit:
    """When a run ends, whatever is still open.

    Args:
        begun: when it began, as `time.monotonic` has it.
        seconds: how long it may take.
    """

    begun: float
    seconds: float

    def left(self) -> float:
        """Give the seconds that are left; never less than 0."""
        return max(0.0, self.begun + self.seconds - time.monotonic())


@dataclass
class _Run:
    """A pytest plugin that replaces pytest's loop over tests by workers."""

    grading: Grading
    #: Pairs of exercise and promise; an exercise without any is checked whole.
    only: frozenset[tuple[str, str]]
    workers_wanted: int
    on_verdict: OnVerdict
    limit: TimeLimit | None
    verdicts: dict[str, list[CheckResult]] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)

    def pytest_configure(self, config: pytest.Config) -> None:
        add_marker(config)
        config.stash[GRADING] = self.grading

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the promises that were asked for, and those that must hold first."""
        items.sort(key=place)
        for item in items:
            self.known.setdefault(key(item)[0], []).append(key(item)[1])
        after = {key(item): {(key(item)[0], a) for a in declared(item).after} for item in items}
        wanted: set[tuple[str, str]] = set()
        more = {promise for promise in after if self._reported(*promise)}
        while more:
            wanted |= more
            more = {first for promise in more for first in after.get(promise, ())} - wanted
        items[:] = [item for item in items if key(item) in wanted]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Hand out all checks, and gather their verdicts."""
        tasks = [Task(i, *key(item), declared(item).after) for i, item in enumerate(session.items)]
        schedule = Schedule(tasks)
        found: dict[int, CheckResult] = {}

        def settle(task: Task, outcome: dict[str, Any]) -> None:
            verdict = found[task.index] = _verdict(session.items[task.index], outcome)
            schedule.settle(task, verdict.status == "pass")
            if self._reported(task.exercise, task.promise):
                self.on_verdict(task.exercise, verdict, len(tasks) - len(found))

        with Workers(session, self.workers_wanted) as workers:
            while len(found) < len(tasks):
                for task, root in schedule.barred():
                    settle(task, _skipped(root))
                if not workers.give(schedule):
                    break
                outcomes = workers.outcomes(self.limit.left() if self.limit else None)
                if not outcomes:
                    workers.kill()
                    break
                for task, outcome in outcomes:
                    settle(task, outcome)
            for task in tasks:
                if task.index not in found:
                    settle(task, _not_reached(self.limit))
        for task in tasks:
            if self._reported(task.exercise, task.promise):
                self.verdicts.setdefault(task.exercise, []).append(found[task.index])
        return True

    def _reported(self, exercise: str, promise: str) -> bool:
        confined = {name for name, _promise in self.only}
        return exercise not in confined or (exercise, promise) in self.only


def run(
    exercises: Sequence[str],
    grading: Grading,
    *,
    only: frozenset[tuple[str, str]] = frozenset(),
    workers: int,
    on_verdict: OnVerdict = lambda exercise, verdict, left: None,
    limit: TimeLimit | None = None,
) -> dict[str, list[CheckResult]]:
    """Run the checks of exercises, and give the verdicts by exercise, in the checks' order.

    Args:
        exercises: ids of exercises.
        grading: whose files, and the seed.
        only: pairs of exercise and promise, to which the run of those exercises is confined.
        workers: how many processes work side by side.
        on_verdict: told of each verdict as it falls.
        limit: when to end; what is still open then has the verdict `error`.

    Raises:
        CannotRunError: if pytest could not run them.
        PointsError: if the course's points can't be used.
    """
    of_this_course()
    plugin = _Run(grading, only, workers, on_verdict, limit)
    status = collect(exercises, [plugin, fixtures, worker])
    if status == pytest.ExitCode.INTERRUPTED and not plugin.verdicts:
        raise KeyboardInterrupt
    for exercise, promise in sorted(only):
        if promise not in plugin.known.get(exercise, []):
            raise UnknownPromiseError(
                f"{exercise} has no promise {promise!r}; {suggest(promise, plugin.known[exercise])}"
            )
    return plugin.verdicts


def collect(exercises: Sequence[str], plugins: Sequence[object]) -> int | pytest.ExitCode:
    """Have pytest collect the checks of exercises; what comes next is the plugins' affair.

    Raises:
        CannotRunError: if pytest could not.
    """
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    arguments = [
        *("-p", "pytest_timeout", "-p", "no:cacheprovider", "-p", "no:faulthandler"),
        *("-p", "no:unraisableexception"),
        *("-c", os.devnull, "--rootdir", str(CHECKS), "--import-mode", "importlib"),
        *("--noconftest", "-p", "no:terminal", "--capture", "no"),
        *("--timeout", str(_CHECK_TIMEOUT), "--timeout-method", "signal"),
        *("-o", "python_files=[0-9][0-9]_*.py"),
        *(str(CHECKS / f"{exercise}.py") for exercise in exercises),
    ]
    status = pytest.main(arguments, plugins=plugins)
    fine = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.INTERRUPTED)
    if status not in fine:
        raise CannotRunError(f"the checks could not be run (pytest: {status!r})")
    return status


def add_marker(config: pytest.Config) -> None:
    """Tell pytest of the marker that checks have."""
    config.addinivalue_line("markers", "promise(...): see grader.lab.promise")


def suggest(word: str, known: Sequence[str]) -> str:
    """Say which names are near to a mistyped one, or which there are."""
    near = get_close_matches(word, known, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"


def _skipped(root: str) -> dict[str, Any]:
    return {"status": "skip", "message": f"`{root}` has to hold first, and did not"}


def _not_reached(limit: TimeLimit | None) -> dict[str, Any]:
    if limit is None or limit.left():
        return {"status": "error", "message": "not checked: what it comes after was not checked"}
    message = f"{OUT_OF_TIME} of {limit.seconds:g} s for all checks was up"
    return {"status": "error", "message": message}


def _verdict(item: pytest.Item, outcome: dict[str, Any]) -> CheckResult:
    exercise, promise = key(item)
    points = of_this_course().get(exercise, {}).get(promise, declared(item).points)
    score = points if outcome["status"] == "pass" else 0
    return CheckResult(promise, title(item), score=score, max_score=points, **outcome)


def title(item: pytest.Item) -> str:
    """Give the sentence that a check verifies: its docstring's first line."""
    function = getattr(item, "function", None)
    return (getattr(function, "__doc__", None) or item.name).strip().splitlines()[0]


def place(item: pytest.Item) -> tuple[str, bool, str, int]:
    """Order checks as they are written, file by file: an exercise's own come last."""
    code = item.function.__code__ if isinstance(item, pytest.Function) else None
    file, line = (code.co_filename, code.co_firstlineno) if code else ("", 0)
    return item.path.stem, file == str(item.path), file, line


def key(item: pytest.Item) -> tuple[str, str]:
    """Give the exercise and the promise that a check is of."""
    return item.path.stem, item.name.removeprefix("test_")
