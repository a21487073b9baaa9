"""What frames should be, from the RFCs' tables: the truth that a student's functions are held against.

The checksum comes from arithmetic instead of from adding and folding: 2^16 is 1 modulo 65535, so the
one's complement sum of 16-bit words is the whole number modulo 65535 (RFC 1071, section 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from grader.lab.frames import fields
from grader.lab.frames.layers import (
    SHORTEST,
    TCP,
    TYPE_IPV4,
    UDP,
    Arp,
    Ethernet,
    Header,
    IPv4,
    Layer,
    Tcp,
    Udp,
    number,
)


def checksum(data: bytes) -> int:
    """Give the Internet checksum (RFC 1071)."""
    whole = int.from_bytes(data + bytes(len(data) % 2), "big")
    total = whole and (whole % 0xFFFF or 0xFFFF)
    return 0xFFFF - total


def pseudo_header(source: str, destination: str, protocol: int, length: int) -> bytes:
    """Give what the checksum of UDP and TCP covers besides the segment (RFC 768, RFC 9293)."""
    values = {"source": number(source), "destination": number(destination), "zero": 0}
    return fields.write(fields.PSEUDO, {**values, "protocol": protocol, "length": length})


def ethernet(header: Ethernet, payload: bytes) -> bytes:
    """Build a frame, without padding."""
    return fields.write(fields.ETHERNET, _numbers(header)) + payload


def arp(header: Arp, **forged: int) -> bytes:
    """Build an ARP packet; fields in `forged` take the place of the right ones."""
    kinds = {"hardware_type": 1, "protocol_type": TYPE_IPV4}
    lengths = {"hardware_length": 6, "protocol_length": 4}
    return fields.write(fields.ARP, {**kinds, **lengths, **_numbers(header), **forged})


def ipv4(header: IPv4, payload: bytes, **forged: int) -> bytes:
    """Build a packet; fields in `forged` take the place of the right ones."""
    length = fields.size(fields.IPV4) + len(header.options)
    values = {"version": 4, "header_length": length // 4, "total_length": length + len(payload)}
    values = {**values, "checksum": 0, **_numbers(header), **forged}
    if "checksum" not in forged:
        values["checksum"] = checksum(fields.write(fields.IPV4, values) + header.options)
    return fields.write(fields.IPV4, values) + header.options + payload


def udp(header: Udp, payload: bytes, source: str, destination: str, **forged: int) -> bytes:
    """Build a datagram; fields in `forged` take the place of the right ones."""
    length = fields.size(fields.UDP) + len(payload)
    values = {"length": length, "checksum": 0, **_numbers(header), **forged}
    if "checksum" not in forged:
        pseudo = pseudo_header(source, destination, UDP, values["length"])
        covered = pseudo + fields.write(fields.UDP, values) + payload
        values["checksum"] = checksum(covered) or 0xFFFF
    return fields.write(fields.UDP, values) + payload


def tcp(header: Tcp, payload: bytes, source: str, destination: str, **forged: int) -> bytes:
    """Build a segment; fields in `forged` take the place of the right ones."""
    words = (fields.size(fields.TCP) + len(header.options)) // 4
    values = {"data_offset": words, "reserved": 0, "checksum": 0, **_numbers(header), **forged}
    after = header.options + payload
    if "checksum" not in forged:
        segment = fields.write(fields.TCP, values) + after
        values["checksum"] = checksum(
            pseudo_header(source, destination, TCP, len(segment)) + segment
        )
    return fields.write(fields.TCP, values) + after


#: What builds the bytes of a header with what is inside it.
BUILDERS: dict[type, Callable[..., bytes]] = {
    Ethernet: ethernet, Arp: arp, IPv4: ipv4, Udp: udp, Tcp: tcp,
}  # fmt: skip


def steps(layers: Sequence[Layer]) -> Iterator[tuple[Header, tuple[object, ...], bytes]]:
    """Build a frame from the inside out.

    Yields each header, what else its builder takes (what is inside it, and for UDP and TCP the
    addresses of the packet around it), and the bytes that come of it.
    """
    data = b""
    for index, layer in reversed(list(enumerate(layers))):
        if isinstance(layer, bytes):
            data = layer
            continue
        details: tuple[object, ...] = (data,)
        if isinstance(layer, Arp):
            details = ()
        elif isinstance(layer, Udp | Tcp):
            outside = layers[index - 1]
            assert isinstance(outside, IPv4)
            details = (data, outside.source, outside.destination)
        data = BUILDERS[type(layer)](layer, *details)
        yield layer, details, data


def build(layers: Sequence[Layer]) -> bytes:
    """Build a frame from its layers, without padding."""
    *_, (_header, _details, frame) = steps(layers)
    return frame


def padded(frame: bytes) -> bytes:
    """Fill a frame up to the shortest length on Ethernet."""
    return frame.ljust(SHORTEST, b"\0")


def _numbers(header: Header) -> dict[str, int]:
    content = header._asdict().items()
    return {name: number(value) for name, value in content if not isinstance(value, bytes)}
