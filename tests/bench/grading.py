"""Whole gradings: solutions, stubs, a single promise."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.exercises import EXERCISES, SOLUTIONS
from tests.bench.measure import Figure, bare_starts, grade, timed

_ROUNDS = 4
SERVERS = ("08", "09", "10")
TCP = ("12", "13", "14")


def figures() -> Iterator[Figure]:
    """Measure gradings, against one bare start a promise in the same round."""
    yield from _against_starts("the servers' solutions", SERVERS, limit=2.0)
    yield from _against_starts("all solutions", (), limit=2.0)
    yield _seconds("the TCP exercises' solutions", TCP, SOLUTIONS, 2.0)
    yield _seconds("one promise, 09:reaps", ("09:reaps",), SOLUTIONS, 1.0)
    yield _seconds("all stubs", (), EXERCISES, 2.0)


def _against_starts(name: str, exercises: Sequence[str], limit: float) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as scratch:
        result = Path(scratch) / "result.json"
        grade(SOLUTIONS, *exercises, "--json", str(result))
        found = json.loads(result.read_text())
    promises = sum(len(exercise["checks"]) for exercise in found["exercises"])
    cores = len(os.sched_getaffinity(0))
    one_by_one, side_by_side = [], []
    for _ in range(_ROUNDS):
        seconds = timed(lambda: grade(SOLUTIONS, *exercises))
        one_by_one.append(seconds / timed(lambda: bare_starts(promises)))
        side_by_side.append(seconds / timed(lambda: bare_starts(promises, cores)))
    what = f"grading {name}, {promises} promises, in times of as many bare starts"
    yield Figure(f"{what}, one by one", min(one_by_one), limit)
    yield Figure(f"{what}, {cores} at a time", min(side_by_side), limit)


def _seconds(name: str, exercises: Sequence[str], folder: Path, limit: float) -> Figure:
    best = min(timed(lambda: grade(folder, *exercises)) for _ in range(_ROUNDS))
    return Figure(f"grading {name}, in seconds", best, limit)
