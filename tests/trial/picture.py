"""The matrix of promises and submissions as a picture (SVG)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from tests.trial.matrix import ordered

_CELL, _GAP, _LEFT, _TOP = 9, 26, 190, 150
_COLOURS = {"fail": "#c0392b", "skip": "#d9d9d9", "pass": "#eef6ee", "error": "#8e44ad"}
_ALSO = "#e8a29a"


def picture(rows: Sequence[dict[str, Any]]) -> str:
    """Draw a block for each exercise: a row for a submission, a column for a promise."""
    parts: list[str] = []
    width = height = 0
    for exercise in sorted({row["exercise"] for row in rows}):
        own = ordered(row for row in rows if row["exercise"] == exercise)
        promises = list(own[0]["statuses"])
        parts.append(f'<g transform="translate(0 {height})">')
        parts += _block(exercise, own, promises)
        parts.append("</g>")
        width = max(width, _LEFT + _CELL * len(promises) + 10)
        height += _TOP + _CELL * len(own) + _GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="8">'
        f'<rect width="{width}" height="{height}" fill="white"/>'
    )
    return "\n".join([head, *parts, "</svg>"]) + "\n"


def _block(exercise: str, rows: list[dict[str, Any]], promises: list[str]) -> list[str]:
    parts = [f'<text x="4" y="{_TOP - 6}" font-size="12" font-weight="bold">{exercise}</text>']
    for at, promise in enumerate(promises):
        x = _LEFT + _CELL * at + 7
        parts.append(
            f'<text transform="translate({x} {_TOP - 4}) rotate(-60)">{escape(promise)}</text>'
        )
    for down, row in enumerate(rows):
        y = _TOP + _CELL * down
        weight = "normal" if row["promise"] else "bold"
        parts.append(
            f'<text x="{_LEFT - 4}" y="{y + 7}" text-anchor="end" font-weight="{weight}">'
            f"{escape(row['name'])}</text>"
        )
        for at, promise in enumerate(promises):
            status = row["statuses"][promise]
            other = status == "fail" and promise != row["promise"]
            colour = _ALSO if other else _COLOURS[status]
            parts.append(
                f'<rect x="{_LEFT + _CELL * at}" y="{y}" width="{_CELL - 1}" '
                f'height="{_CELL - 1}" fill="{colour}"/>'
            )
    return parts
