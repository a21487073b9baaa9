"""Checks of endpoints played in this process, with submissions of our own: thousands in seconds.

What contains students' code, and what takes it for what it is, is left out here, and tested elsewhere.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, cast

from grader import exercises
from grader.containment.door import Door
from grader.lab.functions import runner, wire
from grader.lab.functions.functions import Functions
from grader.lab.functions.objects import Step
from grader.lab.functions.wire import Made, Outcome, Raised, Returned
from grader.lab.lab import Bench, Lab
from grader.lab.transcript import PromiseBrokenError


class Local:
    """An object of a submission's class, in this process: stands in for `objects.Object`."""

    def __init__(self, modules: dict[str, ModuleType], kind: str, *arguments: object) -> None:
        self._modules = modules
        self.kind = kind
        self._object: Any = getattr(modules["main"], kind)(*arguments)
        self.made = Returned(None)

    def do(self, *steps: Step) -> list[Outcome]:
        return [self._do(step) for step in steps]

    def _do(self, step: Step) -> Outcome:
        try:
            value = getattr(self._object, step.function)
            if step.action == "method":
                value = value(*map(self._argument, step.arguments))
        except Exception as error:
            return Raised(type(error).__name__, (type(error).__name__,), None, str(error), "")
        return Returned(wire.decode(json.loads(runner.encode(value))))

    def _argument(self, argument: object) -> object:
        if not isinstance(argument, Made):
            return argument
        module, _, kind = argument.kind.rpartition(".")
        return getattr(self._modules[module], kind)(*argument.items)


@contextmanager
def submission(folder: Path, exercise: str) -> Iterator[dict[str, ModuleType]]:
    """Import a submission's files, and forget them afterwards."""
    described = exercises.load(exercise)
    found: dict[str, ModuleType] = {}
    for file in described.write:
        path = folder / file
        if not path.exists():
            path = exercises.SOLUTIONS / exercise / file
        module = ModuleType(path.stem)
        sys.modules[path.stem] = found[path.stem] = module
        exec(compile(path.read_text(), str(path), "exec"), vars(module))
    found["main"] = found[Path(described.programs["module"]).stem]
    yield found
    for name in found:
        sys.modules.pop(name, None)


def play(folder: Path, exercise: str, promise: str, seed: int) -> PromiseBrokenError | None:
    """Play a check; give how the promise was broken, or None if it was kept."""
    check: Callable[[Lab, Functions], None] = getattr(
        importlib.import_module(f"grader.checks.{exercise}"), f"test_{promise}"
    )
    lab = Lab(Bench(cast(Door, None)), folder, Random(f"{seed}/{exercise}/test_{promise}"))
    with submission(folder, exercise) as modules:
        try:
            check(lab, cast(Functions, modules))
        except PromiseBrokenError as broken:
            return broken
        finally:
            lab.bench.reactor.close()
    return None
