"""From the bytes of a frame to its layers, by the RFCs' tables; what can't be right is refused."""

from __future__ import annotations

from grader.lab.frames import fields
from grader.lab.frames.layers import (
    KINDS,
    TABLES,
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
    is_fragment,
    mac,
    quad,
)
from grader.lab.frames.reference import checksum, pseudo_header

_ARP_KINDS = {
    "hardware_type": 1,
    "protocol_type": TYPE_IPV4,
    "hardware_length": 6,
    "protocol_length": 4,
}


class RefusedError(Exception):
    """Bytes are no frame that can be right; the message says why."""


class TruncatedError(RefusedError):
    """Bytes are missing, or lengths contradict each other."""


class CorruptedError(RefusedError):
    """The lengths fit, and a checksum, a version or a kind is wrong."""


def layers(frame: bytes) -> list[Layer]:
    """Give the layers of a frame.

    Raises:
        RefusedError: if it can't be right.
    """
    outer, inside = ethernet(frame)
    if outer.type == TYPE_ARP:
        return [outer, arp(inside)]
    if outer.type != TYPE_IPV4:
        return [outer, inside]
    header, payload = ipv4(inside)
    if header.protocol == UDP and not is_fragment(header):
        return [outer, header, *udp(payload, header.source, header.destination)]
    if header.protocol == TCP and not is_fragment(header):
        return [outer, header, *tcp(payload, header.source, header.destination)]
    return [outer, header, payload]


def ethernet(data: bytes) -> tuple[Ethernet, bytes]:
    """Give a frame's header and its payload."""
    values = _values("Ethernet", data)
    header = Ethernet(mac(values["destination"]), mac(values["source"]), values["type"])
    return header, data[fields.size(fields.ETHERNET) :]


def arp(data: bytes) -> Arp:
    """Give the ARP packet at the beginning of some bytes."""
    values = _values("Arp", data)
    for name, right in _ARP_KINDS.items():
        _refuse_corrupted(values[name] != right, f"{name} is {values[name]}")
    return Arp(
        values["operation"],
        mac(values["sender_mac"]),
        quad(values["sender_ip"]),
        mac(values["target_mac"]),
        quad(values["target_ip"]),
    )


def ipv4(data: bytes) -> tuple[IPv4, bytes]:
    """Give a packet's header and its payload, without what follows."""
    values = _values("IPv4", data)
    length, total = 4 * values["header_length"], values["total_length"]
    _refuse_corrupted(values["version"] != 4, f"version is {values['version']}")
    _refuse_truncated(not fields.size(fields.IPV4) <= length <= total <= len(data), "lengths")
    _refuse_corrupted(checksum(data[:length]) != 0, "checksum")
    header = IPv4(
        source=quad(values["source"]),
        destination=quad(values["destination"]),
        options=data[fields.size(fields.IPV4) : length],
        **_others("IPv4", values),
    )
    return header, data[length:total]


def udp(data: bytes, source: str, destination: str) -> tuple[Udp, bytes]:
    """Give a datagram's header and its payload, without what follows."""
    values = _values("Udp", data)
    length = values["length"]
    _refuse_truncated(not fields.size(fields.UDP) <= length <= len(data), "lengths")
    covered = pseudo_header(source, destination, UDP, length) + data[:length]
    _refuse_corrupted(values["checksum"] != 0 and checksum(covered) != 0, "checksum")
    return Udp(**_others("Udp", values)), data[fields.size(fields.UDP) : length]


def tcp(data: bytes, source: str, destination: str) -> tuple[Tcp, bytes]:
    """Give a segment's header and its payload."""
    values = _values("Tcp", data)
    length = 4 * values["data_offset"]
    _refuse_truncated(not fields.size(fields.TCP) <= length <= len(data), "lengths")
    covered = pseudo_header(source, destination, TCP, len(data)) + data
    _refuse_corrupted(checksum(covered) != 0, "checksum")
    options = data[fields.size(fields.TCP) : length]
    return Tcp(options=options, **_others("Tcp", values)), data[length:]


def _others(kind: str, values: dict[str, int]) -> dict[str, int]:
    """Give the fields that a layer holds as the numbers that they are."""
    held = {*KINDS[kind]._fields} - {"options"}
    if kind == "IPv4":
        held -= {"source", "destination"}
    return {name: value for name, value in values.items() if name in held}


def _values(kind: str, data: bytes) -> dict[str, int]:
    _refuse_truncated(len(data) < fields.size(TABLES[kind]), f"too short for {kind}")
    return fields.read(TABLES[kind], data)


def _refuse_truncated(wrong: bool, why: str) -> None:
    if wrong:
        raise TruncatedError(why)


def _refuse_corrupted(wrong: bool, why: str) -> None:
    if wrong:
        raise CorruptedError(why)
