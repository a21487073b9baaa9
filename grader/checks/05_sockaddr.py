"""05_sockaddr: the bytes of struct sockaddr_in, against `struct` and against the kernel."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
from random import Random

from grader.lab import addresses
from grader.lab.functions.cases import Case, Error, expect
from grader.lab.functions.functions import Functions, call
from grader.lab.functions.show import hexed, text
from grader.lab.functions.wire import Outcome, Returned
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.transcript import PromiseBrokenError

#: The members of the struct, where they lie (ip(7)).
FIELDS = {"sin_family": (0, 2), "sin_port": (2, 4), "sin_addr": (4, 8), "sin_zero": (8, 16)}
PORTS = (0, 1, 7, 80, 255, 256, 443, 0x1234, 8080, 0x7FFF, 0x8000, 0xFF00, 65534, 65535)
ANY_ERROR = Error(["OverflowError", "TypeError", "OSError", "ValueError"])
DRAWN = 500
BINDS = 8
_TRIES = 10
_libc = ctypes.CDLL(None, use_errno=True)


def packed(host: str, port: int, family: int = socket.AF_INET) -> bytes:
    """Give the bytes as this host's C compiler would lay them out."""
    return struct.pack("=H", family) + struct.pack("!H4s8x", port, socket.inet_aton(host))


def endpoints(random: Random) -> dict[str, int]:
    """Draw ports by host, no host twice; each corner case of either is among them."""
    ports = [*PORTS, *(random.getrandbits(random.randint(1, 16)) for _ in range(DRAWN))]
    found = {f"10.{index}.0.1": port for index, port in enumerate(PORTS)}
    for host in (*addresses.V4_VALID, *(addresses.quad(random) for _ in range(DRAWN))):
        found.setdefault(host, random.choice(ports))
    return found


def compare_field(lab: Lab, functions: Functions, field: str, why: str) -> None:
    """Hold one member of the struct against what it should be."""
    asked = list(endpoints(lab.random).items())
    outcomes = functions.call([call("pack_sockaddr_in", *pair) for pair in asked])
    lab.note(f"{functions.file}: pack_sockaddr_in called with {len(asked)} hosts and ports")
    lab.compared()
    first, end = FIELDS[field]
    failing = [
        (pair, outcome)
        for pair, outcome in zip(asked, outcomes, strict=True)
        if not isinstance(outcome, Returned)
        or not isinstance(outcome.value, bytes)
        or outcome.value[first:end] != packed(*pair)[first:end]
    ]
    if failing:
        pair, outcome = min(failing, key=lambda each: (len(each[0][0]), each[0][1]))
        asked_for = f"pack_sockaddr_in({pair[0]!r}, {pair[1]})"
        raise PromiseBrokenError(
            f"{asked_for} has {hexed(packed(*pair)[first:end])} in {field}, bytes {first} to {end - 1}",
            f"it {members(outcome, field)}; {len(failing)} of {len(asked)} inputs fail",
            why,
        )


def members(outcome: Outcome, field: str = "") -> str:
    """Write a result member by member, one of them in brackets."""
    if not isinstance(outcome, Returned) or not isinstance(outcome.value, bytes):
        return text(outcome)
    data = outcome.value
    parts = []
    for name, (first, end) in FIELDS.items():
        shown = f"{name} {hexed(data[first:end]) or 'missing'}"
        parts.append(f"[{shown}]" if name == field else shown)
    more = [f"and {len(data) - 16} bytes more"] if len(data) > 16 else []
    return f"gave {', '.join(parts + more)}"


@promise()
def test_size(lab: Lab, functions: Functions) -> None:
    """`pack_sockaddr_in` gives 16 bytes."""
    asked = list(endpoints(lab.random).items())
    outcomes = functions.call([call("pack_sockaddr_in", *pair) for pair in asked])
    lab.note(f"{functions.file}: pack_sockaddr_in called with {len(asked)} hosts and ports")
    for (host, port), outcome in zip(asked, outcomes, strict=True):
        value = outcome.value if isinstance(outcome, Returned) else None
        lab.expect(
            isinstance(value, bytes) and len(value) == 16,
            f"pack_sockaddr_in({host!r}, {port}) gives 16 bytes",
            f"it gave {len(value)} bytes" if isinstance(value, bytes) else f"it {text(outcome)}",
            "The struct has 16 bytes: two for the family, two for the port, four for the address, "
            "and eight zeros that fill it up.",
        )


@promise()
def test_family_host_order(lab: Lab, functions: Functions) -> None:
    """The family comes first, as a 16-bit number in this host's byte order."""
    compare_field(
        lab, functions, "sin_family",
        f"The family is AF_INET, which is {int(socket.AF_INET)}. It never leaves this host, so it is "
        "stored as this host stores its numbers, and not in network order.",
    )  # fmt: skip


@promise(points=2)
def test_port_network_order(lab: Lab, functions: Functions) -> None:
    """The port comes next, as a 16-bit number in network byte order."""
    compare_field(
        lab, functions, "sin_port",
        "The port goes into packets as it is, so it is in network order: the high byte first, both "
        "bytes always there. In C one writes htons(port).",
    )  # fmt: skip


@promise()
def test_address(lab: Lab, functions: Functions) -> None:
    """Then comes the address, four bytes in network byte order."""
    compare_field(
        lab, functions, "sin_addr",
        "The four parts of the dotted quad are the four bytes, in the same order.",
    )  # fmt: skip


@promise()
def test_zero_padding(lab: Lab, functions: Functions) -> None:
    """The last eight bytes are zero."""
    compare_field(
        lab, functions, "sin_zero",
        "Eight bytes of value 0 make the struct as large as every other sockaddr. A digit '0' or a "
        "space is no zero byte.",
    )  # fmt: skip


@promise(points=2)
def test_kernel_binds(lab: Lab, functions: Functions) -> None:
    """The kernel's bind(2) takes the bytes, and getsockname(2) gives the address back."""
    hosts = [f"127.{lab.random.randrange(1, 255)}.{n}.1" for n in range(BINDS // 2)]
    for host in hosts:
        for _ in range(2):
            _bind_somewhere(lab, functions, host)


def _bind_somewhere(lab: Lab, functions: Functions, host: str) -> None:
    """Let the kernel bind a socket to a host with the student's bytes, at a port that is free."""
    for _ in range(_TRIES):
        port = lab.random.randrange(20_000, 60_000)
        if not isinstance(_bind(packed(host, port)), OSError):
            break
    else:
        raise RuntimeError(f"no socket can be bound to {host} here")
    (outcome,) = functions.call([call("pack_sockaddr_in", host, port)])
    value = outcome.value if isinstance(outcome, Returned) else None
    expected = f"a socket bound with pack_sockaddr_in({host!r}, {port}) has that address"
    why = (
        "bind(2) reads the bytes just as they are: the family in host order, the port and the "
        "address in network order, at their places, and made anew for each call."
    )
    lab.expect(isinstance(value, bytes), expected, f"pack_sockaddr_in {text(outcome)}", why)
    assert isinstance(value, bytes)
    name = _bind(value)
    if isinstance(name, OSError):
        seen = f"bind said: {name.strerror}; pack_sockaddr_in {members(outcome)}"
    else:
        seen = f"getsockname gave {name[0]} port {name[1]}; pack_sockaddr_in {members(outcome)}"
    lab.expect(name == (host, port), expected, seen, why)
    lab.note(f"bind(2) took the bytes; getsockname(2) gave {host} port {port}")


def _bind(address: bytes) -> tuple[str, int] | OSError:
    """Call bind(2) with some bytes; give what getsockname(2) says then, or how bind failed."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        if _libc.bind(sock.fileno(), address, len(address)) != 0:
            number = ctypes.get_errno()
            return OSError(number, f"{errno.errorcode.get(number)}, {os.strerror(number)}")
        host, port = sock.getsockname()
        return str(host), int(port)


@promise()
def test_unpack(lab: Lab, functions: Functions) -> None:
    """`unpack_sockaddr_in` gives the host and the port of such bytes."""
    asked = endpoints(lab.random).items()
    expect(
        lab, functions,
        [Case(call("unpack_sockaddr_in", packed(*pair)), pair) for pair in asked],
        "A tuple of the dotted quad, a str, and the port, an int. Bytes 2 and 3 are the port, the "
        "high one first; bytes 4 to 7 are the address.",
        decimal=True,
    )  # fmt: skip


@promise(after="address")
def test_errors(lab: Lab, functions: Functions) -> None:
    """Raises for a wrong port, a host that is no dotted quad, and bytes of a wrong length or family."""
    number = lab.random.randrange(65_536, 1 << 20)
    ports = (-1, 65_536, -65_536, 1 << 16 | 80, 1 << 32 | 80, 1 << 64, number, -number)
    others: tuple[object, ...] = ("80", "", 80.0, 80.5, None, b"80", "http", (80,))
    hosts = (
        *addresses.V4_INVALID,
        "localhost",
        "ip6-localhost",
        "<broadcast>",
        "example.org",
    )
    good = packed("127.0.0.1", 80)
    data = [good[:size] for size in range(16)] + [good + bytes(more) for more in (1, 4, 12, 112)]
    families = (0, 1, 10, 17, 512, 0xFFFF, 258, lab.random.randrange(100, 200))
    data += [packed("127.0.0.1", 80, family) for family in families]
    calls = [call("pack_sockaddr_in", "127.0.0.1", port) for port in (*ports, *others)]
    calls += [call("pack_sockaddr_in", host, 80) for host in hosts]
    calls += [call("unpack_sockaddr_in", each) for each in data]
    expect(
        lab, functions, [Case(each, ANY_ERROR) for each in calls],
        "What can't be right must not go on in silence. Look at the port's type and range, at the "
        "host (no names, nothing left out), at the length and the family of the bytes. struct.error "
        "is none of the four errors that the README names.",
        decimal=True,
    )  # fmt: skip
