"""Workflow commands of GitHub Actions: the score as a notice, what is broken at its file and line.

Source: "Workflow commands for GitHub Actions". Of each level, ten annotations a step are shown. The
notices are those that record a grade for readers of GitHub Classroom's workflows, the same as
`classroom-resources/autograding-grading-reporter` gives.
"""

from __future__ import annotations

import json

from grader.reports.about import About
from grader.reports.facts import facts
from grader.reports.inert import block, command_data, command_property, line
from grader.verdict.result import CheckResult, ExerciseResult, Result

_SHOWN = 10
_LONGEST_MESSAGE = 1_000  # characters


def render(result: Result, about: About) -> str:
    """Give one workflow command a line, the score first."""
    points = {"totalPoints": result.score, "maxPoints": result.max_score}
    commands = [
        _command(
            "notice", f"Points {result.score}/{result.max_score}", title="Autograding complete"
        ),
        _command("notice", json.dumps(points, separators=(",", ":")), title="Autograding report"),
    ]
    if result.changes:
        commands.append(
            _command("warning", block(result.changes.sentence()), title="Changed files")
        )
    for status, level in (("error", "warning"), ("fail", "error")):
        missed = [(e, c) for e in result.exercises for c in e.checks if c.status == status]
        shown = missed if len(missed) <= _SHOWN else missed[: _SHOWN - 1]
        commands += [_annotation(level, exercise, check, about) for exercise, check in shown]
        if len(shown) < len(missed):
            more = f"{len(missed) - len(shown)} more are in the job's summary"
            commands.append(_command(level, more, title="And more"))
    return "".join(f"{command}\n" for command in commands)


def _annotation(level: str, exercise: ExerciseResult, check: CheckResult, about: About) -> str:
    file, number = about.place(exercise, check) or ("", 0)
    where = {"file": file, "line": str(number) if number else ""}
    said = "\n".join(
        f"{name}: {block(value)}" if name else block(value) for name, value in facts(check)
    )
    message = block(f"{check.title}\n{said}", _LONGEST_MESSAGE)
    title = f"{exercise.id} {check.id} ({check.score}/{check.max_score})"
    return _command(level, message, **where, title=title)


def _command(level: str, message: str, **properties: str) -> str:
    pairs = ",".join(f"{k}={command_property(line(v))}" for k, v in properties.items() if v)
    return f"::{level} {pairs}::{command_data(message)}"
