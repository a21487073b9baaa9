"""Verdicts don't depend on what was drawn."""

from __future__ import annotations

import os
import sys

import pytest

from tests import cases, local

#: `ALL=1 SEEDS=500 pytest tests/test_seeds.py` tries all submissions with more.
SEEDS = int(os.environ.get("SEEDS", "1"))
#: What programs have to be contained for, or a kernel to be met.
NOT_HERE = {"rules", "real_kernel"}
TRIED = cases.tried()
WRONG = [c for c in TRIED[0] if c.exercise in cases.PLAYED and c.promise not in NOT_HERE]
RIGHT = [c for c in TRIED[1] if c.exercise in cases.PLAYED]


def name(case: cases.Right | cases.Wrong) -> str:
    return f"{case.exercise}-{case.name}"


@pytest.mark.parametrize("case", WRONG, ids=name)
def test_a_wrong_one_is_caught_whatever_is_drawn(case: cases.Wrong) -> None:
    kept = [s for s in range(SEEDS) if not local.play(case.folder, case.exercise, case.promise, s)]
    assert not kept


@pytest.mark.parametrize("case", RIGHT, ids=name)
def test_a_right_one_passes_whatever_is_drawn(case: cases.Right) -> None:
    for promise in sorted(set(local.promises(case.exercise)) - NOT_HERE):
        for seed in range(SEEDS):
            broken = local.play(case.folder, case.exercise, promise, seed)
            assert broken is None, (promise, seed)


class EndlessAtItsEnd:
    def __del__(self) -> None:
        while True:
            pass


def test_time_that_runs_out_in_a_finalizer_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    with pytest.raises(local.EndlessError), local.at_most(0.1):
        EndlessAtItsEnd()
    assert not told
    assert sys.unraisablehook == told.append
