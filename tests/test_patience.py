"""Deadlines on a machine that is slow."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from grader.lab import patience
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
    assert 0.3 <= waited(Deadline(0.3, lambda: "still")) < 1


def test_what_runs_now_and_then_is(slow: None) -> None:
    looks = iter(range(1000))
    assert waited(Deadline(0.1, lambda: next(looks))) >= 0.8


@pytest.mark.parametrize(
    ("does", "longer"),
    [
        ("threading.Event().wait()", False),
        ("os.kill(os.getpid(), signal.SIGSTOP)", False),
        ("os.fork() or exit(); signal.pause()", False),
        ("while True: pass", True),
        ("threading.Thread(target=signal.pause).start()\nwhile True: pass", True),
        ("if os.fork(): signal.pause()\nwhile True: pass", True),
        ("while True: time.sleep(0.01)", True),
    ],
)
def test_who_waits_for_an_event_is_not_held_up_by_load(
    slow: None, lab: Lab, tmp_path: Path, does: str, longer: bool
) -> None:
    (tmp_path / "program.py").write_text(
        f"import os, signal, threading, time\nprint(flush=True)\n{does}"
    )
    program = Program(lab, ["program.py"], tmp_path)
    assert lab.wait(lambda: bool(program.stdout()), 2)
    begun = time.monotonic()
    assert not lab.wait(lambda: False, 0.15)
    assert (time.monotonic() - begun >= 8 * 0.15) == longer
