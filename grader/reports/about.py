"""What reports are told besides the result."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.reports.facts import places
from grader.verdict.result import CheckResult, ExerciseResult


@dataclass(frozen=True)
class About:
    """Where a result comes from.

    Args:
        directory: the folder that was graded.
        environment: the environment variables of the grader, in which some systems say whose
            submission it is.
    """

    directory: Path
    environment: Mapping[str, str]

    def place(self, exercise: ExerciseResult, check: CheckResult) -> tuple[str, int] | None:
        """Give the path of the file that a verdict names, as seen from the workspace, and the line.

        None if it names none, or none that is there. Line 0 is the whole file.
        """
        workspace = self.environment.get("GITHUB_WORKSPACE") or os.getcwd()
        for name, line in places(check):
            for path in (self.directory / exercise.id / name, self.directory / name):
                if os.path.isfile(path):  # whatever is wrong with a name of a student's
                    return os.path.relpath(path, workspace), line
        return None


def runner_name(exercise: str) -> str:
    """Give the exercise of an id a name of letters and digits only, such as `exercise09`."""
    number = exercise.partition("_")[0]
    return "exercise" + re.sub("[^A-Za-z0-9]", "", number)
