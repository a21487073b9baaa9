"""Grades every wrong and every right submission whole, and finds what the grader got wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from tests import cases
from tests.trial.forked import verdicts
from tests.trial.pool import side_by_side

_AT_ONCE = 4


def grade_all(console: Console, chosen: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Grade all submissions, or those of some exercises, and give a row of the matrix for each."""
    every: list[cases.Right | cases.Wrong] = [*cases.right(), *cases.wrong()]
    every = [case for case in every if not chosen or case.exercise in chosen]
    return [found for _, found in side_by_side(row, every, _AT_ONCE, "submissions", console)]


def row(case: cases.Right | cases.Wrong) -> dict[str, Any]:
    """Grade a submission, and give its row: the statuses, and what is wrong with them."""
    found = verdicts(case.folder, case.exercise)
    wrong = isinstance(case, cases.Wrong)
    promise = case.promise if isinstance(case, cases.Wrong) else ""
    mistakes = []
    for check in found:
        if check.status == "error":
            mistakes.append(f"could not check {check.id}: {check.message}")
        elif check.status == "fail" and not wrong:
            mistakes.append(f"false reject by {check.id}: {check.observed}")
    if isinstance(case, cases.Wrong):
        failed = {check.id: check for check in found if check.status == "fail"}
        if not failed:
            mistakes.append("false accept")
        elif promise not in failed:
            mistakes.append(f"caught by {', '.join(failed)} instead of {promise}")
        else:
            if extra := set(failed) - {promise} - case.also - case.sometimes:
                mistakes.append(f"caught by {', '.join(sorted(extra))} as well")
            check = failed[promise]
            said = f"{check.expected} {check.observed} {check.hint} {check.message}"
            if case.says not in said:
                mistakes.append(f"the message lacks {case.says!r}")
    return {
        "exercise": case.exercise,
        "name": case.name,
        "promise": promise,
        "statuses": {check.id: check.status for check in found},
        "mistakes": mistakes,
    }


def mistakes(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Give all that the grader got wrong, a line each."""
    return [f"{r['exercise']}/{r['name']}: {m}" for r in rows for m in r["mistakes"]]
