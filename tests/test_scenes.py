"""`grader show`: an endpoint at work, segment by segment."""

from __future__ import annotations

from pathlib import Path

from grader import exercises
from tests.warm import grader

SHOW = ["show", "--seed", "1"]
SOLUTIONS = str(exercises.SOLUTIONS)


def test_the_handshake_with_a_whole_tcp() -> None:
    done = grader(*SHOW, "--dir", SOLUTIONS, "12:endpoint_connects")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "Your endpoint connects to the kernel."
    arrows = [line for line in lines if "-->|" in line or "|<--" in line]
    for arrow, flags in zip(arrows, ["SYN ", "SYN,ACK ", "ACK "], strict=False):
        assert flags in arrow
    assert "'s table says ESTABLISHED" in done.stdout


def test_a_stub_is_told_of_once(tmp_path: Path) -> None:
    done = grader(*SHOW, "--dir", str(exercises.EXERCISES), "12")
    assert done.returncode == 1
    assert done.stdout.count("not written yet") == 1
    assert "handshake.py is missing" in grader(*SHOW, "--dir", str(_empty(tmp_path)), "12").stdout


def test_what_is_not_there_is_said() -> None:
    done = grader(*SHOW, "12:nothing")
    assert done.returncode == 2
    assert "there are kernel_connects, endpoint_connects" in done.stderr
    assert "there are none" in grader(*SHOW, "02").stderr
    assert "did you mean 12_handshake?" in grader(*SHOW, "handshak").stderr


def _empty(folder: Path) -> Path:
    (folder / "12_handshake").mkdir()
    return folder
