"""Verdicts on handshakes don't depend on what was drawn."""

from __future__ import annotations

import os

import pytest

from grader.checks import tcp_openings
from tests import cases, local

EXERCISE = "12_handshake"
#: `SEEDS=500 pytest tests/test_handshake_seeds.py` tries more.
SEEDS = int(os.environ.get("SEEDS", "5"))
PROMISES = (
    "active_open", "passive_open", "numbers", "duplicate_syn", "lost_syn", "lost_syn_ack", "bad_ack",
    "closed_port", "simultaneous_open", "refused", "data_with_ack",
)  # fmt: skip
WRONG = [c for c in cases.wrong() if c.exercise == EXERCISE and c.promise in PROMISES]
RIGHT = [c for c in cases.right() if c.exercise == EXERCISE]


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp_openings, "Object", local.Local)


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_a_wrong_handshake_is_caught_whatever_is_drawn(case: cases.Wrong) -> None:
    kept = [s for s in range(SEEDS) if not local.play(case.folder, EXERCISE, case.promise, s)]
    assert not kept


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.name)
def test_a_right_handshake_passes_whatever_is_drawn(case: cases.Right) -> None:
    for seed in range(SEEDS):
        for promise in PROMISES:
            broken = local.play(case.folder, EXERCISE, promise, seed)
            assert broken is None, (seed, promise)
