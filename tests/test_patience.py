"""Deadlines on a machine that is slow."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from grader.lab import patience
from grader.lab.kernel.processes import Activity, CpuUse
from grader.lab.lab import Lab
from grader.lab.patience import Deadline
from grader.lab.program import Program


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "slowness", lambda: 8.0)


def waited(deadline: Deadline) -> float:
    """Give the seconds after which a deadline has passed."""
    begun = time.monotonic()
    while not deadline.passed():
        time.sleep(deadline.remaining())
    return time.monotonic() - begun


def test_a_slow_machine_has_more_time(slow: None) -> None:
    assert waited(Deadline(0.1)) >= 0.8


def test_what_does_not_run_is_not_held_up(slow: None) -> None:
    assert 0.3 <= waited(Deadline(0.3, lambda: Activity(True, {1: CpuUse(1, 0)}))) < 1


def test_what_runs_now_and_then_is(slow: None) -> None:
    used = iter(range(1000))
    looks = (Activity(True, {1: CpuUse(next(used) / 1000, 0)}) for _ in used)
    assert waited(Deadline(0.1, lambda: next(looks))) >= 0.8


def test_what_has_had_a_core_for_the_time_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "slowness", lambda: 1000.0)
    begun = time.thread_time()
    look = lambda: Activity(False, {1: CpuUse(1, 0), 2: CpuUse(time.thread_time() - begun, 0)})  # noqa: E731
    deadline = Deadline(0.2, look)
    while not deadline.passed():
        pass
    assert 0.2 < time.thread_time() - begun < 2


@pytest.mark.parametrize(
    ("does", "factor"),
    [
        ("threading.Event().wait()", 1),
        ("os.kill(os.getpid(), signal.SIGSTOP)", 1),
        ("os.fork() or exit(); signal.pause()", 1),
        ("while True: pass", 2),
        ("threading.Thread(target=signal.pause).start()\nwhile True: pass", 2),
        ("if os.fork(): signal.pause()\nwhile True: pass", 2),
        ("while True: time.sleep(0.01)", 8),
    ],
)
def test_load_holds_up_who_wants_to_run_and_cannot(
    slow: None, lab: Lab, tmp_path: Path, does: str, factor: int
) -> None:
    """On a machine that seems slow: who waits for an event, who has a core, and who neither does."""
    (tmp_path / "program.py").write_text(
        f"import os, signal, threading, time\nprint(flush=True)\n{does}"
    )
    program = Program(lab, ["program.py"], tmp_path)
    assert lab.wait(lambda: bool(program.stdout()), 2)
    begun = time.monotonic()
    assert not lab.wait(lambda: False, 0.2)
    waited = time.monotonic() - begun
    assert waited >= 0.2 * factor
    assert factor == 8 or waited < 0.2 * 8
