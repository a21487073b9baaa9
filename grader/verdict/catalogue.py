"""What there is to check: the promises of exercises, without checking any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import pytest

from grader.lab.promise import declared
from grader.points import Points
from grader.verdict import engine


@dataclass
class _Listing:
    """A pytest plugin that notes the promises and runs nothing."""

    points: dict[str, dict[str, int]] = field(default_factory=dict)

    def pytest_configure(self, config: pytest.Config) -> None:
        engine.add_marker(config)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in sorted(items, key=engine.place):
            exercise, promise = engine.key(item)
            self.points.setdefault(exercise, {})[promise] = declared(item).points

    def pytest_runtestloop(self) -> bool:
        return True


def declared_points(exercises: Sequence[str]) -> Points:
    """Give the points that checks declare, by exercise and promise, in the checks' order.

    Raises:
        CannotRunError: if the checks could not be read.
    """
    return _listed(tuple(exercises))


@cache
def _listed(exercises: tuple[str, ...]) -> Points:
    listing = _Listing()
    engine.collect(exercises, [listing])
    return listing.points
