"""A diff for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.reports.inert import line
from grader.teaching.diff.behaviour import Behaviour, Promise, score
from grader.teaching.diff.compare import Pair, Row
from grader.teaching.diff.sides import FileDiff, Side
from grader.verdict.result import CheckResult

_MARKS = {
    "pass": ("✓", "green"),
    "fail": ("✗", "red"),
    "skip": ("-", "dim"),
    "error": ("!", "magenta"),
}
_WIDTH = 200  # characters of a line


def show_text(exercise: str, diffs: Sequence[FileDiff], sides: Sequence[Side], to: Console) -> None:
    """Print how the files of an exercise differ."""
    to.print(Text(f"{exercise}: {line(sides[0].label)} → {line(sides[1].label)}", "bold"))
    for diff in diffs:
        to.print(Text(diff.name, "bold"), soft_wrap=True)
        for side, source in zip(sides, (diff.left, diff.right), strict=True):
            if source.problem:
                to.print(Text(f"  {line(side.label)}: {line(source.problem)}", "yellow"))
        same = [pair.name for pair in diff.pairs if pair.same]
        if same:
            to.print(Text(f"  the same: {', '.join(map(line, same))}", "dim"))
        for pair in diff.pairs:
            if not pair.same:
                _show(pair, to)
    to.print()


def _show(pair: Pair, to: Console) -> None:
    note = "" if pair.left and pair.right else " (new)" if pair.right else " (gone)"
    to.print(Text(f"  {line(pair.name)}{note}", "cyan"))
    for number, block in enumerate(pair.blocks()):
        if number:
            to.print(Text("        ⋯", "dim"))
        for text in _unified(block):
            to.print(text, soft_wrap=True)


def _unified(rows: Sequence[Row]) -> list[Text]:
    """Give removed lines before added ones, as far as they follow each other."""
    texts: list[Text] = []
    removed: list[Text] = []
    added: list[Text] = []
    for row in [*rows, None]:
        if row is None or row.same:
            texts += [*removed, *added]
            removed, added = [], []
        if row is None:
            break
        if row.same and row.right:
            texts.append(_text(row.right.number, " ", row.right.text, ""))
            continue
        if row.left:
            removed.append(_text(row.left.number, "-", row.left.text, "red"))
        if row.right:
            added.append(_text(row.right.number, "+", row.right.text, "green"))
    return texts


def _text(number: int, sign: str, content: str, style: str) -> Text:
    shown = line(content.expandtabs(4), _WIDTH)
    return Text.assemble((f"{number:8} ", "dim"), (f"{sign} {shown}".rstrip(), style))


def show_behaviour(behaviour: Behaviour, sides: Sequence[Side], to: Console) -> None:
    """Print which promises each side keeps, those with a difference in full."""
    for exercise, promises in behaviour.items():
        lefts, rights = [p.left for p in promises], [p.right for p in promises]
        to.print(
            Text(f"{exercise}: what they do, {score(lefts)} and {score(rights)} points", "bold")
        )
        table = Table.grid(padding=(0, 2))
        differing = [promise for promise in promises if not promise.same]
        for promise in differing:
            table.add_row("", _mark(promise.left), _mark(promise.right),
                          Text(promise.left.id), Text(promise.left.title))  # fmt: skip
            table.add_row("", "", "", "", Text(_observed(promise, sides), "dim"))
        if differing:
            to.print(table)
        kept = sum(p.same and p.left.status == "pass" for p in promises)
        broken = sum(p.same and p.left.status != "pass" for p in promises)
        counts = [f"{kept} kept by both"] * bool(kept) + [f"{broken} kept by neither"] * bool(
            broken
        )
        if counts:
            to.print(Text(f"  {', '.join(counts)}", "dim"))
        to.print()


def _mark(verdict: CheckResult) -> Text:
    return Text(*_MARKS[verdict.status])


def _observed(promise: Promise, sides: Sequence[Side]) -> str:
    """Say what was seen of the side that doesn't keep it."""
    at = 0 if promise.left.status != "pass" else 1
    verdict = (promise.left, promise.right)[at]
    return f"{line(sides[at].label)}: {line(verdict.observed or verdict.message)}"
