"""What the grader does by itself inside GitHub Actions.

Source: "Workflow commands for GitHub Actions", and the default variables in "Variables reference".
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from grader.reports import report
from grader.reports.about import About
from grader.reports.files import STANDARD_OUTPUT
from grader.reports.inert import command_data, line
from grader.reports.report import Report
from grader.verdict.result import Result

#: The files that a step may add to, by the environment variable that names them, and what goes there.
_FILES = {"GITHUB_STEP_SUMMARY": "markdown", "GITHUB_OUTPUT": "classroom"}


def active(environment: Mapping[str, str]) -> bool:
    """Tell whether this is a step of a workflow."""
    return environment.get("GITHUB_ACTIONS") == "true"


@contextmanager
def commands_stopped(environment: Mapping[str, str]) -> Iterator[None]:
    """Keep what is printed meanwhile, and so whatever a student's program said, from being obeyed.

    The token that ends it is drawn anew each time. After an exception, which may quote such a program
    in its traceback, nothing is obeyed until the step ends.
    """
    if not active(environment):
        yield
        return
    token = secrets.token_hex(32)
    _say(f"::stop-commands::{token}")
    yield
    _say(f"::{token}::")


def publish(result: Result, about: About) -> list[str]:
    """Give annotations, the job's summary and the step's outputs; say what could not be given."""
    if not active(about.environment):
        return []
    wanted = [
        Report(name, Path(path))
        for variable, name in _FILES.items()
        if (path := about.environment.get(variable))
    ]
    troubles = report.append(wanted, result, about)
    return troubles + report.write([Report("github", STANDARD_OUTPUT)], result, about)


def refuse(reason: str, environment: Mapping[str, str]) -> None:
    """Show on the job's page why nothing was graded."""
    if active(environment):
        _say(f"::error title=grader::{command_data(line(reason, 1_000))}")


def _say(command: str) -> None:
    sys.stdout.write(f"{command}\n")
    sys.stdout.flush()
