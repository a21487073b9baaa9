"""A measured figure, and how large it may be."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.grading import run

#: How many times its limit a figure may be, on a machine that has other work as well.
NOISE = 2.0


@dataclass(frozen=True)
class Figure:
    """A figure.

    Args:
        name: what was measured, and in which unit.
        value: the best of several rounds: what else goes on in the machine can only add to it.
        limit: what it should not exceed; None if it is only for information.
    """

    name: str
    value: float
    limit: float | None = None

    @property
    def kept(self) -> bool:
        """Whether it is not beyond its limit by more than noise explains."""
        return self.limit is None or self.value <= self.limit * NOISE

    def __str__(self) -> str:
        said = f"{self.name}: {self.value:.2f}"
        if self.limit is None:
            return said
        over = "  OVER" if self.value > self.limit else ""
        return f"{said} (at most {self.limit:g}){over if self.kept else '  FAR OVER'}"


def grade(folder: Path, *words: str) -> None:
    """Grade a folder, as a user does."""
    run([sys.executable, "-m", "grader", "grade", "--dir", str(folder), *words])


def timed(action: Callable[[], object]) -> float:
    """Give the seconds that an action takes."""
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


def bare_starts(count: int, at_once: int = 1) -> None:
    """Start a Python program that does nothing, `count` times."""
    with tempfile.NamedTemporaryFile(suffix=".py") as program:
        command = [sys.executable, program.name]
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(lambda _: subprocess.run(command, check=True), range(count)))
