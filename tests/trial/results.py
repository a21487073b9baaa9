"""What the last trial found, kept in a file, from which the figures in the docs are made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "results.json"


def load() -> dict[str, Any]:
    """Give all that is kept: `submissions`, `attacks`, `mutants`, `rates`."""
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return {"submissions": [], "attacks": {}, "mutants": [], "rates": {}} | content


def keep(part: str, value: object) -> None:
    """Replace one part."""
    content = load() | {part: value}
    FILE.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def keep_of_exercises(part: str, rows: list[dict[str, Any]]) -> None:
    """Replace what a part has of the exercises that some rows are of."""
    tried = {row["exercise"] for row in rows}
    others = [row for row in load()[part] if row["exercise"] not in tried]
    keep(part, sorted([*others, *rows], key=lambda row: (row["exercise"], row.get("name", ""))))


def keep_rate(load_kind: str, submissions: str, wrong: int, graded: int) -> None:
    """Add gradings under a load to those that are kept."""
    rates = load()["rates"]
    before = rates.get(f"{submissions} {load_kind}", [0, 0])
    rates[f"{submissions} {load_kind}"] = [before[0] + wrong, before[1] + graded]
    keep("rates", rates)
