"""Python source as HTML with a class for each kind of word, line by line."""

from __future__ import annotations

from html import escape

from pygments import lex
from pygments.lexers import PythonLexer, TextLexer
from pygments.token import (
    Comment,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    String,
    _TokenType,
)

from grader.reports.inert import line

#: The class of a kind of word; the first that contains it counts.
_CLASSES = (
    (Comment, "c"), (Keyword, "k"), (Operator.Word, "k"), (String, "s"), (Number, "n"), (Literal, "n"),
    (Name.Function, "f"), (Name.Class, "f"), (Name.Decorator, "f"), (Name.Builtin, "b"),
)  # fmt: skip
_WIDTH = 500  # characters of a line
_MAX_BYTES = 1 << 16


def lines(text: str, name: str) -> list[str]:
    """Give each line of a file as HTML; nothing in it can be markup, or steer what shows it."""
    lexer = PythonLexer if name.endswith(".py") and len(text) <= _MAX_BYTES else TextLexer
    found: list[list[str]] = [[]]
    for kind, value in lex(text, lexer(stripnl=False, ensurenl=False)):
        for number, piece in enumerate(value.split("\n")):
            if number:
                found.append([])
            if piece:
                found[-1].append(_span(kind, piece))
    return ["".join(pieces[:_WIDTH]) for pieces in found]


def _span(kind: _TokenType, text: str) -> str:
    shown = escape(line(text.expandtabs(4), _WIDTH))
    name = next((name for each, name in _CLASSES if kind in each), "")
    return f'<span class="{name}">{shown}</span>' if name else shown
