"""How headers and their bytes are written in messages: field by field, with the fields' names."""

from __future__ import annotations

from collections.abc import Sequence

from grader.lab.frames import fields
from grader.lab.frames.layers import FLAGS, KINDS, TABLES, TCP, TYPE_ARP, TYPE_IPV4, UDP
from grader.lab.functions.show import hexed, marked, text
from grader.lab.functions.wire import Made, Named

_BEFORE, _AFTER = 8, 24
_SHOWN = 64
_INSIDE = {TYPE_ARP: "Arp", TYPE_IPV4: "IPv4"}


def described(value: object) -> str:
    """Write a value as one would type it, with the names of a header's fields."""
    match value:
        case Made(kind, items) | Named(kind, items) if len(items) == _count(kind):
            pairs = zip(KINDS[kind]._fields, items, strict=True)
            shown = ", ".join(f"{name}={field(kind, name, item)}" for name, item in pairs)
            return f"{kind}({shown})"
        case list():
            return f"[{', '.join(map(described, value))}]"
        case dict():
            return f"a dict of {', '.join(map(described, value))}"
        case tuple():
            return f"({', '.join(map(described, value))})"
    return text(value)


def field(kind: str, name: str, value: object) -> str:
    """Write the value of a header's field: TCP's flags by name, a frame's type in hex."""
    if type(value) is not int or value < 0:
        return text(value)
    if (kind, name) == ("Tcp", "flags") and value < 1 << len(FLAGS):
        return "|".join(flag for bit, flag in enumerate(FLAGS) if value >> bit & 1) or "0"
    return f"{value:#06x}" if (kind, name) == ("Ethernet", "type") else str(value)


def owners(kind: str, data: bytes, deep: bool = False) -> list[str]:
    """Give for each byte the field that it lies in.

    Args:
        kind: the header that comes first, or anything else for bytes without fields.
        data: right bytes.
        deep: look into what the header carries as well.
    """
    table = TABLES.get(kind)
    if table is None:
        return ["payload"] * len(data)
    found = [f"{kind} {name}" for name in fields.names(table)]
    values = fields.read(table, data)
    words = values.get("header_length", values.get("data_offset", 0))
    found += [f"{kind} options"] * (4 * words - len(found))
    inner = _inside(kind, values) if deep else ""
    end = values.get("total_length", len(data))
    found += owners(inner, data[len(found) : end], deep)
    return (found + ["padding"] * (len(data) - len(found)))[: len(data)]


def bytes_differ(got: bytes, wanted: bytes, names: Sequence[str]) -> str:
    """Write how bytes differ from what was wanted: the place, its field, and both contents.

    Args:
        got: what came.
        wanted: the right bytes.
        names: the field that each of the right bytes lies in.
    """
    sizes = f"{len(got)} bytes, not {len(wanted)}: " if len(got) != len(wanted) else "bytes "
    places = [i for i, pair in enumerate(zip(got, wanted, strict=False)) if len({*pair}) > 1]
    causes = [i for i in places if not names[i].endswith("checksum")]
    at = next(iter(causes or places), None)
    if at is None:
        at = min(len(got), len(wanted))
        if at == len(wanted):
            return f"{sizes}after the right ones come {len(got) - at} more, {hexed(got[at:])}"
        return (
            f"{sizes}{around(got, wanted, at)}; from byte {at} on, in {names[at]}, they are missing"
        )
    first = last = at
    while first and names[first - 1] == names[at]:
        first -= 1
    while last + 1 < len(names) and names[last + 1] == names[at]:
        last += 1
    place = f"byte {first}" if first == last else f"bytes {first} to {last}"
    if last - first > _AFTER:
        return (
            f"{sizes}{around(got, wanted, at)}; the first difference is byte {at}, in {names[at]}"
        )
    content = f"{hexed(got[first : last + 1])} instead of {hexed(wanted[first : last + 1])}"
    return f"{sizes}{around(got, wanted, at)}; {names[at]} ({place}) is {content}"


def around(got: bytes, wanted: bytes, at: int) -> str:
    """Write bytes in hex with the differing ones in brackets; of many, those around a place."""
    if len(got) <= _SHOWN:
        return marked(got, wanted[: len(got)])
    first = max(0, min(at, len(got)) - _BEFORE)
    end = first + _BEFORE + _AFTER
    before, after = "... " if first else "", " ..." if end < len(got) else ""
    return f"{before}{marked(got[first:end], wanted[first:end])}{after}"


def headers_differ(got: Named, wanted: Named) -> str:
    """Write which field of a header differs from what was wanted."""
    if got.kind != wanted.kind:
        return f"a header {described(got)}, where {_a(wanted.kind)} belongs"
    names = KINDS[wanted.kind]._fields
    if len(got.items) != len(names):
        return f"{_a(wanted.kind)} with {len(got.items)} fields instead of {len(names)}"
    for name, one, other in zip(names, got.items, wanted.items, strict=True):
        if type(one) is not type(other) or one != other:
            shown = field(got.kind, name, one)
            if type(one) is not type(other):
                shown += f", which is no {type(other).__name__},"
            right = field(wanted.kind, name, other)
            return f"{_a(wanted.kind)} with {name}={shown} instead of {right}"
    return "the right header"


def _a(kind: str) -> str:
    return f"{'a' if kind in ('Udp', 'Tcp') else 'an'} {kind}"


def _count(kind: str) -> int:
    return len(KINDS[kind]._fields) if kind in KINDS else -1


def _inside(kind: str, values: dict[str, int]) -> str:
    if kind == "Ethernet":
        return _INSIDE.get(values["type"], "")
    if kind == "IPv4" and not values["flags"] & 1 and not values["fragment_offset"]:
        return {TCP: "Tcp", UDP: "Udp"}.get(values["protocol"], "")
    return ""
