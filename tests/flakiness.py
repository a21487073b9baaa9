"""How often is the grader wrong? Grades right submissions again and again, and wrong ones too.

python -m tests.flakiness --runs 100 --hogs 4
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import SystemRandom

from rich.console import Console
from rich.progress import track

from grader.containment.door import Door
from grader.verdict.grade import Request, default_workers, grade
from grader.verdict.result import CheckResult, Result
from tests import cases

#: Wrong submissions are graded once for so many gradings of right ones.
RIGHT_PER_WRONG = 5


def verdicts(case: cases.Right | cases.Wrong, selection: str) -> list[CheckResult]:
    """Grade a submission in a process of its own, forked from this one, and give its verdicts."""
    ours, theirs = multiprocessing.Pipe()
    pid = os.fork()
    if pid == 0:
        theirs.send(_grade(case, selection).exercises[0].checks)
        os._exit(0)
    theirs.close()
    found: list[CheckResult] = ours.recv()
    os.waitpid(pid, 0)
    return found


def _grade(case: cases.Right | cases.Wrong, selection: str) -> Result:
    door = Door()
    try:
        seed = SystemRandom().randrange(1 << 32)
        request = Request(case.folder, [selection], seed, default_workers())
        return grade(request, door, lambda *_: None)
    finally:
        door.close()


@contextmanager
def hogs(count: int) -> Iterator[None]:
    """Keep cores busy with processes that compute without end."""
    pids = []
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            while os.getppid() != 1:
                sum(range(100_000))
            os._exit(0)
        pids.append(pid)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, 9)
            os.waitpid(pid, 0)


def main() -> int:
    """Run the gradings and print what went wrong; the exit status is 1 if anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100, help="gradings of each right submission")
    parser.add_argument("--hogs", type=int, default=0, help="processes that keep the cores busy")
    parser.add_argument("--only", choices=["right", "wrong"], help="one kind of submissions")
    parser.add_argument(
        "words", nargs="*", help="only submissions with one of these in their names"
    )
    options = parser.parse_args()
    console = Console(highlight=False)

    def chosen(name: str) -> bool:
        return not options.words or any(word in name for word in options.words)

    right = [
        c for c in cases.right() if chosen(f"{c.exercise}/{c.name}") and options.only != "wrong"
    ]
    wrong = [
        c for c in cases.wrong() if chosen(f"{c.exercise}/{c.name}") and options.only != "right"
    ]
    mistakes: Counter[str] = Counter()
    begun, gradings = time.monotonic(), 0
    with hogs(options.hogs):
        for number in track(range(options.runs), "grading", console=console):
            for right_case in right:
                gradings += 1
                for check in verdicts(right_case, right_case.exercise):
                    if check.status != "pass":
                        text = f"{right_case.exercise}/{right_case.name}: {check.id} {check.status}"
                        mistakes[text] += 1
                        console.print(f"{text}: {check.observed or check.message}")
            if number % RIGHT_PER_WRONG == 0:
                for case in wrong:
                    gradings += 1
                    (check,) = verdicts(case, f"{case.exercise}:{case.promise}")
                    if check.status != "fail":
                        text = f"{case.exercise}/{case.name}: {check.id} {check.status}"
                        mistakes[text] += 1
                        console.print(f"{text}: {check.observed or check.message}")
    console.print(
        f"{gradings} gradings: {options.runs} of each of {len(right)} right submissions, "
        f"{-(-options.runs // RIGHT_PER_WRONG)} of each of {len(wrong)} wrong ones, "
        f"{options.hogs} hogs, {time.monotonic() - begun:.0f} s"
    )
    for text, count in mistakes.most_common():
        console.print(f"  {count} times {text}")
    console.print(f"{sum(mistakes.values())} wrong verdicts")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
