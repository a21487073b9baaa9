"""Bytes that look like headers and can't be right: cut off, with lengths that lie, or corrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from random import Random

from grader.lab.frames import draw, reading, reference
from grader.lab.frames.calls import refused
from grader.lab.frames.layers import REPLY, TCP, TYPE_ARP, TYPE_IPV4, UDP, Ethernet, IPv4
from grader.lab.frames.reading import RefusedError
from grader.lab.frames.trials import Trial

_READ: dict[str, Callable[..., object]] = {
    "parse_ethernet": reading.ethernet,
    "parse_arp": reading.arp,
    "parse_ipv4": reading.ipv4,
    "parse_udp": reading.udp,
    "parse_tcp": reading.tcp,
    "decapsulate": reading.layers,
}
_PLAIN = IPv4("10.0.0.1", "10.0.0.2", 1)
_CHECKSUM_AT = 10


def refusals(calls: Iterable[tuple[object, ...]], reason: type[RefusedError]) -> list[Trial]:
    """Give trials of the calls that have to be refused for a reason.

    Args:
        calls: a function's name and its arguments each.
        reason: what the reference says of them; others are left out.
    """
    found = []
    for function, *arguments in calls:
        try:
            _READ[str(function)](*arguments)
        except reason:
            found.append(refused(str(function), *arguments))
        except RefusedError:
            continue
    return found


def cut(random: Random) -> Iterator[tuple[object, ...]]:
    """Cut packets and frames off, at every place."""
    between = (draw.address(random), draw.address(random))
    ip = draw.ipv4(random, TCP, whole=True)
    data = draw.payload(random, 5, 20)
    whole: list[tuple[str, bytes, tuple[str, ...]]] = [
        ("parse_ethernet", reference.ethernet(draw.ethernet(random), b""), ()),
        ("parse_arp", reference.arp(draw.arp(random, REPLY)), ()),
        ("parse_ipv4", reference.ipv4(ip, data), ()),
        ("parse_ipv4", reference.ipv4(_PLAIN, b""), ()),
        ("parse_udp", reference.udp(draw.udp(random), data, *between), between),
        ("parse_udp", reference.udp(draw.udp(random), data, *between, checksum=0), between),
        ("parse_tcp", reference.tcp(draw.tcp(random), data, *between), between),
    ]
    whole += [
        ("decapsulate", reference.build(draw.layers(random, stack, 1, 20)), ())
        for stack in draw.STACKS
    ]
    for function, content, more in whole:
        for size in range(len(content)):
            yield (function, content[:size], *more)


def lying(random: Random) -> Iterator[tuple[object, ...]]:
    """Build packets whose lengths contradict each other, while each checksum is right."""
    between = (draw.address(random), draw.address(random))
    data = draw.payload(random, 41, 60)
    for words in range(16):
        header = draw.ipv4(random)._replace(options=b"")
        size = random.choice((20, 24, 4 * words, 4 * words + 1))
        if words >= 3:
            yield ("parse_ipv4", sealed(header, data, words, size))
            yield ("parse_ipv4", sealed(header, data, words, 4 * words - 1))
        tcp = draw.tcp(random)._replace(options=b"")
        for length in (0, 3, 4 * words - 21):
            rest = data[: max(0, length)]
            yield ("parse_tcp", reference.tcp(tcp, rest, *between, data_offset=words), *between)
    for total in (*range(20), 20 + len(data) + 1, 0xFFFF, random.randrange(200, 0xFFFF)):
        yield ("parse_ipv4", reference.ipv4(_PLAIN, data, total_length=total))
        packet = reference.ipv4(_PLAIN._replace(protocol=UDP), data, total_length=total)
        yield ("decapsulate", reference.ethernet(draw.ethernet(random, TYPE_IPV4), packet))
    for length in (*range(8), 8 + len(data) + 1, 0xFFFF, random.randrange(200, 0xFFFF)):
        for forged in ({"length": length}, {"length": length, "checksum": 0}):
            yield (
                "parse_udp", reference.udp(draw.udp(random), data, *between, **forged), *between
            )  # fmt: skip


def sealed(header: IPv4, payload: bytes, words: int, total: int) -> bytes:
    """Build a packet with a forged header length, over just which the checksum is right."""
    data = reference.ipv4(header, payload, header_length=words, total_length=total, checksum=0)
    right = reference.checksum(data[: 4 * words]).to_bytes(2, "big")
    return data[:_CHECKSUM_AT] + right + data[_CHECKSUM_AT + 2 :]


def garbage(random: Random, count: int) -> Iterator[tuple[object, ...]]:
    """Draw frames that are nothing but noise after their types."""
    for _ in range(count):
        kind = random.choice((TYPE_IPV4, TYPE_ARP))
        header = Ethernet(draw.station(random), draw.station(random), kind)
        noise = random.randbytes(random.randrange(60))
        version = bytes([random.choice((0x45, 0x45, 0x4F, 0x40, 0x46))])
        yield ("decapsulate", reference.ethernet(header, version + noise))
        yield ("decapsulate", random.randbytes(random.randrange(14)))


def flipped(random: Random, count: int) -> Iterator[tuple[object, ...]]:
    """Flip a bit of a right packet or frame."""
    between = (draw.address(random), draw.address(random))
    for _ in range(count):
        data = draw.payload(random, 0, 20)
        header = draw.ipv4(random)
        yield ("parse_ipv4", _flip(random, reference.ipv4(header, data)))
        yield (
            "parse_udp", _flip(random, reference.udp(draw.udp(random), data, *between)), *between
        )  # fmt: skip
        yield (
            "parse_tcp", _flip(random, reference.tcp(draw.tcp(random), data, *between)), *between
        )  # fmt: skip
        stack = random.choice(("icmp", "fragment", "udp", "tcp"))
        frame = reference.build(draw.layers(random, stack, 46, 60))
        yield ("decapsulate", frame[:14] + _flip(random, frame[14:]))


def seemingly_unchecked(random: Random, count: int) -> Iterator[tuple[object, ...]]:
    """Put in wrong checksums that could be taken for none: 0, which is none in UDP only, and ffff."""
    between = (draw.address(random), draw.address(random))
    for _ in range(count):
        data = draw.payload(random, 0, 20)
        yield ("parse_ipv4", reference.ipv4(draw.ipv4(random), data, checksum=0))
        yield ("parse_tcp", reference.tcp(draw.tcp(random), data, *between, checksum=0), *between)
        datagram = reference.udp(draw.udp(random), data, *between, checksum=0xFFFF)
        yield ("parse_udp", datagram, *between)


def misdelivered(random: Random, count: int) -> Iterator[tuple[object, ...]]:
    """Give right segments with an address that they weren't sent to."""
    for _ in range(count):
        between = (draw.address(random), draw.address(random))
        elsewhere = (between[0], draw.address(random))
        data = draw.payload(random, 0, 20)
        yield ("parse_udp", reference.udp(draw.udp(random), data, *between), *elsewhere)
        yield ("parse_tcp", reference.tcp(draw.tcp(random), data, *between), *elsewhere)


def of_other_kinds(random: Random) -> Iterator[tuple[object, ...]]:
    """Build headers of other versions and kinds, with right checksums."""
    for version in (*range(4), *range(5, 16)):
        header = draw.ipv4(random)
        data = draw.payload(random, 20, 40)
        yield ("parse_ipv4", reference.ipv4(header, data, version=version))
    arp = draw.arp(random, REPLY)
    kinds = {
        "hardware_type": (0, 6, 0x0100, 257),
        "protocol_type": (0, 0x0806, 0x86DD, 8),
        "hardware_length": (0, 4, 8),
        "protocol_length": (0, 6, 16),
    }
    for name, values in kinds.items():
        for value in values:
            data = reference.arp(arp, **{name: value})
            yield ("parse_arp", data)
            yield ("decapsulate", reference.ethernet(draw.ethernet(random, TYPE_ARP), data))


def _flip(random: Random, data: bytes) -> bytes:
    bit = random.randrange(8 * len(data))
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
