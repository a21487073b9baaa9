"""Headers and frames drawn at random, corner cases among them."""

from __future__ import annotations

from random import Random

from grader.lab.frames.layers import (
    ICMP,
    MORE_FRAGMENTS,
    REPLY,
    REQUEST,
    TCP,
    TYPE_ARP,
    TYPE_IPV4,
    UDP,
    Arp,
    Ethernet,
    IPv4,
    Layer,
    Tcp,
    Udp,
    mac,
    quad,
)

BROADCAST, NOBODY = "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"
_DONT_FRAGMENT = 2
_SYN_OPTIONS = bytes.fromhex("020405b40402080a000102030000000001030307")
#: Router alert (RFC 2113); no operation and record route (RFC 791).
_IP_OPTIONS = (bytes.fromhex("94040000"), bytes.fromhex("010707040a00000100000000"))


def number(random: Random, bits: int) -> int:
    """Draw a number, small ones, large ones and lone bits more often than others."""
    top = (1 << bits) - 1
    corners = (0, 1, top, top - 1, 1 << bits - 1, 0xFF & top, 1 << random.randrange(bits))
    return random.choice(corners) if random.random() < 0.35 else random.getrandbits(bits)


def address(random: Random) -> str:
    """Draw an IPv4 address."""
    return quad(number(random, 32))


def station(random: Random) -> str:
    """Draw a MAC address."""
    return random.choice((BROADCAST, mac(number(random, 48)), mac(random.getrandbits(48))))


def payload(random: Random, least: int = 0, most: int = 80) -> bytes:
    """Draw bytes, of odd and of even length; zeros at the end belong to them."""
    size = random.randint(least, most)
    drawn = random.randbytes(size)
    return random.choice(
        (drawn, drawn, drawn, drawn[: size // 2].ljust(size, b"\0"), b"\xff" * size)
    )


def ethernet(random: Random, kind: int | None = None) -> Ethernet:
    """Draw a frame's header."""
    if kind is None:  # below 0x600 it would be a length (RFC 894, RFC 1042)
        kind = random.choice(
            (TYPE_IPV4, TYPE_ARP, 0x0600, 0xFFFF, random.randrange(0x0600, 0xFFFF))
        )
    return Ethernet(station(random), station(random), kind)


def other_type(random: Random) -> int:
    """Draw a frame type that is neither IPv4's nor ARP's."""
    return random.choice((0x0805, 0x0801, 0x86DD, 0x88B5, 0x0608, 0x8035))


def arp(random: Random, operation: int) -> Arp:
    """Draw an ARP packet; a request doesn't know the target's MAC address."""
    asked = NOBODY if operation == REQUEST else mac(random.getrandbits(48))
    sender = mac(random.getrandbits(random.choice((48, 44, 8))))
    return Arp(operation, sender, address(random), asked, address(random))


def ipv4(random: Random, protocol: int | None = None, whole: bool = False) -> IPv4:
    """Draw a packet's header.

    Args:
        random: where from.
        protocol: what it carries; any if None.
        whole: it is no fragment.
    """
    fragment = (0, 0) if whole else (random.randint(0, 1), number(random, 13))
    words = random.choice((0, 0, 0, 1, 2, 10, random.randint(0, 10)))
    return IPv4(
        address(random),
        address(random),
        number(random, 8) if protocol is None else protocol,
        ttl=number(random, 8),
        tos=number(random, 8),
        identification=number(random, 16),
        flags=random.choice((0, _DONT_FRAGMENT)) | fragment[0] * MORE_FRAGMENTS,
        fragment_offset=fragment[1],
        options=random.choice((*_IP_OPTIONS, *[random.randbytes(4 * words)] * 6)),
    )


def udp(random: Random) -> Udp:
    """Draw a datagram's header."""
    return Udp(number(random, 16), number(random, 16))


def tcp(random: Random) -> Tcp:
    """Draw a segment's header."""
    words = random.choice((0, 0, 0, 1, 3, 10, random.randint(0, 10)))
    return Tcp(
        number(random, 16),
        number(random, 16),
        number(random, 32),
        number(random, 32),
        flags=number(random, 8),
        window=number(random, 16),
        urgent=random.choice((0, number(random, 16))),
        options=random.choice((_SYN_OPTIONS, *[random.randbytes(4 * words)] * 4)),
    )


#: What a frame may have in it, each as often as it stands here.
STACKS = ("arp", "other", "icmp", "icmp", "fragment", "fragment", "udp", "udp", "tcp", "tcp")


def layers(random: Random, stack: str, least: int = 46, most: int = 90) -> list[Layer]:
    """Draw the layers of a frame.

    Args:
        random: where from.
        stack: one of `STACKS`.
        least: the fewest bytes in its payload; with 46 it needs no padding.
        most: the most.
    """
    data = payload(random, least, most)
    if stack == "arp":
        return [ethernet(random, TYPE_ARP), arp(random, random.choice((REQUEST, REPLY)))]
    if stack == "other":
        return [ethernet(random, other_type(random)), data]
    outer = ethernet(random, TYPE_IPV4)
    if stack == "icmp":
        return [outer, ipv4(random, random.choice((ICMP, 2, 0, 255, 47)), whole=True), data]
    if stack == "fragment":
        header = ipv4(random, random.choice((UDP, UDP, TCP, ICMP)))
        first = header._replace(flags=MORE_FRAGMENTS, fragment_offset=0)
        later = header._replace(fragment_offset=header.fragment_offset or 185)
        return [outer, random.choice((first, later)), data]
    if stack == "udp":
        return [outer, ipv4(random, UDP, whole=True), udp(random), data]
    return [outer, ipv4(random, TCP, whole=True), tcp(random), data]
