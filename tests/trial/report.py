"""Writes `docs/trial.md` and its picture from what the last trial found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader.exercises import ROOT
from tests.trial import load, mutation, results
from tests.trial.flakiness import rate
from tests.trial.matrix import matrix
from tests.trial.picture import picture
from tests.trial.submissions import mistakes

PAGE, PICTURE = ROOT / "docs" / "trial.md", ROOT / "docs" / "trial.svg"


def write() -> list[Path]:
    """Write both files, and give their paths."""
    for path, content in render(results.load()).items():
        path.write_text(content, encoding="utf-8")
    return [PAGE, PICTURE]


def render(found: dict[str, Any]) -> dict[Path, str]:
    """Give the contents of both files."""
    rows = found["submissions"]
    return {PAGE: "\n".join(_page(found)) + "\n", PICTURE: picture(rows)}


def _page(found: dict[str, Any]) -> list[str]:
    rows = found["submissions"]
    wrong = [row for row in rows if row["promise"]]
    promises = {(row["exercise"], promise) for row in rows for promise in row["statuses"]}
    return [
        "# How often is the grader wrong?",
        "",
        "`make trial` grades every submission in `tests/`, every attack, and every mutant of every",
        "solution, and writes this page. `make flakiness` measures how often verdicts change from run",
        "to run.",
        "",
        "## Submissions",
        "",
        f"{len(promises)} promises, {len(wrong)} wrong submissions, {len(rows) - len(wrong)} right "
        f"ones, {len(found['attacks'])} attacks.",
        "",
        *_mistakes(rows, found["attacks"]),
        "",
        "## Mutants",
        "",
        "Each solution with one small change: a statement deleted, a condition negated, a constant or",
        "an operator changed, arguments swapped, a loop run once, `send` for `sendall`.",
        "",
        *_mutants(found["mutants"]),
        "",
        "## From run to run",
        "",
        "How many gradings gave a wrong verdict, with the upper end of the 95 % Wilson interval of the",
        "rate. A right submission is graded whole; of a wrong one, the promise that has to catch it,",
        "with those that have to hold first.",
        "`make flakiness RUNS=N LOAD=...`, with inputs drawn anew each time.",
        "",
        "| load | right submissions | wrong submissions |",
        "| --- | --- | --- |",
        *_rates(found["rates"]),
        "",
        *(
            f"- `{name}`: {kind.told}; gradings measured at a time: {kind.at_once}"
            for name, kind in load.KINDS.items()
        ),
        "",
        "## Matrix",
        "",
        "![which promise caught which submission](trial.svg)",
        "",
        "```",
        *matrix(rows)[1:],
        "```",
    ]


def _mistakes(rows: list[dict[str, Any]], attacks: dict[str, str]) -> list[str]:
    found = mistakes(rows)
    found += [f"{name}: {outcome}" for name, outcome in attacks.items() if outcome != "passed"]
    if not found:
        return [
            "Every wrong one was caught by the promise that should catch it and by no other that isn't",
            "listed with it, with the message that it should get; every right one got full marks; no",
            "attack changed another verdict or left anything behind.",
        ]
    return [f"- {line}" for line in found]


def _mutants(found: list[dict[str, Any]]) -> list[str]:
    lines = ["| exercise | mutants | caught | behave the same |", "| --- | --- | --- | --- |"]
    for row in found:
        lines.append(
            f"| {row['exercise']} | {row['all']} | {row['caught']} | {row['equivalent']} |"
        )
    unexplained = [name for row in found for name in row["unexplained"]]
    lines += ["", f"Unexplained survivors: {len(unexplained)}."]
    lines += [f"- `{name}`" for name in unexplained]
    lines += ["", "Those that behave the same, by the reason why:", ""]
    for reason, names in mutation.groups():
        lines += [f"- {reason}", *(f"  - `{name}`" for name in names)]
    return lines


def _rates(found: dict[str, list[int]]) -> list[str]:
    kinds = dict.fromkeys(key.split()[1] for key in found)
    return [
        f"| {kind} | {rate(*found.get(f'right {kind}', [0, 0]))} "
        f"| {rate(*found.get(f'wrong {kind}', [0, 0]))} |"
        for kind in kinds
    ]
