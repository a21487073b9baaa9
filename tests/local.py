"""Checks of functions and objects played in this process, with our submissions: thousands in seconds.

What contains students' code, and what ends it when it hangs, is left out here, and tested elsewhere.
"""

from __future__ import annotations

import importlib
import inspect
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from grader import exercises
from grader.containment.door import Door
from grader.lab.fixtures import ProgramFile, Subject, program_file
from grader.lab.functions import runner
from grader.lab.functions.functions import Call, Functions
from grader.lab.functions.wire import Died, Outcome
from grader.lab.lab import Bench, Lab
from grader.lab.transcript import PromiseBrokenError

#: What calls that are made at once may take, in seconds of CPU time.
_SECONDS = 2.0


class Local(Functions):
    """The functions of a file, called in this process: stands in for `Functions`."""

    def __init__(self, lab: Lab, file: str, given: Mapping[str, str] | None = None) -> None:
        super().__init__(lab, file, given)
        self._runner = runner.Runner(-1, str(lab.folder))
        self._runner.module = runner.load(str(lab.folder), file, dict(given or {}))

    def _call(self, calls: Sequence[Call]) -> list[Outcome]:
        lines: list[str] = []
        try:
            with at_most(_SECONDS):
                for each in calls:
                    lines.append(self._runner.answer(*each.content()))
        except EndlessError:
            self._gone = self._objects
        outcomes = [
            self.outcome(each, line.encode()) for each, line in zip(calls, lines, strict=False)
        ]
        missing = [Died("did not return"), *[Died("was not called", False)] * len(calls)]
        return outcomes + missing[: len(calls) - len(outcomes)]


class EndlessError(BaseException):
    """Calls take more time than any right one."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Bound CPU time."""
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True
        raise EndlessError

    def drop(about: Any) -> None:
        if not isinstance(about.exc_value, EndlessError):
            hook(about)

    before, hook = signal.signal(signal.SIGPROF, end), sys.unraisablehook
    # what is raised while garbage is collected goes no further, so it is raised again and again
    sys.unraisablehook = drop
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        sys.unraisablehook = hook
        if ended:  # whoever caught it
            raise EndlessError


@contextmanager
def importing(exercise: str) -> Iterator[None]:
    """Let a submission import its files, or those of our solution that it lacks; forget them after."""
    path, modules = [*sys.path], {*sys.modules}
    sys.path.insert(0, str(exercises.SOLUTIONS / exercise))
    files = {Path(file).stem for file in exercises.load(exercise).write}
    try:
        yield
    finally:
        sys.path[:] = path
        for name in files - modules:
            sys.modules.pop(name, None)


def play(folder: Path, exercise: str, promise: str, seed: int) -> PromiseBrokenError | None:
    """Play a check; give how the promise was broken, or None if it was kept."""
    checks: Any = importlib.import_module(f"grader.checks.{exercise}")
    check: Callable[..., None] = getattr(checks, f"test_{promise}")
    lab = Lab(Bench(cast(Door, None)), folder, Random(f"{seed}/{exercise}/test_{promise}"))
    programs = exercises.load(exercise).programs
    subject = Subject(folder, {role: ProgramFile(name) for role, name in programs.items()})
    with pytest.MonkeyPatch.context() as patch, importing(exercise):
        patch.setattr(checks, "Functions", Local, raising=False)
        try:
            module = program_file(lab, subject, "module")
            functions = Local(lab, module, getattr(checks, "GIVEN", None))
            ready = {"lab": lab, "subject": subject, "functions": functions}
            check(**{name: ready[name] for name in inspect.signature(check).parameters})
        except PromiseBrokenError as broken:
            return broken
        finally:
            lab.bench.reactor.close()
    return None


def promises(exercise: str) -> list[str]:
    """Give the promises of an exercise."""
    checks = importlib.import_module(f"grader.checks.{exercise}")
    return [name.removeprefix("test_") for name in vars(checks) if name.startswith("test_")]
