"""Lines of two files beside each other, function by function."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from grader.teaching.diff.source import Line, Part, Source

#: A part with more lines is not aligned: somebody may have written it to keep the grader busy.
_MAX_LINES = 1_000
#: Lines that are shown around those that differ.
CONTEXT = 3


@dataclass(frozen=True)
class Row:
    """A line of each side; None where the other side has one more."""

    left: Line | None
    right: Line | None

    @property
    def same(self) -> bool:
        """Whether both sides have the same text there."""
        return bool(self.left and self.right and self.left.text == self.right.text)


@dataclass(frozen=True)
class Pair:
    """What both sides have under a name."""

    name: str
    left: Part | None
    right: Part | None
    rows: list[Row]

    @property
    def same(self) -> bool:
        """Whether the sides don't differ."""
        return all(row.same for row in self.rows)

    def blocks(self) -> Iterator[list[Row]]:
        """Give the rows that differ, with some around them, in blocks that follow each other."""
        wanted = {
            near
            for at, row in enumerate(self.rows)
            if not row.same
            for near in range(at - CONTEXT, at + CONTEXT + 1)
        }
        block: list[Row] = []
        for at, row in enumerate(self.rows):
            if at in wanted:
                block.append(row)
            elif block:
                yield block
                block = []
        if block:
            yield block


def compare(left: Source, right: Source) -> list[Pair]:
    """Pair the parts of two files, in the right one's order, those of the left one only at the end."""
    names = [*right.parts, *(name for name in left.parts if name not in right.parts)]
    return [_pair(name, left.parts.get(name), right.parts.get(name)) for name in names]


def _pair(name: str, left: Part | None, right: Part | None) -> Pair:
    a, b = (part.lines if part else [] for part in (left, right))
    if max(len(a), len(b)) > _MAX_LINES:
        return Pair(name, left, right, [Row(*sides) for sides in zip_longest(a, b)])
    matcher = SequenceMatcher(None, [line.text for line in a], [line.text for line in b])
    rows = []
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal":
            rows += [Row(*sides) for sides in zip(a[i:i_end], b[j:j_end], strict=True)]
        else:
            rows += [Row(*sides) for sides in zip_longest(a[i:i_end], b[j:j_end])]
    return Pair(name, left, right, rows)
