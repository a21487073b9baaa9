"""Students' repositories for tests: made, set up without the network, and worked in as students do."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.exercises import SOLUTIONS
from tests.grading import run


@dataclass(frozen=True)
class StudentRepo:
    """A student's repository."""

    root: Path

    def file(self, path: str) -> Path:
        return self.root / path

    def solve(self) -> None:
        """Put the files of the solutions in the place of the stubs."""
        compiled = shutil.ignore_patterns("__pycache__")
        for folder in self.file("exercises").iterdir():
            shutil.copytree(SOLUTIONS / folder.name, folder, ignore=compiled, dirs_exist_ok=True)

    def make(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run make in it, as a student would."""
        return run(["make", "-C", str(self.root), *words])

    def grade(self, *words: str) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
        """Run `make grade` in it, and read the result."""
        path = self.root.parent / "result.json"
        path.unlink(missing_ok=True)
        done = self.make("grade", f"JSON={path}", *words)
        return done, json.loads(path.read_text()) if path.exists() else {}


def set_up(root: Path) -> None:
    """Give a copy of the grader a `.venv` that runs the copy with the packages of this one."""
    command = root / ".venv/bin/grader"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{root}" exec "{sys.executable}" -m grader "$@"\n')
    command.chmod(0o755)
    (root / ".venv/.ready").touch()


def snapshot(folder: Path) -> dict[str, bytes]:
    """Give all files by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not {"__pycache__", ".venv"} & set(path.relative_to(folder).parts)
    }
