"""Measures, and says what takes too long: python -m tests.bench [--check50]."""

from __future__ import annotations

import sys

from tests.bench import check50, containment, cpu, crowds, grading


def main(arguments: list[str]) -> int:
    """Print all figures; the exit status is 1 if one is beyond its limit."""
    parts = [grading, cpu, containment, crowds, *([check50] if "--check50" in arguments else [])]
    kept = True
    for part in parts:
        for figure in part.figures():
            print(figure, flush=True)
            kept &= figure.kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
