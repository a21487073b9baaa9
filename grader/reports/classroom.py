"""Outputs of a workflow's step as the autograding actions of GitHub Classroom hand them on.

Source: `classroom-resources/autograding-grading-reporter`, `src/main.js` and `notify-classroom.js`. It
takes base64 of JSON from an environment variable for each of its runners. Its table in the log counts
tests that passed, its recorded grade adds up scores: the two agree because the tests of a runner, an
exercise here, are all worth the same. A promise that is worth several times that is as many tests.
"""

from __future__ import annotations

import json
from base64 import b64encode
from math import gcd
from typing import Any

from grader.reports.about import About, runner_name
from grader.reports.facts import facts
from grader.reports.inert import logged
from grader.verdict.result import CheckResult, ExerciseResult, Result

#: Each runner is one environment variable. The kernel takes 128 KiB for one (execve(2)), and a quarter
#: of the stack's limit, 2 MiB as a rule, for all.
_MOST_BYTES = 48 << 10
_MESSAGE_LENGTHS = (600, 200, 60, 0)


def render(result: Result, about: About) -> str:
    """Give lines for `$GITHUB_OUTPUT`: `runners`, and for each runner its results.

    Raises:
        ValueError: if an exercise has no points, or its results are too large.
    """
    outputs = {runner_name(e.id): _encoded(e, about) for e in result.exercises}
    lines = [f"runners={','.join(outputs)}", *(f"{name}={text}" for name, text in outputs.items())]
    return "".join(f"{line}\n" for line in lines)


def _encoded(exercise: ExerciseResult, about: About) -> str:
    if exercise.max_score == 0:
        raise ValueError(f"{exercise.id} has no points, which the reporter takes for no result")
    for most in _MESSAGE_LENGTHS:
        content = json.dumps(_runner(exercise, about, most), allow_nan=False)
        encoded = b64encode(content.encode()).decode()
        if len(encoded) <= _MOST_BYTES:
            return encoded
    raise ValueError(f"{exercise.id} has too many promises and points for one environment variable")


def _runner(exercise: ExerciseResult, about: About, most: int) -> dict[str, Any]:
    unit = gcd(*(n for check in exercise.checks for n in (check.score, check.max_score)))
    tests = [t for check in exercise.checks for t in _tests(exercise, check, about, unit, most)]
    statuses = {test["status"] for test in tests}
    return {
        "version": 1,
        "status": next(s for s in ("error", "fail", "pass") if s in statuses),
        "max_score": exercise.max_score,
        "tests": tests,
    }


def _tests(
    exercise: ExerciseResult, check: CheckResult, about: About, unit: int, most: int
) -> list[dict[str, Any]]:
    """Make a promise into tests of equal worth; the first that is not passed says why."""
    count, passed = check.max_score // unit, check.score // unit
    missed = "error" if check.status == "error" else "fail"
    file, line = about.place(exercise, check) or ("", 0)
    said = "; ".join(f"{name} {logged(text, most)}".strip() for name, text in facts(check))
    message = f"{exercise.id} {check.id}: {said}"  # of an error, the log shows only the message
    return [
        {
            "name": logged(_name(exercise, check, number, count), min(300, max(60, most))),
            "status": "pass" if number <= passed else missed,
            "score": unit if number <= passed else 0,
            "message": logged(message, 4 * most) if number == passed + 1 and most else "",
            "test_code": "",
            "filename": logged(file),
            "line_no": line,
            "duration": round(check.seconds * 1000) if number == 1 else 0,
        }
        for number in range(1, count + 1)
    ]


def _name(exercise: ExerciseResult, check: CheckResult, number: int, count: int) -> str:
    part = f" ({number} of {count})" if count > 1 else ""
    return f"{exercise.id} {check.id}{part}: {check.title}"
