"""Runs in a contained process: reads a TOML file of answers, and prints what it says as JSON.

Nothing but the file's name comes in. Out goes `{"values": {name: text or null}}`, or `{"error":
sentence}`.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib

_WHY = (
    'a line is a name, an equals sign, and the answer in straight double quotes: window = "..."; '
    "what begins with # is a remark"
)


def plain(value: object) -> str | None:
    """Give an answer as text: a string, a number, or a list of such; None for anything else."""
    if isinstance(value, list):
        items = [item if isinstance(item, str) else plain_number(item) for item in value]
        return ", ".join(map(str, items)) if None not in items else None
    return value if isinstance(value, str) else plain_number(value)


def plain_number(value: object) -> str | None:
    """Give a whole number as text, if it is one of a size that can be an answer."""
    if type(value) is int and value.bit_length() < 128:
        return str(value)
    return None


def read(path: str) -> dict[str, object]:
    """Read a file."""
    with open(path, "rb") as file:
        data = file.read()
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return {"error": f"line {line} is no UTF-8 text; save the file as UTF-8"}
    except tomllib.TOMLDecodeError as error:
        return {"error": located(str(error), data)}
    except RecursionError:
        return {"error": "lists or tables in it are nested far too deeply"}
    except ValueError:
        return {"error": "it has a number with far too many digits"}
    return {"values": {name: plain(value) for name, value in content.items()}}


def located(message: str, data: bytes) -> str:
    """Put the line of a TOML error first, and say how a line has to look."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.S)
    if not found:
        return f"{message[:200]}; {_WHY}"
    what, line, column = found.groups()
    place = f"line {line}, column {column}" if line else f"line {data.count(10) + 1}, at the end"
    return f"{place}: {what[:200]}; {_WHY}"


print(json.dumps(read(sys.argv[-1])))
