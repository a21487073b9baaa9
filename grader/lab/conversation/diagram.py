"""A conversation as a sequence diagram in text: time goes down, a line for each thing that happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

_NARROWEST = 40
_MARK = "✗"
#: Of a long conversation, so many lines at its beginning and at its end are shown.
_FIRST, _LAST = 4, 30


class Kind(Enum):
    """What a row shows."""

    SENT = "the student's endpoint sent a segment"
    RECEIVED = "the peer sent a segment, which arrived"
    LOST = "the student's endpoint sent a segment that gets lost"
    REMARK = "something else"


@dataclass(eq=False)
class Row:
    """One line of a diagram.

    Args:
        time: seconds on the virtual clock.
        state: the endpoint's state after it; empty if it has none.
        kind: what the line shows.
        text: the segment, or what happened.
        wanted: what was expected here instead; only of the wrong line.
    """

    time: float
    state: str
    kind: Kind
    text: str
    wanted: str = ""


def draw(rows: Sequence[Row], left: str, right: str) -> list[str]:
    """Write a diagram.

    Args:
        rows: what happened, in order.
        left: the name of the student's side.
        right: the name of the peer.
    """
    rows = _shortened(rows)
    width = max([_NARROWEST, *(len(row.text) + 8 for row in rows if row.kind is not Kind.REMARK)])
    states = max([0, *(len(row.state) for row in rows)])
    indent = " " * (states + 2 if states else 0)
    gap = " " * max(1, width + 2 - len(left) - len(right))
    lines = [f"{'':11}{indent}{left}{gap}{right}"]
    for row in rows:
        mark = _MARK if row.wanted else " "
        state = f"{row.state:{states}}  " if states else ""
        lines.append(f"{mark} {row.time:5.1f} s  {state}{_body(row, width)}".rstrip())
        if row.wanted:
            lines.append(f"{'':11}{indent}  expected here: {row.wanted}")
    return lines


def _shortened(rows: Sequence[Row]) -> Sequence[Row]:
    """Leave out the middle of a long conversation."""
    left_out = rows[_FIRST:-_LAST]
    if len(left_out) < 2:
        return rows
    gap = Row(left_out[-1].time, left_out[-1].state, Kind.REMARK, f"... {len(left_out)} lines ...")
    return [*rows[:_FIRST], gap, *rows[-_LAST:]]


def _body(row: Row, width: int) -> str:
    match row.kind:
        case Kind.SENT:
            return f"|-- {row.text} {'-' * (width - len(row.text) - 5)}>|"
        case Kind.LOST:
            return f"|-- {row.text} {'-' * (width - len(row.text) - 8)}X   |"
        case Kind.RECEIVED:
            return f"|<{'-' * (width - len(row.text) - 5)} {row.text} --|"
    return f"|   {row.text}"
