"""The trial: grades all there is, and writes the figures into the docs.

python -m tests.trial [submissions] [attacks] [mutants] [EXERCISE ...]

With exercises, what is known of the others stays, and the attacks are left out.
"""

from __future__ import annotations

import sys

from rich.console import Console

from grader import exercises
from tests.trial import attacks, mutation, report, results, submissions

PARTS = ("submissions", "attacks", "mutants")


def main(words: list[str]) -> int:
    """Try the parts, all without any; the exit status is 1 if anything is wrong."""
    console = Console(highlight=False)
    try:
        chosen = [exercises.find(word) for word in words if word not in PARTS]
    except exercises.ExerciseError as error:
        console.print(f"{error}; parts are {', '.join(PARTS)}", markup=False)
        return 2
    bad: list[str] = []
    every = ("submissions", "mutants") if chosen else PARTS
    for part in [word for word in words if word in PARTS] or every:
        match part:
            case "submissions":
                rows = submissions.grade_all(console, chosen)
                results.keep_of_exercises(part, rows)
                bad += submissions.mistakes(rows)
            case "attacks":
                found = attacks.outcomes()
                results.keep(part, found)
                bad += [
                    f"{name} {outcome}" for name, outcome in found.items() if outcome == "failed"
                ]
            case "mutants":
                counts = mutation.grade_all(console, chosen)
                results.keep_of_exercises(part, counts)
                bad += [name for each in counts for name in each["unexplained"]]
    for line in bad:
        console.print(line, markup=False, soft_wrap=True)
    for path in report.write():
        console.print(f"written: {path}")
    console.print(f"{len(bad)} to look at")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
