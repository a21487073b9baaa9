"""How arguments, results and their differences are written in messages."""

from __future__ import annotations

from grader.lab.functions.wire import (
    Died,
    Foreign,
    Given,
    Made,
    Name,
    Named,
    Outcome,
    Raised,
    Returned,
    Twin,
)

_MAX_CHARACTERS = 120
_MAX_BYTES = 64
_FEW_BYTES = 8


def text(value: object, decimal: bool = False) -> str:
    """Write a value as one would type it, or an outcome as the end of a sentence.

    Args:
        value: what to write.
        decimal: numbers in decimal, where the digits in hex would show nothing.
    """
    match value:
        case Returned():
            return f"gave {text(value.value, decimal)}"
        case Raised():
            return _raised(value)
        case Died():
            return value.how
        case Name():
            return f"{value.module}.{value.name}"
        case Twin():
            return f"a class like {text(value.like)}"
        case Given():
            return value.name
        case Foreign():
            return f"{_article(value.kind)}: {value.looks}"
        case Named() | Made():
            return value.kind + _sequence(value.items, decimal)
        case bool() | None:
            return repr(value)
        case int():
            return str(value) if decimal or -9 <= value <= 9 else f"{value:#x}"
        case bytes():
            return f"bytes {hexed(value)}" if value else "no bytes (b'')"
        case list() | tuple():
            return _sequence(value, decimal)
    return _short(repr(value))


def hexed(data: bytes) -> str:
    """Write bytes in hex, two digits each."""
    return data[:_MAX_BYTES].hex(" ") + (" ..." if len(data) > _MAX_BYTES else "")


def marked(got: bytes, wanted: bytes) -> str:
    """Write bytes in hex, those that differ from the wanted ones in brackets."""
    parts = [
        f"{byte:02x}" if index < len(wanted) and byte == wanted[index] else f"[{byte:02x}]"
        for index, byte in enumerate(got[:_MAX_BYTES])
    ]
    more = ["..."] if len(got) > _MAX_BYTES else []
    short = [f"({len(wanted) - len(got)} bytes too few)"] if len(got) < len(wanted) else []
    return " ".join(parts + more + short) or "no bytes"


def differs_at(got: bytes, wanted: bytes) -> int | None:
    """Give the place of the first byte that is another one; None if only the lengths may differ."""
    return next((i for i, (a, b) in enumerate(zip(got, wanted, strict=False)) if a != b), None)


def apart(got: bytes, wanted: bytes) -> str:
    """Say from which byte on some bytes are not the wanted ones, or that they are too many or few."""
    same = differs_at(got, wanted)
    if same is None:
        return f"{len(got)} bytes where there are {len(wanted)}"
    few = slice(same, same + _FEW_BYTES)
    return f"from byte {same} on {got[few].hex(' ')} instead of {wanted[few].hex(' ')}"


def difference(outcome: Outcome, wanted: object, decimal: bool = False) -> str:
    """Write an outcome; if both it and what was wanted are bytes or text, mark where they differ."""
    if isinstance(outcome, Returned):
        got = outcome.value
        if isinstance(got, bytes) and isinstance(wanted, bytes):
            return f"gave bytes {marked(got, wanted)}"
        if type(got) is not type(wanted) and not isinstance(got, Foreign | Named):
            return f"gave {text(got, decimal)}, {_article(type(got).__name__)}"
    return text(outcome, decimal)


def _raised(raised: Raised) -> str:
    message = f": {_short(raised.message)}" if raised.message else ""
    number = f" (errno {raised.errno})" if raised.errno is not None else ""
    where = f" ({raised.where})" if raised.where else ""
    if "SystemExit" in raised.kinds:
        return f"tried to end the program with SystemExit{message}{where}"
    return f"raised {raised.kind}{number if not message else ''}{message}{where}"


def _sequence(value: list[object] | tuple[object, ...], decimal: bool) -> str:
    items = ", ".join(text(item, decimal) for item in value[:40]) + (
        ", ..." if len(value) > 40 else ""
    )
    if isinstance(value, list):
        return f"[{items}]"
    return f"({items},)" if len(value) == 1 else f"({items})"


def _article(kind: str) -> str:
    if kind == "NoneType":
        return "nothing"
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


def _short(line: str) -> str:
    return line if len(line) <= _MAX_CHARACTERS else line[:_MAX_CHARACTERS] + "..."
