"""Addresses to try a parser with: valid ones, nearly valid ones, and hostile ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

_EDGES = (0, 1, 9, 10, 19, 20, 99, 100, 127, 128, 199, 200, 249, 250, 254, 255)
#: What parts of a dotted quad are drawn from: the edges are half of it.
_OCTETS = [*map(str, range(256)), *(str(edge) for edge in _EDGES for _ in range(16))]
#: How many bits are drawn of a group.
_BITS = (*[0] * 8, *range(1, 17))
#: What is put into a valid address to make it a doubtful one. No NUL: C strings end there.
_STRANGE = "0123456789abcdefABCDEF.:. :+-_xXgG%/\n\t\u0661\uff11\u00b2"

V4_VALID = (
    *("0.0.0.0", "127.0.0.1", "255.255.255.255", "1.2.3.4", "10.0.0.1", "192.168.100.200"),
    *("224.0.0.1", "0.0.0.1", "1.0.0.0", "9.10.99.100", "199.200.249.250"),
)
V4_INVALID = (
    *("", ".", "...", "1", "1.2", "1.2.3", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.", "1.2.3.4.5"),
    *("256.1.1.1", "1.2.3.256", "1.2.3.300", "1.2.3.1000", "999.0.0.0", "4294967296", "2130706433"),
    *("01.2.3.4", "1.02.3.4", "1.2.3.04", "00.0.0.0", "001.2.3.4", "0.0.0.00", "127.0.0.010"),
    *(" 1.2.3.4", "1.2.3.4 ", "1. 2.3.4", "1.2.3.4\n", "\t1.2.3.4", "1.2.3.4\r\n"),
    *("+1.2.3.4", "-1.2.3.4", "1.2.3.-4", "1.2.3.+4", "-0.0.0.0", "0x7f.0.0.1", "0x1.2.3.4"),
    *(
        "1.2.3.a",
        "a.b.c.d",
        "localhost",
        "1,2,3,4",
        "1.2.3,4",
        "1:2:3:4",
        "1.2.3.4/8",
        "1.2.3.4:80",
    ),
    *(
        "1_0.2.3.4",
        "1e1.2.3.4",
        "\u0661.2.3.4",
        "1.2.3.\uff14",
        "1.2.\u00b2.4",
        "::1",
        "1.2.3.4%lo",
    ),
)
V6_VALID = (
    *("::", "::1", "1::", "1::8", "fe80::1", "2001:db8::1", "1:2:3:4:5:6:7:8", "ffff::ffff"),
    *("0:0:0:0:0:0:0:0", "0000:0000:0000:0000:0000:0000:0000:0001", "ABCD:EF01::", "AbCd::eF"),
    *("::2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "1::3:4:5:6:7:8", "1:2:3::5:6:7:8", "0::0", "00::000"),
    *("::0", "0::", "::0:0", "1:0:0:0:0:0:0:8", "ff02::1:ff00:0", "0:0:0:1::", "000a:00b:c::"),
)
V6_INVALID = (
    *("", ":", ":::", "1", "1:", ":1", "1:2", ":1::", "1::2:", "::1:", "1:2:3:4:5:6:7", "1:::2"),
    *(
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1::2::3",
        "::1::",
        "1:2::3:4::",
        "1:2:3:4::5:6:7::8",
        "::1:2:3:4:5:6:7:8::",
    ),
    *("1:2:3:4::5:6:7:8", "1:2:3:4:5:6:7:8:", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:", "::::"),
    *(
        "12345::",
        "::12345",
        "::00001",
        "1:2:3:4:5:6:7:00008",
        "g::",
        "::g",
        "::-1",
        "::+1",
        "0x1::",
    ),
    *(
        " ::1",
        "::1 ",
        ":: 1",
        "::1\n",
        "::1%lo",
        "::1/64",
        "[::1]",
        "::\uff11",
        "::\u0661",
        "1_0::",
    ),
    *("1.2.3.4", "::1.2.3", "::1.2.3.4.5", "::1.2.3.256", "::1.2.3.04", "::01.2.3.4", "::.2.3.4"),
    *(
        "1.2.3.4::",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3.4::",
        "::ffff:1.2.3",
        "::1.2..4",
    ),
    *(
        "1:2:3:4:5:1.2.3.4",
        "::1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3.4 ",
        "::a.2.3.4",
        "::1:2:3:4:5:6:7.8",
    ),
    *("1:2:3:4:5:6::1.2.3.4", "::ffff:1.2.3.\uff14", "::ffff:0x1.2.3.4", "::ffff:1.2.3.+4"),
)
QUADS_IN_V6 = (
    *(
        "::1.2.3.4",
        "::ffff:1.2.3.4",
        "::ffff:0.0.0.0",
        "::ffff:255.255.255.255",
        "64:ff9b::192.0.2.1",
    ),
    *(
        "1:2:3:4:5:6:1.2.3.4",
        "::0.0.0.0",
        "::0.0.0.1",
        "::0.1.0.0",
        "fe80::1.2.3.4",
        "1::9.10.99.100",
    ),
    *("0:0:0:0:0:0:1.2.3.4", "0:0:0:0:0:ffff:1.2.3.4", "1:2:3:4:5::1.2.3.4", "::2:3:4:5:6:1.2.3.4"),
)


def quad(random: Random) -> str:
    """Draw a dotted quad."""
    return ".".join(random.choices(_OCTETS, k=4))


def groups(random: Random, count: int) -> list[int]:
    """Draw groups of 16 bits, zeros often among them."""
    return [random.getrandbits(bits) for bits in random.choices(_BITS, k=count)]


def v6(random: Random) -> str:
    """Draw an IPv6 address in one of the many ways to write it."""
    drawn = groups(random, 8)
    words = [random.choice(("{:x}", "{:X}", "{:04x}", "{:02X}")).format(group) for group in drawn]
    if random.random() < 0.3:
        return ":".join(words)
    start = random.randrange(8)
    end = random.randint(start + 1, 8)
    return ":".join(words[:start]) + "::" + ":".join(words[end:])


def v6_with_quad(random: Random) -> str:
    """Draw an IPv6 address that ends in a dotted quad, in lower case."""
    if random.random() < 0.4:
        return random.choice(("::", "::ffff:")) + quad(random)
    words = [f"{group:x}" for group in groups(random, 6)]
    if random.random() < 0.3:
        return ":".join([*words, quad(random)])
    start = random.randrange(6)
    end = random.randint(start + 1, 6)
    return ":".join(words[:start]) + "::" + ":".join([*words[end:], quad(random)])


def v6_packed(random: Random) -> bytes:
    """Draw the 16 bytes of an IPv6 address."""
    return b"".join(bytes((group >> 8, group & 0xFF)) for group in groups(random, 8))


def mutants(random: Random, draw: Callable[[Random], str]) -> Iterator[str]:
    """Draw texts without end that are valid addresses but for one or two characters."""
    while True:
        text = draw(random)
        for _ in range(random.randint(1, 2)):
            at = random.randint(0, len(text))
            cut = random.choice((0, 0, 1))
            put = random.choice((random.choice(_STRANGE), random.choice(_STRANGE), ""))
            text = text[:at] + put + text[at + cut :]
        yield text
