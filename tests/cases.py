"""The submissions that the grader is tried with, as their `case.toml` describes them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent
#: Exercises whose programs meet others, so that a broken one can behave in several ways.
SERVERS = ("08_echo", "09_fork_server", "10_thread_server")
#: Exercises whose checks tests play in their own process, too (tests/test_seeds.py).
PLAYED = (
    "02_endian", "03_byteorder", "04_inet", "05_sockaddr", "06_frames",
    "12_handshake", "13_teardown", "14_sliding_window",
)  # fmt: skip


@dataclass(frozen=True)
class Wrong:
    """A submission with one bug."""

    exercise: str
    name: str
    folder: Path
    promise: str
    also: frozenset[str]
    sometimes: frozenset[str]
    says: str

    @property
    def alone(self) -> bool:
        """Whether its promise alone catches it."""
        return not self.also | self.sometimes


@dataclass(frozen=True)
class Right:
    """A correct submission that is not ours."""

    exercise: str
    name: str
    folder: Path


@cache
def wrong() -> list[Wrong]:
    """Give all submissions with a bug; some are caught on one kind of machine only."""
    cases = []
    for path in sorted(TESTS.glob("wrong/*/*/case.toml")):
        about = tomllib.loads(path.read_text())
        if about.get("machine", os.uname().machine) != os.uname().machine:
            continue
        folder = path.parent
        cases.append(
            Wrong(
                folder.parent.name,
                folder.name,
                folder,
                about["promise"],
                frozenset(about["also"]),
                frozenset(about.get("sometimes", [])),
                about["says"],
            )
        )
    return cases


def one_a_promise(every: Sequence[Wrong]) -> list[Wrong]:
    """Choose one submission for each promise: the first that it alone catches."""
    chosen: dict[tuple[str, str], Wrong] = {}
    for case in every:
        if case.alone:
            chosen.setdefault((case.exercise, case.promise), case)
    return [*chosen.values()]


def everything() -> bool:
    """Tell whether all submissions are to be graded, as `make test ALL=1` asks."""
    return os.environ.get("ALL", "") not in ("", "0")


def tried() -> tuple[list[Wrong], list[Right]]:
    """Give the submissions that tests grade: all, or a wrong one for each promise and our solutions."""
    if everything():
        return wrong(), right()
    return one_a_promise(wrong()), [case for case in right() if case.name == "solution"]


def right() -> list[Right]:
    """Give all correct submissions, our solutions among them."""
    root = TESTS.parent
    folders = [path.parent for path in sorted(TESTS.glob("right/*/*/case.toml"))]
    solutions = [path for path in sorted((root / "solutions").iterdir()) if path.is_dir()]
    return [Right(folder.parent.name, folder.name, folder) for folder in folders] + [
        Right(folder.name, "solution", folder) for folder in solutions
    ]
