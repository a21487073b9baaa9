"""`result.json` of Classroom 50, schema `classroom50/result/v1`.

Source: `runner.py` and `collect_scores.py` of foundation50/classroom50. Who handed in what comes from
the environment that its runner sets; points are whole, a fraction would turn the submission into
0/0. Its `release-body.md` is the Markdown report.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from grader.reports.about import About
from grader.reports.facts import facts
from grader.reports.inert import line
from grader.verdict.result import CheckResult, ExerciseResult, Result

_FROM_ENVIRONMENT = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "assignment_type": "ASSIGNMENT_TYPE",
    "owner": "OWNER",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}


def render(result: Result, about: About) -> str:
    """Give the result as the text of `result.json`."""
    started = datetime.fromisoformat(result.started).astimezone(UTC)
    content = {
        "schema": "classroom50/result/v1",
        **{key: about.environment.get(name, "") for key, name in _FROM_ENVIRONMENT.items()},
        "datetime": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": result.score,
        "max-score": result.max_score,
        "tests": [
            _test(exercise, check) for exercise in result.exercises for check in exercise.checks
        ],
    }
    return json.dumps(content, indent=1, allow_nan=False) + "\n"


def _test(exercise: ExerciseResult, check: CheckResult) -> dict[str, Any]:
    return {
        "test-name": line(f"{exercise.id} {check.id}: {check.title}"),
        "passed": check.status == "pass",
        "score": check.score,
        "max-score": check.max_score,
        "message": "; ".join(f"{name} {line(value)}".strip() for name, value in facts(check)),
    }
