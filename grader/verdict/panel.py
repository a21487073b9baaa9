"""Checks as plain tests, for an editor's test panel: a pytest plugin (`-p grader.verdict.panel`).

They check what is in `exercises/`, one after the other, and give no points.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from grader import exercises, submission
from grader.containment.door import Door
from grader.lab import fixtures
from grader.lab.fixtures import GRADING, Grading
from grader.lab.promise import declared
from grader.lab.shelf import Shelf
from grader.verdict import engine, worker

_FACTS = {"expected": "expected", "observed": "observed", "why": "hint"}
_FAILED = pytest.StashKey[set[tuple[str, str]]]()


def pytest_configure(config: pytest.Config) -> None:
    """Provide the fixtures that checks ask for."""
    engine.add_marker(config)
    config.pluginmanager.register(worker)
    config.pluginmanager.register(fixtures)
    config.stash[_FAILED] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run checks in the order in which a promise comes after what has to hold first."""
    items.sort(key=engine.place)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """Open the door through which programs are started, for as long as checks run."""
    if session.config.option.collectonly:
        return (yield)
    door = Door()
    try:
        subjects = {
            name: submission.take(exercises.EXERCISES, exercises.load(name), door.scratch / "panel")
            for name in sorted({item.path.stem for item in session.items})
        }
        session.config.stash[GRADING] = Grading(door, subjects, random.randrange(1 << 32))
        return (yield)
    finally:
        session.config.stash.get(fixtures.SHELF, Shelf()).clear()
        door.close()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a check if what has to hold first did not."""
    exercise, promise = engine.key(item)
    failed = item.config.stash[_FAILED]
    broken = [first for first in declared(item).after if (exercise, first) in failed]
    if broken:
        failed.add((exercise, promise))
        pytest.skip(f"`{broken[0]}` has to hold first, and did not")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Show what a student is to read in the place of a traceback through the grader."""
    report = yield
    outcome = item.stash.get(worker.OUTCOME, {})
    if report.failed and outcome.get("status") == "fail":
        item.config.stash[_FAILED].add(engine.key(item))
        facts = [f"{name:>8}  {outcome[key]}" for name, key in _FACTS.items()]
        report.longrepr = "\n".join([engine.title(item), *facts])
    return report
