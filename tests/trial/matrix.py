"""Which promise caught which submission, as a table in text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

MARKS = {"pass": ".", "fail": "X", "skip": "-", "error": "!"}


def matrix(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Draw the table.

    Args:
        rows: for each submission `exercise`, `name`, `promise` (empty if it is right), and
            `statuses` by promise; of a right one, of all promises.
    """
    lines: list[str] = []
    for exercise in sorted({row["exercise"] for row in rows}):
        own = ordered(row for row in rows if row["exercise"] == exercise)
        promises = _promises(own)
        lines += ["", f"{exercise}  (X caught by this promise, - waits for another, . kept)"]
        width = max(len(row["name"]) for row in own)
        for height, promise in enumerate(promises):
            lines.append(" " * (width + 2) + "| " * height + promise)
        for row in own:
            marks = " ".join(MARKS.get(row["statuses"].get(promise), " ") for promise in promises)
            intended = f"  {row['promise']}" if row["promise"] else "  right"
            lines.append(f"{row['name']:<{width}}  {marks}{intended}")
    return lines


def ordered(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put an exercise's submissions in the order of the promises that catch them, right ones last."""
    every = list(rows)
    promises = _promises(every)

    def place(row: dict[str, Any]) -> tuple[bool, int, str]:
        caught_by = promises.index(row["promise"]) if row["promise"] else 0
        return not row["promise"], caught_by, row["name"]

    return sorted(every, key=place)


def _promises(rows: Sequence[dict[str, Any]]) -> list[str]:
    statuses = sorted((row["statuses"] for row in rows), key=len, reverse=True)
    return [*dict.fromkeys(promise for each in statuses for promise in each)]
