"""Running commands, and what a run of the grader gives."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Graded:
    """What a run of the grader gave."""

    status: int
    output: str
    errors: str
    result: dict[str, Any]

    def checks(self, exercise: str) -> dict[str, dict[str, Any]]:
        """Give the verdicts of an exercise by promise."""
        found = next(e for e in self.result["exercises"] if e["id"] == exercise)
        return {check["id"]: check for check in found["checks"]}

    def having(self, exercise: str, *statuses: str) -> set[str]:
        """Give the promises of an exercise whose verdict is one of some."""
        checks = self.checks(exercise).items()
        return {name for name, check in checks if check["status"] in statuses}


def run(command: list[str], **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command from the project's folder, with nobody at the terminal."""
    environment = {**os.environ, "COLUMNS": "100", **changes}
    environment.pop("PYTEST_CURRENT_TEST", None)
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
