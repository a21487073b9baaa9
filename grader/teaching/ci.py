"""Files by which other systems run the grader, from `templates/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.reports.about import runner_name

_TEMPLATES = Path(__file__).parent / "templates"
#: Seconds after which a run ends with what was checked until then; Classroom 50 ends a job after 15
#: minutes, Gradescope after 10 as a rule.
LIMIT = 480


def fill(template: str, exercises: Sequence[str], limit: int = LIMIT) -> str:
    """Give the text of a file for some exercises.

    Args:
        template: `autograding.yml` (a workflow of GitHub Actions), `setup.sh` and `run_autograder`
            (Gradescope), or `autograder.py` (Classroom 50).
        exercises: ids of the exercises that count, `NN_name`.
        limit: seconds for a whole run.
    """
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    results = [
        f"{n.upper()}_RESULTS: ${{{{ steps.grade.outputs.{n} }}}}" for n in _runners(exercises)
    ]
    return (
        text.replace("@EXERCISES@", " ".join(exercises))
        .replace("@LIMIT@", str(limit))
        .replace("@RESULTS@", "\n          ".join(results))
    )


def _runners(exercises: Sequence[str]) -> list[str]:
    return [runner_name(exercise) for exercise in exercises]
