"""Grades every mutant of every solution: one that keeps all promises shows a hole, or is the same.

python -m tests.trial.mutation [--sample N] [EXERCISE ...]

A survivor either becomes a check or a wrong submission, or goes into `equivalent.toml` with the reason
why it behaves the same. Verdicts are kept in `.trial/`, so that a run goes on where it was stopped;
remove it after a change of the lab.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console

from grader import exercises
from tests.trial.forked import verdicts
from tests.trial.mutants import Mutant, mutants
from tests.trial.pool import side_by_side

_KEPT = exercises.ROOT / ".trial" / "mutants.json"
_AT_ONCE = 2


@dataclass(frozen=True)
class Candidate:
    """A mutant, and where it belongs: to an exercise, into a copy of a folder, as a file."""

    exercise: str
    folder: Path
    file: str
    mutant: Mutant

    @property
    def name(self) -> str:
        """What the list of equivalent mutants calls it."""
        return f"{self.exercise}/{self.file} {self.mutant.name}"


def candidates(chosen: Sequence[str]) -> Iterator[Candidate]:
    """Give the mutants of all functions that students write."""
    for name in chosen:
        for file, functions in exercises.load(name).write.items():
            if file.endswith(".py"):
                folder = exercises.SOLUTIONS / name
                source = (folder / file).read_text(encoding="utf-8")
                for mutant in mutants(source, frozenset(functions)):
                    yield Candidate(name, folder, file, mutant)


def groups() -> list[tuple[str, list[str]]]:
    """Give the mutants that behave like the program: the reason, and their names."""
    path = Path(__file__).parent / "equivalent.toml"
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return [(group["reason"], group["mutants"]) for group in content["group"]]


def verdict(candidate: Candidate) -> str:
    """Grade a mutant: give the promise that caught it, `survived`, or what went wrong."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / candidate.exercise
        shutil.copytree(candidate.folder, folder)
        (folder / candidate.file).write_text(candidate.mutant.source, encoding="utf-8")
        found = verdicts(Path(scratch), candidate.exercise, seed=1, until_broken=True)
    for check in found:
        if check.status == "error":
            return f"error: {check.id}: {check.message}"
        if check.status == "fail":
            return check.id
    return "survived"


class Kept:
    """Verdicts of earlier runs, by hashes of the mutant and of the checks that judged it."""

    def __init__(self) -> None:
        self._known: dict[str, str] = json.loads(_KEPT.read_text()) if _KEPT.exists() else {}

    def get(self, candidate: Candidate) -> str | None:
        """Give the verdict of an earlier run."""
        return self._known.get(self._key(candidate))

    def keep(self, candidate: Candidate, outcome: str) -> None:
        """Write a verdict down."""
        self._known[self._key(candidate)] = outcome
        _KEPT.parent.mkdir(exist_ok=True)
        part = _KEPT.with_suffix(".part")
        part.write_text(json.dumps(self._known))
        part.replace(_KEPT)

    def _key(self, candidate: Candidate) -> str:
        shared = sorted(exercises.CHECKS.glob("[a-z]*.py"))
        judged_by = [exercises.CHECKS / f"{candidate.exercise}.py", *shared]
        source = candidate.mutant.source.encode()
        return f"{_hash(*judged_by)} {candidate.name} {_hash_of(source)}"


def outcomes(found: Sequence[Candidate], console: Console) -> Iterator[tuple[Candidate, str]]:
    """Grade mutants, several at a time, but for those that an earlier run has graded."""
    kept = Kept()
    open_ = []
    for candidate in found:
        known = kept.get(candidate)
        if known is None:
            open_.append(candidate)
        else:
            yield candidate, known
    for candidate, outcome in side_by_side(verdict, open_, _AT_ONCE, "mutants", console):
        kept.keep(candidate, outcome)
        yield candidate, outcome


def _hash(*paths: Path) -> str:
    return _hash_of(b"".join(path.read_bytes() for path in paths))


def _hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def grade_all(
    console: Console, chosen: Sequence[str] = (), sample: int = 0, seed: int = 1
) -> list[dict[str, Any]]:
    """Grade mutants, and give for each exercise how many were caught, and the names of the others.

    Args:
        console: where progress is shown.
        chosen: ids of exercises; none means all.
        sample: so many mutants only, drawn from `seed`; 0 means all.
        seed: what the sample is drawn from.
    """
    found = list(candidates(chosen or exercises.names()))
    if 0 < sample < len(found):
        found = Random(seed).sample(found, sample)
    same = {name for _reason, names in groups() for name in names}
    counts: dict[str, dict[str, Any]] = {}
    for candidate, outcome in outcomes(found, console):
        nothing = {"all": 0, "caught": 0, "equivalent": 0, "unexplained": []}
        count = counts.setdefault(candidate.exercise, {"exercise": candidate.exercise, **nothing})
        count["all"] += 1
        if outcome == "survived" and candidate.name in same:
            count["equivalent"] += 1
        elif outcome == "survived" or outcome.startswith("error:"):
            count["unexplained"].append(f"{outcome}: {candidate.name}")
        else:
            count["caught"] += 1
    return [*counts.values()]


def main() -> int:
    """Grade mutants, and say which survive without a reason; the exit status is 1 if any does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="so many mutants only")
    parser.add_argument("--seed", type=int, default=1, help="what the sample is drawn from")
    parser.add_argument("exercises", nargs="*", help="such as 09 (default: all)")
    options = parser.parse_args()
    console = Console(highlight=False)
    chosen = [exercises.find(word) for word in options.exercises]
    counts = grade_all(console, chosen, options.sample, options.seed)
    unexplained = [name for count in counts for name in count["unexplained"]]
    for line in unexplained:
        console.print(line, markup=False, soft_wrap=True)
    total = {key: sum(count[key] for count in counts) for key in ("all", "caught", "equivalent")}
    console.print(
        f"{total['all']} mutants: {total['caught']} caught, {total['equivalent']} behave the same, "
        f"{len(unexplained)} unexplained"
    )
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
