"""02_endian: byte order seen through a union, and bytes swapped by hand."""

from __future__ import annotations

import struct
import sys
from random import Random

from grader.lab.fixtures import Subject, program_file
from grader.lab.functions.cases import Case, expect
from grader.lab.functions.functions import Functions, call
from grader.lab.functions.show import text
from grader.lab.functions.wire import Name, Outcome, Returned, Twin
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.rules import C_LIBRARY, expect_rules

OFF_LIMITS = (
    "sys.byteorder", "struct", "socket", "int.to_bytes", "int.from_bytes", "array", *C_LIBRARY,
)  # fmt: skip
BIG = Name("ctypes", "BigEndianUnion")
#: Who knows the one by name has to look into the memory of the other.
OTHER_BIG = Twin(BIG)
CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}
DRAWN = 1000
#: Fewer, because a union class is made for each.
DRAWN_LAYOUTS = 40
PATTERN = 0x0123456789ABCDEF


def numbers(random: Random, bits: int, count: int = DRAWN) -> list[int]:
    """Draw numbers of every length up to `bits`, the corner cases before them."""
    top = (1 << bits) - 1
    corners = [0, 1, 0x7F, 0x80, 0xFF, top, top - 1, top >> 1, 1 << bits - 1, PATTERN >> 64 - bits]
    corners += [0xFF << shift for shift in range(0, bits, 8)]
    return corners + [random.getrandbits(random.randint(1, bits)) for _ in range(count)]


def layouts(random: Random, order: str) -> list[tuple[int, int, list[int]]]:
    """Give numbers, sizes, and the bytes as `struct` lays them out in an order (`=`, `>`)."""
    return [
        (number, size, list(struct.pack(f"{order}{code}", number)))
        for size, code in CODES.items()
        for number in numbers(random, 8 * size, DRAWN_LAYOUTS)
    ]


@promise()
def test_native(lab: Lab, functions: Functions) -> None:
    """`host_byte_order()` gives this host's byte order, "little" or "big"."""
    expect(
        lab, functions, [Case(call("host_byte_order"), sys.byteorder)] * 3,
        "Write a 16-bit number whose two bytes differ into the union, and look at the byte that "
        "comes first. If it is the low one, the little end comes first.",
    )  # fmt: skip


@promise(points=2)
def test_big_endian_machine(lab: Lab, functions: Functions) -> None:
    """With `ctypes.BigEndianUnion` as the base, both functions answer as on a big-endian machine."""
    cases = [Case(call("host_byte_order", base), "big") for base in (BIG, OTHER_BIG)]
    cases += [
        Case(call("memory_layout", number, size, base), wanted)
        for base in (BIG, OTHER_BIG)
        for number, size, wanted in layouts(lab.random, ">")
    ]
    expect(
        lab, functions, cases,
        "Build the union on the class that comes in as `base`, in each call, and say only what you "
        "see in it. What this host does must not be in your answer.",
    )  # fmt: skip


@promise(points=2)
def test_layout(lab: Lab, functions: Functions) -> None:
    """`memory_layout` gives the bytes of an integer of 1, 2, 4 or 8 bytes, lowest address first."""
    cases = [Case(call("memory_layout", n, s), b) for n, s, b in layouts(lab.random, "=")]
    expect(
        lab, functions, cases,
        "All members of a union begin at the same address: an integer of `size` bytes, and as many "
        "single bytes over it. Give all of them, as a list of ints, byte 0 first.",
    )  # fmt: skip


@promise(points=2)
def test_swap16(lab: Lab, functions: Functions) -> None:
    """`swap16` gives a 16-bit number with its two bytes in the opposite order."""
    swap(lab, functions, "swap16", 2)


@promise(points=2)
def test_swap32(lab: Lab, functions: Functions) -> None:
    """`swap32` gives a 32-bit number with its four bytes in the opposite order."""
    swap(lab, functions, "swap32", 4)


def swap(lab: Lab, functions: Functions, name: str, size: int) -> None:
    """Hold a function against struct, which packs in one order and unpacks in the other."""
    code = CODES[size]

    def swapped(number: int) -> int:
        return int(struct.unpack(f">{code}", struct.pack(f"<{code}", number))[0])

    def why(case: Case, outcome: Outcome) -> str:
        number, wanted = case.call.arguments[0], case.wanted
        got = f", and not {text(outcome.value)}" if isinstance(outcome, Returned) else ""
        return (
            f"With all {2 * size} hex digits, {number:0{2 * size}x} becomes {wanted:0{2 * size}x}"
            f"{got}. Take each byte out with a shift and a mask, and put it where it belongs; the "
            "result has no more bits than the argument."
        )

    cases = [Case(call(name, number), swapped(number)) for number in numbers(lab.random, 8 * size)]
    expect(lab, functions, cases, why)


@promise(after="native")
def test_rules(lab: Lab, subject: Subject) -> None:
    """Looks into memory through a union: none of the names that are off limits is used."""
    calls = [call("host_byte_order"), call("host_byte_order", BIG), call("swap16", 0x1234)]
    calls += [call("swap32", 0x12345678)]
    calls += [call("memory_layout", 1, size, *base) for size in CODES for base in ((), (BIG,))]
    expect_rules(lab, program_file(lab, subject, "module"), OFF_LIMITS, calls, {})
