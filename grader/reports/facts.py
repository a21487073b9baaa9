"""What every report says about a verdict, in words and in points."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from grader.verdict.result import CheckResult, ExerciseResult, Status

_COUNTED: dict[Status, str] = {
    "pass": "kept", "skip": "waiting", "fail": "broken", "error": "could not be checked"
}  # fmt: skip
_PLACE = re.compile(r"\(([\w-]+\.py):(\d{1,6})(?!\d)")
_FILE = re.compile(r"(?<![\w./-])([\w-]+\.py)()(?![\w.])")
_SEARCHED = 2_000  # characters of a text


def facts(check: CheckResult) -> Iterator[tuple[str, str]]:
    """Give what was expected, observed and why, each with its name; a mere message has none.

    The texts are as the check wrote them: to be made inert.
    """
    for name, value in (
        ("expected", check.expected),
        ("observed", check.observed),
        ("why", check.hint),
        ("", check.message if not check.expected else ""),
    ):
        if value:
            yield name, value


def places(check: CheckResult) -> Iterator[tuple[str, int]]:
    """Give the files and lines that a verdict names, the likeliest first; line 0 is the whole file.

    Neither need be there: some of the text may be a student's.
    """
    texts = (check.hint, check.observed, check.expected, check.message)
    for pattern in (_PLACE, _FILE):
        for text in texts:
            for found in pattern.finditer(text[:_SEARCHED]):
                yield found[1], int(found[2] or 0)


def summary(exercise: ExerciseResult) -> str:
    """Say in a few words what became of the promises of an exercise."""
    checks = exercise.checks
    if all(check.status == "pass" for check in checks):
        return "all promises kept"
    if reason := not_begun(exercise):
        return reason
    if all(check.status == "skip" for check in checks):
        return ", ".join(dict.fromkeys(check.message for check in checks))
    counts = Counter(check.status for check in checks)
    return ", ".join(f"{counts[s]} {said}" for s, said in _COUNTED.items() if counts[s])


def not_begun(exercise: ExerciseResult) -> str:
    """Say why there is nothing to check in an exercise: missing files, or stubs as they were given."""
    failed = [check for check in exercise.checks if check.status in ("fail", "error")]
    reasons = dict.fromkeys(check.message for check in failed if check.status == "fail")
    begun = any(check.status == "pass" for check in exercise.checks) or "" in reasons
    return "" if begun or len(failed) == 0 else ", ".join(reasons)
