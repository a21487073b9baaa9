"""Segments as the kernel sends and takes them: in IPv4 packets (RFC 791, 9293, 1071)."""

from __future__ import annotations

import socket
import struct

from grader.lab.conversation.segment import Segment

_IP = struct.Struct("!BBHHHBBH4s4s")
_TCP = struct.Struct("!HHIIHHHH")
_TTL = 64


def checksum(data: bytes) -> int:
    """Give the Internet checksum of some bytes (RFC 1071)."""
    even = data + bytes(len(data) % 2)
    total = sum(even[::2]) << 8
    total += sum(even[1::2])
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def build(segment: Segment, source: str, destination: str) -> bytes:
    """Give the IPv4 packet that carries a segment, without options in either header."""
    addresses = socket.inet_aton(source), socket.inet_aton(destination)
    size = _TCP.size + len(segment.payload)
    pseudo_header = struct.pack("!4s4sBBH", *addresses, 0, socket.IPPROTO_TCP, size)
    offset_and_flags = _TCP.size // 4 << 12 | segment.flags
    tcp = _TCP.pack(*segment[:4], offset_and_flags, segment.window, 0, 0) + segment.payload
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo_header + tcp)) + tcp[18:]
    ip = _IP.pack(0x45, 0, _IP.size + size, 0, 0, _TTL, socket.IPPROTO_TCP, 0, *addresses)
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + tcp


def parse(packet: bytes) -> Segment | None:
    """Give the segment in a packet, without TCP's options; None if it is no TCP over IPv4."""
    if len(packet) < _IP.size or packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_TCP:
        return None
    (size,) = struct.unpack_from("!H", packet, 2)
    tcp = packet[(packet[0] & 15) * 4 : size]
    if len(tcp) < _TCP.size:
        return None
    source, destination, seq, ack, bits, window, _sum, _urgent = _TCP.unpack_from(tcp)
    return Segment(source, destination, seq, ack, bits & 0xFF, window, tcp[(bits >> 12) * 4 :])
