"""What makes a test a promise: its points, and what must hold first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Promise:
    """One promise of an exercise, as its check declares it.

    Args:
        points: whole points for keeping it, at least one.
        after: the promises of the same exercise without which this one is not checked.
    """

    points: int
    after: tuple[str, ...]


def promise(points: int = 1, after: str | Sequence[str] = ()) -> pytest.MarkDecorator:
    """Mark a test as the check of a promise.

    The test's name, less `test_`, is the promise's id; its docstring's first line is the sentence
    that students read.
    """
    if points < 1:
        raise ValueError("a promise is worth one point at least")
    first = (after,) if isinstance(after, str) else tuple(after)
    return pytest.mark.promise(Promise(points, first))


def declared(item: pytest.Item) -> Promise:
    """Give what the check of a collected test declares.

    Raises:
        LookupError: if it is no promise.
    """
    mark = item.get_closest_marker("promise")
    if mark is None:
        raise LookupError(f"{item.nodeid} has no @promise")
    content = mark.args[0]
    assert isinstance(content, Promise)
    return content
