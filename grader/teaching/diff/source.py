"""A source file by function."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MAX_BYTES = 1 << 18
#: The code that is in no function.
TOP = "outside of functions"


@dataclass(frozen=True)
class Line:
    """A line and its number in the file, from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class Part:
    """A function with the comments and decorators above it, or the code outside of all functions."""

    name: str
    lines: list[Line]


@dataclass(frozen=True)
class Source:
    """A file.

    Args:
        text: its text, lines ended by newlines.
        parts: by name, in the file's order; `Class.method` for a method.
        problem: why it is not there, or not taken apart; empty if it is.
    """

    text: str
    parts: dict[str, Part]
    problem: str = ""


def read(folder: Path, name: str) -> Source:
    """Read a file and take it apart; whatever is wrong with it is said in `problem`."""
    path = folder / name
    if not path.is_file():
        return Source("", {}, f"{name} is not there")
    content = path.read_bytes()
    if len(content) > _MAX_BYTES:
        return Source("", {}, f"{name} is not shown: it is larger than {_MAX_BYTES >> 10} KiB")
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    lines = [Line(number, each) for number, each in enumerate(text.split("\n"), 1)]
    if lines[-1].text == "":
        del lines[-1]
    if not name.endswith(".py"):
        return Source(text, {name: Part(name, lines)})
    try:
        functions = dict(_functions(ast.parse(text).body, ""))
    except SyntaxError as error:
        return _whole(text, lines, f"{name}:{error.lineno or 1}: {error.msg}")
    except ValueError as error:
        return _whole(text, lines, f"{name} can't be read as Python: {error}")
    except (RecursionError, MemoryError):
        return _whole(text, lines, f"{name} is nested too deeply to be read as Python")
    return Source(text, _parts(lines, functions))


def _whole(text: str, lines: list[Line], problem: str) -> Source:
    return Source(text, {TOP: Part(TOP, lines)}, f"{problem}; it is compared as a whole")


def _decoded(content: bytes) -> str:
    try:
        encoding, _lines = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding, errors="replace")
    except (SyntaxError, LookupError, ValueError):
        return content.decode(errors="replace")


def _functions(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Give functions and methods with their first and last line; the last of a name counts."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            yield f"{prefix}{node.name}", (first, node.end_lineno or first)
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{prefix}{node.name}.")


def _parts(lines: list[Line], functions: dict[str, tuple[int, int]]) -> dict[str, Part]:
    owner = [TOP] * len(lines)
    for name, (first, last) in functions.items():
        while first > 1 and lines[first - 2].text.lstrip().startswith("#"):
            first -= 1
        owner[first - 1 : last] = [name] * len(owner[first - 1 : last])
    found: dict[str, list[Line]] = {name: [] for name in (TOP, *functions)}
    for line, name in zip(lines, owner, strict=True):
        found[name].append(line)
    found[TOP] = _without_blank_ends(found[TOP])
    return {name: Part(name, own) for name, own in found.items() if own}


def _without_blank_ends(lines: list[Line]) -> list[Line]:
    """Drop blank lines at the end, and all but one of those that follow each other."""
    kept: list[Line] = []
    for line in lines:
        if line.text.strip() or (kept and kept[-1].text.strip()):
            kept.append(line)
    return kept[:-1] if kept and not kept[-1].text.strip() else kept
