"""04_inet: inet_pton and inet_ntop, against the C library's."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from random import Random

from grader.lab import addresses
from grader.lab.fixtures import Subject, program_file
from grader.lab.functions.cases import Case, Error, expect
from grader.lab.functions.functions import Functions, call
from grader.lab.functions.wire import Name
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.rules import C_LIBRARY, expect_rules

OFF_LIMITS = ("socket.inet_*", "ipaddress", "ctypes", *C_LIBRARY)
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
SHOWN = {4: Name("socket", "AF_INET"), 6: Name("socket", "AF_INET6")}
DRAWN = 1000


def packed_by_library(version: int, text: str) -> bytes | None:
    """Give what the C library makes of a text; None if it refuses."""
    try:
        return socket.inet_pton(FAMILY[version], text)
    except OSError:
        return None


def parsing(version: int, texts: Iterable[str]) -> list[Case]:
    """Give a case for each text, with the C library's bytes or an error as what is wanted."""
    cases = []
    for text in dict.fromkeys(texts):
        packed = packed_by_library(version, text)
        wanted = Error(["OSError"]) if packed is None else packed
        cases.append(Case(call("inet_pton", SHOWN[version], text), wanted))
    return cases


def accepted(version: int, texts: Iterable[str]) -> list[Case]:
    """Give the cases of the texts that the C library accepts."""
    return [case for case in parsing(version, texts) if isinstance(case.wanted, bytes)]


def refused(version: int, texts: Iterable[str]) -> list[Case]:
    """Give the cases of the texts that the C library refuses."""
    return [case for case in parsing(version, texts) if isinstance(case.wanted, Error)]


def formatting(version: int, packed: Iterable[bytes]) -> list[Case]:
    """Give a case for each address, with the C library's text as what is wanted."""
    return [
        Case(call("inet_ntop", SHOWN[version], each), socket.inet_ntop(FAMILY[version], each))
        for each in dict.fromkeys(packed)
    ]


def draws(random: Random, draw: Callable[[Random], str], known: Sequence[str]) -> list[str]:
    """Give the known texts, and drawn ones after them."""
    return [*known, *(draw(random) for _ in range(DRAWN))]


@promise()
def test_v4_parse(lab: Lab, functions: Functions) -> None:
    """`inet_pton` gives the four bytes of every dotted quad."""
    texts = draws(lab.random, addresses.quad, addresses.V4_VALID)
    expect(
        lab, functions, accepted(4, texts),
        "A dotted quad is four numbers from 0 to 255 in decimal. Each is one byte, the first one "
        "first.",
    )  # fmt: skip


@promise(after="v4_parse")
def test_v4_reject(lab: Lab, functions: Functions) -> None:
    """`inet_pton` raises OSError for any other text, with AF_INET."""
    mutants = islice(addresses.mutants(lab.random, addresses.quad), 2 * DRAWN)
    expect(
        lab, functions, refused(4, [*addresses.V4_INVALID, *mutants]),
        "Nothing but the digits 0 to 9 and three dots: four parts of one to three digits, no zero "
        "in front of another digit. int() takes more than that: spaces, signs, underscores, and "
        "digits of other scripts.",
    )  # fmt: skip


@promise()
def test_v4_format(lab: Lab, functions: Functions) -> None:
    """`inet_ntop` gives the dotted quad of four bytes."""
    texts = draws(lab.random, addresses.quad, addresses.V4_VALID)
    expect(
        lab, functions, formatting(4, map(socket.inet_aton, texts)),
        "Each byte as a decimal number, without zeros in front, and a dot between any two.",
    )  # fmt: skip


@promise()
def test_v6_parse(lab: Lab, functions: Functions) -> None:
    """`inet_pton` gives the 16 bytes of every IPv6 address in hex groups."""
    texts = draws(lab.random, addresses.v6, addresses.V6_VALID)
    expect(
        lab, functions, accepted(6, texts),
        "Eight groups of one to four hex digits, in upper or lower case; each is two bytes, the "
        "high one first. Once, `::` may stand for one group of zeros or more: at the beginning, in "
        "the middle, at the end, or alone.",
    )  # fmt: skip


@promise(after="v6_parse")
def test_v6_reject(lab: Lab, functions: Functions) -> None:
    """`inet_pton` raises OSError for any other text, with AF_INET6."""
    for_hex = islice(addresses.mutants(lab.random, addresses.v6), DRAWN)
    for_quads = islice(addresses.mutants(lab.random, addresses.v6_with_quad), DRAWN)
    expect(
        lab, functions, refused(6, [*addresses.V6_INVALID, *for_hex, *for_quads]),
        "Look at: how many groups there are, with `::` and without; `::` twice; a colon alone at "
        "either end; more than four digits; characters that are no hex digits. A dotted quad must "
        "be a right one, at the end only, and counts as two groups.",
    )  # fmt: skip


@promise(points=2)
def test_v6_format(lab: Lab, functions: Functions) -> None:
    """`inet_ntop` gives the shortest text: the longest run of zeros as `::`, lower case."""
    known = [socket.inet_pton(socket.AF_INET6, text) for text in addresses.V6_VALID]
    patterns = [
        b"".join(bytes((0, number >> bit & 1)) for bit in range(8)) for number in range(256)
    ]
    packed = [*known, *patterns, *(addresses.v6_packed(lab.random) for _ in range(DRAWN))]
    expect(
        lab, functions, [case for case in formatting(6, packed) if "." not in str(case.wanted)],
        "The longest run of zero groups becomes `::`, the first of several that are equally long, "
        "and never a single group. All other groups: lower case, no zeros in front.",
    )  # fmt: skip


@promise()
def test_v6_embedded_v4(lab: Lab, functions: Functions) -> None:
    """The last 32 bits may be a dotted quad: read in any address, written where the C library does."""
    texts = draws(lab.random, addresses.v6_with_quad, addresses.QUADS_IN_V6)
    cases = accepted(6, texts)
    packed = [case.wanted for case in cases if isinstance(case.wanted, bytes)]
    shown = [case for case in formatting(6, packed) if "." in str(case.wanted)]
    expect(
        lab, functions, cases + shown,
        "Read: the quad stands for the last two groups, after a colon. Written: after ten zero "
        "bytes and ff ff, and after twelve zero bytes if a byte that is not zero comes in the next "
        "two; in all other addresses these are hex groups.",
    )  # fmt: skip


@promise()
def test_bad_arguments(lab: Lab, functions: Functions) -> None:
    """Wrong length: ValueError; unknown family: OSError with EAFNOSUPPORT; wrong type: TypeError."""
    length, kind = Error(["ValueError"]), Error(["TypeError"])
    family = Error(["OSError"], errno.EAFNOSUPPORT, "EAFNOSUPPORT")
    cases = [
        Case(call("inet_ntop", SHOWN[version], lab.random.randbytes(size)), length)
        for version, right in ((4, 4), (6, 16))
        for size in (0, 1, 3, 4, 5, 8, 15, 16, 17, 64)
        if size != right
    ]
    for unknown in (0, 1, 17, 99, lab.random.randrange(100, 1000)):
        cases.append(Case(call("inet_pton", unknown, "1.2.3.4"), family))
        cases.append(Case(call("inet_pton", unknown, "::1"), family))
        cases.append(Case(call("inet_ntop", unknown, bytes(4)), family))
        cases.append(Case(call("inet_ntop", unknown, bytes(16)), family))
    for version, text, packed in ((4, "1.2.3.4", "abcd"), (6, "::1", "abcdefghijklmnop")):
        no_text: tuple[object, ...] = (text.encode(), None, 0, 1.5, [text], (1, 2, 3, 4))
        no_bytes: tuple[object, ...] = (packed, None, 0, 1.5, [0] * len(packed), (0,) * len(packed))
        cases += [Case(call("inet_pton", SHOWN[version], other), kind) for other in no_text]
        cases += [Case(call("inet_ntop", SHOWN[version], other), kind) for other in no_bytes]
    expect(
        lab, functions, cases,
        "Look at the family first, then at the type, then at the length: 4 bytes for AF_INET, 16 for "
        "AF_INET6. An OSError is made of a number from `errno` and a text.",
    )  # fmt: skip


@promise(after="v4_parse")
def test_rules(lab: Lab, subject: Subject) -> None:
    """Parses and formats by itself: none of the names that are off limits is used."""
    calls = [call("inet_pton", SHOWN[4], text) for text in (*addresses.V4_VALID, "1.2.3", "", "x")]
    calls += [
        call("inet_pton", SHOWN[6], text) for text in (*addresses.V6_VALID, "1::2::3", "", ":")
    ]
    calls += [call("inet_pton", SHOWN[6], text) for text in addresses.QUADS_IN_V6]
    calls += [call("inet_ntop", SHOWN[4], bytes(size)) for size in (4, 5)]
    calls += [call("inet_ntop", SHOWN[6], bytes(size)) for size in (16, 5)]
    calls += [call(name, 99, value) for name, value in (("inet_pton", "1"), ("inet_ntop", b"1"))]
    expect_rules(lab, program_file(lab, subject, "module"), OFF_LIMITS, calls, {})
