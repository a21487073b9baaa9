"""How often is the grader wrong? Grades right submissions again and again, and wrong ones too.

python -m tests.trial.flakiness --runs 100 --load hogs [WORD ...]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from tests import cases
from tests.trial import load, results
from tests.trial.forked import verdicts
from tests.trial.pool import side_by_side
from tests.trial.rates import interval

#: Wrong submissions are graded once for so many gradings of right ones.
RIGHT_PER_WRONG = 5


def mistakes(case: cases.Right | cases.Wrong) -> list[str]:
    """Grade a submission, and give each verdict on it that is wrong, in a line.

    A promise is skipped if one that has to hold first is broken: then that one has caught it.
    """
    if isinstance(case, cases.Right):
        found = [c for c in verdicts(case.folder, case.exercise) if c.status != "pass"]
    else:
        found = [
            c
            for c in verdicts(case.folder, f"{case.exercise}:{case.promise}")
            if c.status not in ("fail", "skip")
        ]
    return [
        f"{case.exercise}/{case.name}: {check.id} {check.status}: {check.observed or check.message}"
        for check in found
    ]


def schedule(
    right: Sequence[cases.Right], wrong: Sequence[cases.Wrong], runs: int
) -> list[cases.Right | cases.Wrong]:
    """Give all gradings in their order."""
    order: list[cases.Right | cases.Wrong] = []
    for number in range(runs):
        order += right
        if number % RIGHT_PER_WRONG == 0:
            order += wrong
    return order


def rate(wrong: int, trials: int) -> str:
    """Write a rate with the upper end of its interval."""
    if not trials:
        return "none graded"
    _low, high = interval(wrong, trials)
    return f"{wrong} of {trials} wrong, at most {high:.2%} (95 %)"


def main() -> int:
    """Run the gradings and print what went wrong; the exit status is 1 if anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100, help="gradings of each right submission")
    parser.add_argument("--load", choices=load.KINDS, default="idle", help="what goes on beside it")
    parser.add_argument("--only", choices=["right", "wrong"], help="one kind of submissions")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long")
    parser.add_argument("--keep", action="store_true", help="note the rates for docs/trial.md")
    parser.add_argument(
        "words", nargs="*", help="only submissions with one of these in their names"
    )
    options = parser.parse_args()
    console = Console(highlight=False)

    def chosen(case: cases.Right | cases.Wrong) -> bool:
        name = f"{case.exercise}/{case.name}"
        return not options.words or any(word in name for word in options.words)

    right = [] if options.only == "wrong" else [*filter(chosen, cases.right())]
    wrong = [] if options.only == "right" else [*filter(chosen, cases.wrong())]
    graded, mistaken, every = Counter[type](), Counter[type](), Counter[str]()
    begun = time.monotonic()
    kind, order = load.KINDS[options.load], schedule(right, wrong, options.runs)
    title = f"grading ({options.load})"
    with kind.begin():
        for case, found in side_by_side(mistakes, order, kind.at_once, title, console):
            graded[type(case)] += 1
            mistaken[type(case)] += bool(found)
            for line in found:
                every[line] += 1
                console.print(line, markup=False)
            if time.monotonic() - begun > 60 * options.minutes:
                break
    console.print(f"load: {options.load}; {time.monotonic() - begun:.0f} s")
    for each, what in ((cases.Right, "right"), (cases.Wrong, "wrong")):
        console.print(f"{what} submissions: {rate(mistaken[each], graded[each])}")
        if options.keep and graded[each]:
            results.keep_rate(options.load, what, mistaken[each], graded[each])
    for line, count in every.most_common(20):
        console.print(f"  {count} times {line}", markup=False)
    return 1 if every else 0


if __name__ == "__main__":
    sys.exit(main())
