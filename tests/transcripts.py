"""What a student would read about each wrong submission, as files that show every change of wording.

python -m tests.transcripts [WORD ...]     records them anew (those with a WORD in their names)
"""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from tests import cases
from tests.warm import grade

FOLDER = Path(__file__).parent / "transcripts"
#: The same in every run, and one line for each sentence.
FIXED = ("--seed", "1")
WIDE = 1000
_RUNS = 4

_MASKS = (
    (
        re.compile(
            r"^ *\d+ +(Linux \S+ takes part|no kernel to speak with)(.*\n)*?(?= +expected )", re.M
        ),
        "    (what a whole TCP and the submission sent each other)\n",
    ),
    # What it printed last is a row of whatever connection the machine had.
    (re.compile(r"(netstat\.py ended with status 0): .*"), r"\1: (what it printed last)"),
    # A text that is a part of another one can be found sooner than the check makes certain.
    (
        re.compile(r"( +\d+ +connections\(.*called.*\n)+(?=.*expected .* that port only)"),
        "           (connections(#) called for ports)\n",
    ),
    (re.compile(r"(that port only *\n +observed +it has ).*"), r"\1(a row)"),
    # A loop that collects and never ends: time or memory runs out first.
    (
        re.compile(r"it had not returned after 4 s|it raised MemoryError \(\w+\.py:\d+\)"),
        "(it went on for ever)",
    ),
    (re.compile(r"\b\d+(\.\d+)? (ms|s, seed \d+|s of)"), r"# \2"),
    (re.compile(r"seed \d+"), "seed #"),
    (re.compile(r"\b0x[0-9a-f]{8,}\b|(?<=')([0-9A-F]{4}|[\d#]+(\.[\d#]+){1,3})(?=')"), "#"),
    (re.compile(r"b'.*?'|b\".*?\""), "b'...'"),
    (re.compile(r"\b[0-9.]*\d{3,}\b"), "#"),
    (re.compile(r"(#, )+#"), "#, ..."),
)


def selection(case: cases.Wrong) -> list[str]:
    """Say what is graded of a submission: the promises that it breaks. `make trial` grades it whole."""
    return [f"{case.exercise}:{promise}" for promise in sorted({case.promise, *case.also})]


def masked(output: str) -> str:
    """Take out what differs from run to run: pids, ports, times, drawn bytes, large numbers."""
    for pattern, mask in _MASKS:
        output = pattern.sub(mask, output)
    return "".join(line.rstrip() + "\n" for line in output.splitlines())


def recorded(case: cases.Wrong) -> str:
    """Give what was recorded."""
    file = path(case)
    return masked(file.read_text(encoding="utf-8")) if file.exists() else "(not recorded)"


def agrees(case: cases.Wrong, output: str) -> bool:
    """Tell whether a student reads what was recorded.

    What a broken server does can differ from run to run, such as whether its FIN or its RST comes
    first. Then another run may show what was recorded; or each part of each sentence is one that
    some transcript has.
    """
    wanted = recorded(case)
    runs = [output]
    while masked(runs[-1]) != wanted:
        if len(runs) == _RUNS:
            races = case.exercise in cases.SERVERS
            return races and any(parts(masked(run)) <= _known() for run in runs)
        runs.append(_graded(case))
    return True


def parts(output: str) -> set[str]:
    """Take masked output apart, into what lies between commas, colons and semicolons."""
    return {part.strip() for part in re.split(r"[,:;] |\n", re.sub(r"\d+", "#", output))}


@cache
def _known() -> set[str]:
    return set().union(*(parts(masked(file.read_text("utf-8"))) for file in FOLDER.glob("*/*")))


def record(case: cases.Wrong) -> None:
    """Grade a wrong submission, and write down what a student would read, if that has changed."""
    file = path(case)
    file.parent.mkdir(parents=True, exist_ok=True)
    output = _graded(case)
    if not file.exists() or not agrees(case, output):
        file.write_text(masked(output), encoding="utf-8")


def _graded(case: cases.Wrong) -> str:
    return grade(*selection(case), *FIXED, folder=case.folder, columns=WIDE).output


def path(case: cases.Wrong) -> Path:
    """Give the file of a submission."""
    return FOLDER / case.exercise / f"{case.name}.txt"


def main(words: list[str]) -> None:
    """Record, and drop what belongs to no submission any more."""
    every = cases.wrong()
    for stale in {*FOLDER.glob("*/*.txt")} - {path(case) for case in every}:
        stale.unlink()
    chosen = [
        c for c in every if not words or any(word in f"{c.exercise}/{c.name}" for word in words)
    ]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(record, chosen))
    print(f"{len(chosen)} transcripts recorded in {FOLDER.relative_to(FOLDER.parents[1])}/")


if __name__ == "__main__":
    main(sys.argv[1:])
