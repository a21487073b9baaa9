"""`results.json` of Gradescope.

Source: "Autograder Specifications", Output Format, in Gradescope's documentation. The total is given
besides the tests' points, and is their sum. Every test is visible: one that is hidden would hide the
total from students.
"""

from __future__ import annotations

import json
from typing import Any

from grader.reports.about import About
from grader.reports.facts import facts, summary
from grader.reports.inert import block, line
from grader.verdict.result import CheckResult, ExerciseResult, Result


def render(result: Result, _about: About) -> str:
    """Give the result as the text of `results.json`."""
    said = [_overview(exercise) for exercise in result.exercises]
    if result.changes:
        said.append(line(f"note: {result.changes.sentence()}", 1_000))
    content = {
        "score": result.score,
        "execution_time": round(result.seconds, 1),
        "output": "\n".join(said),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            _test(exercise, check, f"{major}.{minor}")
            for major, exercise in enumerate(result.exercises, 1)
            for minor, check in enumerate(exercise.checks, 1)
        ],
        "extra_data": {"seed": result.seed, "max_score": result.max_score},
    }
    return json.dumps(content, indent=1, allow_nan=False) + "\n"


def _overview(exercise: ExerciseResult) -> str:
    said = f"{exercise.id} {exercise.score}/{exercise.max_score}: {summary(exercise)}"
    return line(f"{said}; note: {exercise.problem}" if exercise.problem else said)


def _test(exercise: ExerciseResult, check: CheckResult, number: str) -> dict[str, Any]:
    return {
        "score": check.score,
        "max_score": check.max_score,
        "status": "passed" if check.status == "pass" else "failed",
        "name": line(f"{exercise.id} {check.id}: {check.title}"),
        "number": number,
        "output": "\n".join(f"{name:8}  {block(value)}".strip() for name, value in facts(check)),
        "output_format": "text",
        "visibility": "visible",
    }
