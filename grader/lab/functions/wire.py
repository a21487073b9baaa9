"""Values on their way to a student's process and back, as JSON; never pickled, never believed.

What JSON can't tell apart is a list that begins with a tag: `["bytes", "0a0b"]`, `["tuple", 1, 2]`.
Types are exact: `true` is a bool, and an object that only claims to be equal to an int comes back
as a `Foreign`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

_MAX_DEPTH = 30
#: What JSON and Python write alike.
_PLAIN = frozenset((type(None), bool, int, str))


@dataclass(frozen=True)
class Name:
    """An argument that is something of the standard library's: `Name("ctypes", "Union")`."""

    module: str
    name: str


@dataclass(frozen=True)
class Twin:
    """An argument that is another class, made just like one of the standard library's."""

    like: Name


@dataclass(frozen=True)
class Made:
    """An argument that is made in the student's process, by a class of the student's file.

    Args:
        kind: the class; `module.Class` if it is in a file beside the student's.
        items: what it is made with.
    """

    kind: str
    items: tuple[object, ...]


@dataclass(frozen=True)
class Given:
    """An argument that was handed to the student's process before, under a name (see `series`)."""

    name: str


@dataclass(frozen=True)
class Foreign:
    """A result that is no plain data: the name of its type, and its repr."""

    kind: str
    looks: str


@dataclass(frozen=True)
class Named:
    """A result that is a tuple of a class of its own, such as a named tuple."""

    kind: str
    items: tuple[object, ...]


@dataclass(frozen=True)
class Returned:
    """The function returned a value."""

    value: object


@dataclass(frozen=True)
class Raised:
    """The function raised.

    Args:
        kind: the name of the exception's class.
        kinds: the names of Python's own exceptions that it is one of.
        errno: of an OSError.
        message: the exception's text.
        where: the student's file and line that it went through last; may be empty.
    """

    kind: str
    kinds: tuple[str, ...]
    errno: int | None
    message: str
    where: str


@dataclass(frozen=True)
class Died:
    """The call brought no answer.

    Args:
        how: why not, in a sentence without a subject.
        called: False if it was never made, because of another call.
    """

    how: str
    called: bool = True


Outcome = Returned | Raised | Died


class GarbledError(Exception):
    """A line from a student's process is not what the runner writes."""


def encode(value: object) -> Any:
    """Make an argument plain enough for JSON."""
    match value:
        case None | bool() | int() | str():
            return value
        case bytes():
            return ["bytes", value.hex()]
        case float():
            return ["float", value.hex()]
        case Name():
            return ["name", value.module, value.name]
        case Twin():
            return ["twin", value.like.module, value.like.name]
        case Made():
            return ["made", value.kind, *map(encode, value.items)]
        case Given():
            return ["given", value.name]
        case list() | tuple():
            return [type(value).__name__, *map(encode, value)]
        case dict():
            return ["dict", *(encode(pair) for pair in value.items())]
    raise TypeError(f"{type(value).__name__} can't be sent")


def parse(line: bytes) -> tuple[str, list[Any]]:
    """Read a line: its kind, and what else it holds, of which nothing is known yet.

    Raises:
        GarbledError: if it is not a list that begins with a string.
    """
    try:
        content = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise GarbledError("not JSON") from error
    if type(content) is not list or not content or type(content[0]) is not str:
        raise GarbledError("not a list with a tag")
    return content[0], content[1:]


def outcome(line: bytes) -> Outcome:
    """Read a line that tells how a call went.

    Raises:
        GarbledError: if it is none.
    """
    match parse(line):
        case "returned", [value]:
            return Returned(decode(value))
        case "raised", [str(kind), list(kinds), errno, str(message), str(where)]:
            if type(errno) in (int, type(None)) and all(type(k) is str for k in kinds):
                return Raised(kind, tuple(kinds), errno, message, where)
    raise GarbledError("no outcome of a call")


def decode(content: Any, depth: int = 0) -> object:
    """Give the value of a result.

    Raises:
        GarbledError: if it is not what the runner writes.
    """
    if type(content) in _PLAIN:
        return content
    if type(content) is not list or not content or depth > _MAX_DEPTH:
        raise GarbledError("no value")
    match content:
        case ["bytes", str(digits)]:
            return _number(bytes.fromhex, digits)
        case ["float", str(digits)]:
            return _number(float.fromhex, digits)
        case ["huge", str(kind)]:
            return Foreign(kind, "far too large to be right")
        case ["other", str(kind), str(looks)]:
            return Foreign(kind, looks)
        case ["named", str(kind), *items]:
            return Named(kind, tuple(_all(items, depth)))
    values = _all(content[1:], depth)
    match content[0]:
        case "list":
            return values
        case "tuple":
            return tuple(values)
        case "dict":
            return _dict(values)
    raise GarbledError("no value")


def _all(items: list[Any], depth: int) -> list[object]:
    return [item if type(item) in _PLAIN else decode(item, depth + 1) for item in items]


def _number(read: Any, digits: str) -> object:
    try:
        value: object = read(digits)
    except (ValueError, OverflowError) as error:
        raise GarbledError("no digits") from error
    return value


def _dict(pairs: list[object]) -> dict[object, object]:
    found: dict[object, object] = {}
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise GarbledError("no dict")
        try:
            found[pair[0]] = pair[1]
        except TypeError as error:
            raise GarbledError("no dict") from error
    return found


def same(left: object, right: object) -> bool:
    """Tell whether two values are equal and of the same types, all the way down."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return same([*left.items()], [*right.items()])
    return left == right
