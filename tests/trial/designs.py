"""Grades mutants of right designs other than the solutions, and says which keep all promises.

python -m tests.trial.designs [--sample N] [--seed N] [WORD ...]

Other designs are broken in other ways than a solution, and so show other holes in the checks. Most of
their mutants that survive behave the same, and they are too many to give the reason for each: this is
for somebody who reads them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from random import Random

from rich.console import Console

from grader import exercises
from tests import cases
from tests.trial.mutants import mutants
from tests.trial.mutation import Candidate, verdict
from tests.trial.pool import side_by_side

_AT_ONCE = 2


def candidates(words: Sequence[str]) -> Iterator[Candidate]:
    """Give the mutants of right designs with one of some words in their names, or of all."""
    for case in cases.right():
        name = f"{case.exercise}/{case.name}"
        ours = case.folder.parent == exercises.SOLUTIONS
        if not ours and (not words or any(word in name for word in words)):
            for path in sorted(case.folder.glob("*.py")):
                for mutant in mutants(path.read_text(encoding="utf-8")):
                    yield Candidate(case.exercise, case.folder, path.name, mutant)


def main() -> int:
    """Grade mutants, and print those that no promise caught."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=200, help="so many mutants (200)")
    parser.add_argument("--seed", type=int, default=1, help="what the sample is drawn from")
    parser.add_argument("words", nargs="*", help="such as 14 or 09_fork_server/double_fork")
    options = parser.parse_args()
    console = Console(highlight=False, emoji=False)
    found = [*candidates(options.words)]
    chosen = Random(options.seed).sample(found, min(options.sample, len(found)))
    left = 0
    for each, outcome in side_by_side(verdict, chosen, _AT_ONCE, "mutants", console):
        if outcome == "survived" or outcome.startswith("error:"):
            left += 1
            line = f"{outcome}: {each.exercise}/{each.folder.name}/{each.file} {each.mutant.name}"
            console.print(line, markup=False, soft_wrap=True)
    console.print(f"{len(chosen)} of {len(found)} mutants graded, {left} to read")
    return 0


if __name__ == "__main__":
    sys.exit(main())
