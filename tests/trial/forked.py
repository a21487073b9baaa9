"""Grading in a process of its own, forked from one that has everything imported."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom

from grader.containment.door import Door
from grader.verdict.grade import Request, default_workers, grade
from grader.verdict.result import CheckResult


def verdicts(
    folder: Path, selection: str, seed: int | None = None, until_broken: bool = False
) -> list[CheckResult]:
    """Grade a folder, and give the verdicts.

    Args:
        folder: what is graded.
        selection: an exercise, or one promise of it.
        seed: what inputs are drawn from; without it, another one each time.
        until_broken: stop at the first promise that is not kept.
    """
    ours, theirs = multiprocessing.Pipe()
    pid = os.fork()
    if pid == 0:
        try:
            drawn = SystemRandom().randrange(1 << 32) if seed is None else seed
            theirs.send(
                _grade(Request(folder, [selection], drawn, default_workers()), until_broken)
            )
        finally:
            os._exit(0)
    theirs.close()
    try:
        found: list[CheckResult] = ours.recv()
    finally:
        os.waitpid(pid, 0)
    return found


def _grade(request: Request, until_broken: bool) -> list[CheckResult]:
    seen: list[CheckResult] = []
    door = Door()
    try:
        grade(request, door, _note(seen, until_broken))
    except KeyboardInterrupt:
        pass
    finally:
        door.close()
    return seen


def _note(seen: list[CheckResult], until_broken: bool) -> Callable[[str, CheckResult, int], None]:
    def note(_exercise: str, verdict: CheckResult, _left: int) -> None:
        seen.append(verdict)
        if until_broken and verdict.status in ("fail", "error"):
            raise KeyboardInterrupt

    return note
