"""The last line of an autograder's standard output for Autolab: points by problem.

Source: "Guide for Lab Authors", Writing Autograders, in Autolab's documentation. A problem of the
assessment is named after its exercise.
"""

from __future__ import annotations

import json

from grader.reports.about import About
from grader.reports.inert import line
from grader.verdict.result import Result


def render(result: Result, _about: About) -> str:
    """Give one line of JSON."""
    scores = {line(exercise.id): exercise.score for exercise in result.exercises}
    return json.dumps({"scores": scores}, allow_nan=False) + "\n"
