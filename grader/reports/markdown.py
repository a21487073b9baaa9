"""Markdown: the summary of a job on GitHub, and the body of a release of Classroom 50.

Source: "Workflow commands for GitHub Actions", Adding a job summary: at most 1 MiB for a step. Whatever
a student's program may have said stands in code blocks.
"""

from __future__ import annotations

from grader.reports.about import About
from grader.reports.facts import facts, summary
from grader.reports.inert import block, line, markdown, markdown_code
from grader.verdict.result import CheckResult, ExerciseResult, Result

_MOST_BYTES = 900 << 10
_MARKS = {"fail": "❌", "error": "⚠️"}


def render(result: Result, _about: About) -> str:
    """Give the result as Markdown of at most 900 KiB."""
    parts = [
        f"# {result.score} of {result.max_score} points\n",
        "| exercise | points | promises |\n| --- | ---: | --- |\n"
        + "".join(map(_row, result.exercises)),
    ]
    if result.changes:
        parts.append(f"Note: {markdown(result.changes.sentence(), 1_000)}\n")
    room = _MOST_BYTES - sum(len(part.encode()) for part in parts)
    for exercise in result.exercises:
        for part in _exercise(exercise):
            room -= len(part.encode()) + 1
            if room < 0:
                return "\n".join([*parts, "There is more; the report in JSON has all of it.\n"])
            parts.append(part)
    return "\n".join(parts)


def _row(exercise: ExerciseResult) -> str:
    points = f"{exercise.score}/{exercise.max_score}"
    return f"| {markdown(exercise.id)} | {points} | {markdown(summary(exercise))} |\n"


def _exercise(exercise: ExerciseResult) -> list[str]:
    missed = [check for check in exercise.checks if check.status in ("fail", "error")]
    parts = [_check(check) for check in missed]
    if exercise.problem:
        parts.insert(0, f"Note: {markdown(exercise.problem)}\n")
    heading = f"## {markdown(exercise.id)}  {markdown(exercise.title)}\n"
    return [heading, *parts] if parts else []


def _check(check: CheckResult) -> str:
    points = f"{check.score}/{check.max_score}"
    heading = f"{_MARKS[check.status]} **{markdown(check.id)}** ({points}) {markdown(check.title)}"
    steps = [f"{number:8}  {line(step)}" for number, step in enumerate(check.transcript, 1)]
    said = [f"{name:>8}  {block(value)}" for name, value in facts(check)]
    evidence = markdown_code("\n".join([*steps, *said]), most=20_000)
    return f"{heading}\n\n{evidence}"
