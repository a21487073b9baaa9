"""What handouts promise is what is checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader import exercises
from tests.warm import grade


@pytest.mark.parametrize("exercise", exercises.names())
def test_the_handout_lists_each_promise_with_its_points(exercise: str, tmp_path: Path) -> None:
    graded = grade(exercise, folder=tmp_path)
    checked = {
        (name, str(check["max_score"]), check["title"])
        for name, check in graded.checks(exercise).items()
    }
    text = (exercises.EXERCISES / exercise / "README.md").read_text()
    listed = set(re.findall(r"^\| `(\w+)` \| (\d+) \| (.*?) \|", text, re.MULTILINE))
    assert listed == checked


def test_points_of_the_course_are_whole_and_counted(tmp_path: Path) -> None:
    graded = grade(folder=tmp_path)
    points = [c["max_score"] for e in graded.result["exercises"] for c in e["checks"]]
    assert all(isinstance(p, int) and p >= 1 for p in points)
    assert sum(points) == graded.result["max_score"]
    assert graded.result["schema"] == 1
