"""The layers of a frame as values, with the names and the order that the exercise gives them."""

from __future__ import annotations

import socket
from typing import NamedTuple

from grader.lab.frames import fields
from grader.lab.functions.wire import Made, Named

TYPE_IPV4, TYPE_ARP = 0x0800, 0x0806
ICMP, TCP, UDP = 1, 6, 17
REQUEST, REPLY = 1, 2
MORE_FRAGMENTS = 1
SHORTEST = 60
FLAGS = ("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR")


class Ethernet(NamedTuple):
    """A frame's header."""

    destination: str
    source: str
    type: int


class Arp(NamedTuple):
    """A question for a MAC address, or the answer."""

    operation: int
    sender_mac: str
    sender_ip: str
    target_mac: str
    target_ip: str


class IPv4(NamedTuple):
    """A packet's header."""

    source: str
    destination: str
    protocol: int
    ttl: int = 64
    tos: int = 0
    identification: int = 0
    flags: int = 0
    fragment_offset: int = 0
    options: bytes = b""


class Udp(NamedTuple):
    """A datagram's header."""

    source_port: int
    destination_port: int


class Tcp(NamedTuple):
    """A segment's header."""

    source_port: int
    destination_port: int
    sequence: int
    acknowledgment: int = 0
    flags: int = 0
    window: int = 0
    urgent: int = 0
    options: bytes = b""


Header = Ethernet | Arp | IPv4 | Udp | Tcp
Layer = Header | bytes
KINDS: dict[str, type[Header]] = {kind.__name__: kind for kind in (Ethernet, Arp, IPv4, Udp, Tcp)}
TABLES: dict[str, fields.Table] = {
    "Ethernet": fields.ETHERNET,
    "Arp": fields.ARP,
    "IPv4": fields.IPV4,
    "Udp": fields.UDP,
    "Tcp": fields.TCP,
    "pseudo header": fields.PSEUDO,
}


def made(layer: Layer) -> Made | bytes:
    """Give a layer as an argument of a call into a student's file."""
    return layer if isinstance(layer, bytes) else Made(type(layer).__name__, tuple(layer))


def named(layer: Layer) -> Named | bytes:
    """Give a layer as it comes back from a student's file."""
    return layer if isinstance(layer, bytes) else Named(type(layer).__name__, tuple(layer))


def is_fragment(header: IPv4) -> bool:
    """Tell whether a packet carries only a part of a datagram."""
    return bool(header.flags & MORE_FRAGMENTS or header.fragment_offset)


def number(address: str | int) -> int:
    """Give the number that a MAC address or a dotted quad stands for; a number as it is."""
    if isinstance(address, int):
        return address
    if ":" in address:
        return int(address.replace(":", ""), 16)
    return int.from_bytes(socket.inet_aton(address), "big")


def mac(value: int) -> str:
    """Write a MAC address."""
    return value.to_bytes(6, "big").hex(":")


def quad(value: int) -> str:
    """Write an IPv4 address."""
    return socket.inet_ntoa(value.to_bytes(4, "big"))
