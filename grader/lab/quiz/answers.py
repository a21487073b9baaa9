"""A student's answers, read from a TOML file in a contained process, which it may well exhaust."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from grader.containment.limits import MIB, Limits
from grader.lab.lab import Lab
from grader.lab.program import Program

#: A file with all answers is far below it.
MAX_BYTES = 64 << 10
_READER = (Path(__file__).parent / "reader.py").read_text(encoding="utf-8")
#: The empty first entry of `sys.path` is the student's folder; no module is to be taken from there.
_BOOT = f"import sys; sys.path.pop(0); exec(compile({_READER!r}, '<reader>', 'exec'))"
_LIMITS = Limits(
    cpu_seconds=2, data_bytes=256 * MIB, file_bytes=2 * MIB, descriptors=32, processes=2, tasks=8
)
_SECONDS = 2.0


@dataclass(frozen=True)
class Answers:
    """What a file says.

    Args:
        file: its name.
        values: text by name; None where something else stands that is no answer.
        lines: the line of each name, as far as it can be told.
        problem: why nothing can be read, in a sentence; empty if all could be.
    """

    file: str
    values: Mapping[str, str | None]
    lines: Mapping[str, int]
    problem: str = ""

    def where(self, name: str) -> str:
        """Give ` (answers.toml:7)`, or nothing."""
        return f" ({self.file}:{self.lines[name]})" if name in self.lines else ""

    def near(self, name: str) -> str:
        """Say which name that was not asked for may be meant; nothing if none is."""
        found = get_close_matches(name, self.values, n=1, cutoff=0.8)
        return f"; there is {found[0]}{self.where(found[0])}" if found else ""


def read(lab: Lab, file: str) -> Answers:
    """Read a student's answers; the second time in one worker they are known already."""
    path = lab.folder / file
    known = lab.bench.known.get(path)
    if not isinstance(known, Answers):
        known = lab.bench.known[path] = _read(lab, path)
    return known


def _read(lab: Lab, path: Path) -> Answers:
    def unreadable(why: str) -> Answers:
        return Answers(path.name, {}, {}, why)

    size = path.stat().st_size
    if size > MAX_BYTES:
        return unreadable(f"it has {size} bytes; {MAX_BYTES >> 10} KiB are more than enough")
    program = Program(lab, ["-c", _BOOT, path.name], lab.folder, limits=_LIMITS)
    lab.wait(program.ended, _SECONDS)
    output = program.stdout()
    program.end()
    try:
        content = json.loads(output)
    except (ValueError, RecursionError):
        return unreadable("reading it takes far more time or memory than answers can need")
    match content:
        case {"error": str(error)}:
            return unreadable(error)
        case {"values": dict(values)}:
            plain = {name: value if type(value) is str else None for name, value in values.items()}
            return Answers(path.name, plain, _lines(path))
    return unreadable("it can't be read")


def _lines(path: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(path.read_text("utf-8-sig", "replace").split("\n"), 1):
        if name := re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line):
            found.setdefault(name[1], number)
    return found
