"""Every wrong submission is caught by its promise, every right one gets full marks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader import exercises
from tests import cases, local, transcripts
from tests.grading import Graded
from tests.warm import grade

Record = Callable[[str, object], None]
WRONG, RIGHT = cases.tried()
if not cases.everything():  # of those that are played, one an exercise is graded
    FIRST = {case.exercise: case for case in reversed(WRONG)}
    WRONG = [c for c in WRONG if c.exercise not in cases.PLAYED or c is FIRST[c.exercise]]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case.exercise}-{case.name}")
def test_wrong_submission(case: cases.Wrong, record_property: Record) -> None:
    graded = grade(
        *transcripts.selection(case), *transcripts.FIXED,
        folder=case.folder, columns=transcripts.WIDE,
    )  # fmt: skip
    record_property("verdicts", _row(case.exercise, case.name, case.promise, graded))
    assert graded.having(case.exercise, "fail", "error") == {case.promise} | case.also
    check = graded.checks(case.exercise)[case.promise]
    message = f"{check['expected']} {check['observed']} {check['hint']} {check['message']}"
    assert check["status"] == "fail"
    assert case.says in message
    assert graded.status == 1
    assert transcripts.agrees(case, graded.output), (
        "`make transcripts` records what a student reads, if this change of wording is meant"
    )


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: f"{case.exercise}-{case.name}")
def test_right_submission(case: cases.Right, record_property: Record) -> None:
    graded = grade(case.exercise, folder=case.folder)
    record_property("verdicts", _row(case.exercise, case.name, "", graded))
    broken = [
        f"{name} {check['status']}: {check['observed']} {check['message']}"
        for name, check in graded.checks(case.exercise).items()
        if check["status"] != "pass"
    ]
    assert not broken
    assert graded.result["score"] == graded.result["max_score"]
    assert graded.status == 0


@pytest.mark.parametrize("exercise", exercises.names())
def test_each_promise_alone_catches_a_submission(exercise: str) -> None:
    alone = {case.promise for case in cases.wrong() if case.exercise == exercise and case.alone}
    assert set(local.promises(exercise)) - alone == set()


def _row(exercise: str, name: str, promise: str, graded: Graded) -> dict[str, object]:
    statuses = {check: found["status"] for check, found in graded.checks(exercise).items()}
    return {"exercise": exercise, "name": name, "promise": promise, "statuses": statuses}
