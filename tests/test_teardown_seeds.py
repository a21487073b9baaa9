"""Verdicts on closes don't depend on what was drawn."""

from __future__ import annotations

import os

import pytest

from grader.lab.conversation import closing
from tests import cases, local

EXERCISE = "13_teardown"
#: `SEEDS=500 pytest tests/test_teardown_seeds.py` tries more.
SEEDS = int(os.environ.get("SEEDS", "5"))
PROMISES = (
    "fin_takes_a_number", "active_close", "passive_close", "half_close", "fin_after_data",
    "simultaneous_close", "time_wait", "lost_fin", "reset",
)  # fmt: skip
WRONG = [c for c in cases.wrong() if c.exercise == EXERCISE and c.promise in PROMISES]
RIGHT = [c for c in cases.right() if c.exercise == EXERCISE]


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "Object", local.Local)


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_a_wrong_close_is_caught_whatever_is_drawn(case: cases.Wrong) -> None:
    kept = [s for s in range(SEEDS) if not local.play(case.folder, EXERCISE, case.promise, s)]
    assert not kept


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.name)
def test_a_right_close_passes_whatever_is_drawn(case: cases.Right) -> None:
    for seed in range(SEEDS):
        for promise in PROMISES:
            broken = local.play(case.folder, EXERCISE, promise, seed)
            assert broken is None, (seed, promise)
