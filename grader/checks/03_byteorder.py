"""03_byteorder: htons, htonl, ntohs and ntohl, against the C library's."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Sequence
from random import Random

from grader.lab.fixtures import Subject, program_file
from grader.lab.functions.cases import Case, Error, expect
from grader.lab.functions.functions import Functions, call
from grader.lab.functions.show import text
from grader.lab.functions.wire import Outcome, Raised, Returned, same
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.rules import expect_rules
from grader.lab.transcript import PromiseBrokenError

CONSTANT = "HOST_ORDER"
GIVEN = {CONSTANT: sys.byteorder}
OFF_LIMITS = (
    "sys.byteorder", "struct", "socket", "int.to_bytes", "int.from_bytes", "array", "ctypes",
)  # fmt: skip
ORACLE: dict[str, Callable[[int], int]] = {
    "htons": socket.htons,
    "htonl": socket.htonl,
    "ntohs": socket.ntohs,
    "ntohl": socket.ntohl,
}
BITS = {"htons": 16, "htonl": 32, "ntohs": 16, "ntohl": 32}
CORNERS = {
    16: (0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x1234, 0x7FFF, 0x8000, 0xFF00, 0xFFFE, 0xFFFF),
    32: (
        *(0, 1, 0xFF, 0x100, 0xFFFF, 0x10000, 0x12345678, 0xFF000000, 0x00FF00FF),
        *(0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF),
    ),
}
DRAWN = 1000


def numbers(random: Random, bits: int, count: int = DRAWN) -> Sequence[int]:
    """Give the corner cases, and numbers that are drawn."""
    return [*CORNERS[bits], *drawn(random, bits, count)]


def drawn(random: Random, bits: int, count: int) -> list[int]:
    """Draw numbers of every length up to `bits`."""
    return [random.getrandbits(random.randint(1, bits)) for _ in range(count)]


def compare_with_library(lab: Lab, functions: Functions, name: str) -> None:
    """Hold a function against the C library's of the same name."""
    cases = [Case(call(name, n), ORACLE[name](n)) for n in numbers(lab.random, BITS[name])]
    expect(lab, functions, cases, lambda case, outcome: _why(name, case, outcome))


def _why(name: str, case: Case, outcome: Outcome) -> str:
    size = BITS[name] // 8
    if isinstance(outcome, Returned) and outcome.value == case.call.arguments[0]:
        return (
            f"The number came back as it was. This host is {sys.byteorder}-endian, the network "
            f"big-endian: unless they agree, all {size} bytes change places."
        )
    if isinstance(outcome, Raised):
        return f"{name} takes every number from 0 to {(1 << BITS[name]) - 1:#x}."
    return (
        f"Write the number as {2 * size} hex digits: two digits are a byte. The {size} bytes come "
        "out in the opposite order, the last first, each byte itself unchanged."
    )


@promise()
def test_htons(lab: Lab, functions: Functions) -> None:
    """`htons` gives what the C library's htons gives."""
    compare_with_library(lab, functions, "htons")


@promise()
def test_htonl(lab: Lab, functions: Functions) -> None:
    """`htonl` gives what the C library's htonl gives."""
    compare_with_library(lab, functions, "htonl")


@promise()
def test_ntohs(lab: Lab, functions: Functions) -> None:
    """`ntohs` gives what the C library's ntohs gives."""
    compare_with_library(lab, functions, "ntohs")


@promise()
def test_ntohl(lab: Lab, functions: Functions) -> None:
    """`ntohl` gives what the C library's ntohl gives."""
    compare_with_library(lab, functions, "ntohl")


@promise()
def test_round_trip(lab: Lab, functions: Functions) -> None:
    """To the network and back gives the number again, with all four functions used in turn."""
    pairs = (("htons", "ntohs"), ("htonl", "ntohl"), ("ntohs", "htons"), ("ntohl", "htonl"))
    trips = [
        (there, back, number)
        for number in sorted(drawn(lab.random, 16, count=250))
        if number not in CORNERS[16]
        for there, back in pairs
    ]
    middle = functions.call([call(there, number) for there, _back, number in trips])
    values = [outcome.value if isinstance(outcome, Returned) else 0 for outcome in middle]
    ends = functions.call([call(trip[1], value) for trip, value in zip(trips, values, strict=True)])
    lab.note(f"{len(trips)} numbers sent there and back, with all four functions in turn")
    lab.compared()
    for (there, back, number), first, last in zip(trips, middle, ends, strict=True):
        if not (isinstance(last, Returned) and same(last.value, number)):
            raise PromiseBrokenError(
                f"{back}({there}({text(number)})) gives {text(number)}",
                f"{there} {text(first)}, and {back} of that {text(last)}",
                "What one function does, the other undoes, whatever was called before: nothing that "
                "one call remembers may change what another gives.",
            )


@promise(points=2)
def test_big_endian_host(lab: Lab, subject: Subject) -> None:
    """With HOST_ORDER = "big" all four functions give the number back as it is."""
    functions = Functions(lab, program_file(lab, subject, "module"), {CONSTANT: "big"})
    lab.note(f'{functions.file} imported with {CONSTANT} = "big"')
    cases = [
        Case(call(name, n), n) for name in ORACLE for n in numbers(lab.random, BITS[name], 100)
    ]
    expect(
        lab, functions, cases,
        f"On a big-endian host the two orders are the same, so nothing is swapped. Ask {CONSTANT}: "
        "the grader imports your file with another value of it.",
    )  # fmt: skip


@promise(points=2)
def test_range_errors(lab: Lab, functions: Functions) -> None:
    """Raises OverflowError for what is negative or too wide, TypeError for what is no int."""
    cases = []
    for name, bits in BITS.items():
        top = 1 << bits
        some = drawn(lab.random, bits, 20)
        outside = [-1, top, top + 1, -top, 1 << 64, 1 << 100, -(1 << 100)]
        outside += [-1 - n for n in some] + [top + n for n in some]
        cases += [Case(call(name, n), Error(["OverflowError"])) for n in outside]
        others: tuple[object, ...] = ("1", 1.0, 0.5, None, b"\x01", (), [1], "")
        cases += [Case(call(name, other), Error(["TypeError"])) for other in others]
        cases += [Case(call(name, flag), ORACLE[name](flag)) for flag in (False, True)]
    expect(
        lab, functions, cases,
        "A port has 16 bits and an IPv4 address has 32: htons and ntohs take 0 to 0xffff, htonl and "
        "ntohl 0 to 0xffffffff. Look at the type first. A bool is an int in Python.",
    )  # fmt: skip


@promise(after="htons")
def test_rules(lab: Lab, subject: Subject) -> None:
    """Does it by arithmetic: none of the names that are off limits is used."""
    file = program_file(lab, subject, "module")
    calls = [call(name, n) for name in ORACLE for n in (*numbers(lab.random, 16, 10), -1, 1 << 40)]
    expect_rules(lab, file, OFF_LIMITS, calls, GIVEN)
