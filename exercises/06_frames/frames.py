"""Headers of Ethernet, ARP, IPv4, UDP and TCP: from fields to the bytes of a frame, and back."""

import socket
import struct
from typing import NamedTuple

# What the payload of a frame is (Ethernet.type), and that of a packet (IPv4.protocol).
TYPE_IPV4, TYPE_ARP = 0x0800, 0x0806
ICMP, TCP, UDP = 1, 6, 17
# Arp.operation
REQUEST, REPLY = 1, 2
# IPv4.flags: don't fragment, more fragments
DF, MF = 2, 1
# Tcp.flags
FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = 1, 2, 4, 8, 16, 32, 64, 128
# The shortest frame, without the four bytes of CRC that the network card puts behind it.
SHORTEST = 60


class Ethernet(NamedTuple):
    """The header of a frame (RFC 894)."""

    destination: str  # a MAC address such as "02:00:00:00:00:01"
    source: str
    type: int


class Arp(NamedTuple):
    """A question for a MAC address, or the answer (RFC 826)."""

    operation: int
    sender_mac: str
    sender_ip: str  # a dotted quad such as "10.0.0.1"
    target_mac: str
    target_ip: str


class IPv4(NamedTuple):
    """The header of a packet (RFC 791), without what is computed: lengths and checksum."""

    source: str
    destination: str
    protocol: int
    ttl: int = 64
    tos: int = 0
    identification: int = 0
    flags: int = 0
    fragment_offset: int = 0  # as it is in the header: counted in units of 8 bytes
    options: bytes = b""


class Udp(NamedTuple):
    """The header of a datagram (RFC 768), without what is computed: length and checksum."""

    source_port: int
    destination_port: int


class Tcp(NamedTuple):
    """The header of a segment (RFC 9293), without what is computed: data offset and checksum."""

    source_port: int
    destination_port: int
    sequence: int
    acknowledgment: int = 0
    flags: int = 0
    window: int = 0
    urgent: int = 0
    options: bytes = b""


def pack_mac(text):
    """Give the 6 bytes of a MAC address."""
    return bytes.fromhex(text.replace(":", ""))


def unpack_mac(data):
    """Give the text of a MAC address's 6 bytes: small letters, two digits each."""
    return data.hex(":")


def need(data, size, what):
    """Raise ValueError unless `data` has at least `size` bytes."""
    if len(data) < size:
        raise ValueError(f"{what} needs {size} bytes, and there are {len(data)}")


def checksum(data):
    """Give the Internet checksum of some bytes (RFC 1071), as an int."""
    raise NotImplementedError("checksum is not written yet")


def pseudo_header(source, destination, protocol, length):
    """Give the 12 bytes that a UDP or TCP checksum covers besides the `length` bytes of its own."""
    raise NotImplementedError("pseudo_header is not written yet")


def build_ethernet(header, payload):
    """Give the bytes of an `Ethernet` header, and the payload after them."""
    raise NotImplementedError("build_ethernet is not written yet")


def parse_ethernet(data):
    """Give the `Ethernet` header at the beginning of a frame, and the payload."""
    raise NotImplementedError("parse_ethernet is not written yet")


def build_arp(arp):
    """Give the 28 bytes of an `Arp` for Ethernet and IPv4."""
    raise NotImplementedError("build_arp is not written yet")


def parse_arp(data):
    """Give the `Arp` at the beginning of some bytes; what follows is padding."""
    raise NotImplementedError("parse_arp is not written yet")


def build_ipv4(header, payload):
    """Give the bytes of an `IPv4` header, and the payload after them."""
    raise NotImplementedError("build_ipv4 is not written yet")


def parse_ipv4(data):
    """Give the `IPv4` header at the beginning of some bytes, and the payload without padding."""
    raise NotImplementedError("parse_ipv4 is not written yet")


def build_udp(header, payload, source, destination):
    """Give the bytes of a `Udp` header, and the payload after them, between two IPv4 addresses."""
    raise NotImplementedError("build_udp is not written yet")


def parse_udp(data, source, destination):
    """Give the `Udp` header at the beginning of some bytes, and as much payload as it says."""
    raise NotImplementedError("parse_udp is not written yet")


def build_tcp(header, payload, source, destination):
    """Give the bytes of a `Tcp` header, and the payload after them, between two IPv4 addresses."""
    raise NotImplementedError("build_tcp is not written yet")


def parse_tcp(data, source, destination):
    """Give the `Tcp` header at the beginning of a segment, and its payload."""
    raise NotImplementedError("parse_tcp is not written yet")


def encapsulate(layers):
    """Give the frame of some layers, as `decapsulate` gives them: the innermost one comes last."""
    raise NotImplementedError("encapsulate is not written yet")


def decapsulate(frame):
    """Give the layers of a frame as a list: its headers from outside in, and the payload."""
    raise NotImplementedError("decapsulate is not written yet")
