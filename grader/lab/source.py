"""Where in a student's file something stands, for messages that name a line."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

_MAX_BYTES = 1 << 18


@cache
def where(file: Path, *calls: str) -> str:
    """Give ` (fork_server.py:14)` for the lines that call any of some names; nothing if none does.

    A file that isn't Python, or can't be parsed, gives nothing.
    """
    try:
        if file.stat().st_size > _MAX_BYTES:
            return ""
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    lines = sorted(
        {
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and _name(node) in calls
        }
    )
    if not lines:
        return ""
    return f" ({file.name}:{', '.join(str(line) for line in lines[:3])})"


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""
