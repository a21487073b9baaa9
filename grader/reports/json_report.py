"""The result itself, as JSON; described in docs/how-it-works.md."""

from __future__ import annotations

from grader.reports.about import About
from grader.verdict.result import Result


def render(result: Result, _about: About) -> str:
    """Give the result as its JSON text."""
    return result.as_json()
