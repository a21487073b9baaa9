"""Headers and payloads whose checksum comes out as 0.

What is added to a sum in the place of 16 zero bits makes the checksum 0 if it is the checksum itself.
"""

from __future__ import annotations

from grader.lab.frames import fields, reference
from grader.lab.frames.layers import IPv4, Tcp, Udp


def ipv4_of_zero(header: IPv4, payload: bytes) -> IPv4:
    """Give a packet's header another identification."""
    bare = header._replace(identification=0)
    packet = reference.ipv4(bare, payload)
    return bare._replace(identification=fields.read(fields.IPV4, packet)["checksum"])


def udp_of_zero(header: Udp, payload: bytes, source: str, destination: str) -> bytes:
    """Give a payload two bytes more, or three if its length is odd."""
    even = payload + bytes(len(payload) % 2)
    datagram = reference.udp(header, even + bytes(2), source, destination)
    return even + fields.read(fields.UDP, datagram)["checksum"].to_bytes(2, "big")


def tcp_of_zero(header: Tcp, payload: bytes, source: str, destination: str) -> Tcp:
    """Give a segment's header another urgent pointer."""
    bare = header._replace(urgent=0)
    segment = reference.tcp(bare, payload, source, destination)
    return bare._replace(urgent=fields.read(fields.TCP, segment)["checksum"])
