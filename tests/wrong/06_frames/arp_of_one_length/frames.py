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
    if len(data) % 2:
        data += b"\0"
    total = sum(word for (word,) in struct.iter_unpack("!H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def pseudo_header(source, destination, protocol, length):
    """Give the 12 bytes that a UDP or TCP checksum covers besides the `length` bytes of its own."""
    return struct.pack(
        "!4s4sBBH", socket.inet_aton(source), socket.inet_aton(destination), 0, protocol, length
    )


def build_ethernet(header, payload):
    """Give the bytes of an `Ethernet` header, and the payload after them."""
    return (
        pack_mac(header.destination)
        + pack_mac(header.source)
        + struct.pack("!H", header.type)
        + payload
    )


def parse_ethernet(data):
    """Give the `Ethernet` header at the beginning of a frame, and the payload."""
    need(data, 14, "an Ethernet header")
    (kind,) = struct.unpack_from("!H", data, 12)
    return Ethernet(unpack_mac(data[0:6]), unpack_mac(data[6:12]), kind), data[14:]


def build_arp(arp):
    """Give the 28 bytes of an `Arp` for Ethernet and IPv4."""
    return (
        struct.pack("!HHBBH", 1, TYPE_IPV4, 6, 4, arp.operation)
        + pack_mac(arp.sender_mac)
        + socket.inet_aton(arp.sender_ip)
        + pack_mac(arp.target_mac)
        + socket.inet_aton(arp.target_ip)
    )


def parse_arp(data):
    """Give the `Arp` at the beginning of some bytes; what follows is padding."""
    if len(data) not in (28, 46):
        raise ValueError(f"an ARP packet of {len(data)} bytes")
    *kinds, operation = struct.unpack_from("!HHBBH", data)
    if kinds != [1, TYPE_IPV4, 6, 4]:
        raise ValueError("this ARP is not about Ethernet and IPv4")
    return Arp(
        operation,
        unpack_mac(data[8:14]),
        socket.inet_ntoa(data[14:18]),
        unpack_mac(data[18:24]),
        socket.inet_ntoa(data[24:28]),
    )


def build_ipv4(header, payload):
    """Give the bytes of an `IPv4` header, and the payload after them."""
    words, rest = divmod(len(header.options), 4)
    if rest or words > 10:
        raise ValueError(f"options of {len(header.options)} bytes")
    first = bytearray(
        struct.pack(
            "!BBHHHBBH4s4s",
            4 << 4 | 5 + words,
            header.tos,
            20 + len(header.options) + len(payload),
            header.identification,
            header.flags << 13 | header.fragment_offset,
            header.ttl,
            header.protocol,
            0,
            socket.inet_aton(header.source),
            socket.inet_aton(header.destination),
        )
        + header.options
    )
    struct.pack_into("!H", first, 10, checksum(bytes(first)))
    return bytes(first) + payload


def parse_ipv4(data):
    """Give the `IPv4` header at the beginning of some bytes, and the payload without padding."""
    need(data, 20, "an IPv4 header")
    version, size = data[0] >> 4, (data[0] & 0xF) * 4
    tos, total, identification, fragment, ttl, protocol = struct.unpack_from("!BHHHBB", data, 1)
    if version != 4:
        raise ValueError(f"version {version}")
    if not 20 <= size <= total:
        raise ValueError(f"a header of {size} bytes in a packet of {total}")
    need(data, total, "the packet")
    if checksum(data[:size]) != 0:
        raise ValueError("the checksum of the IPv4 header is wrong")
    header = IPv4(
        socket.inet_ntoa(data[12:16]),
        socket.inet_ntoa(data[16:20]),
        protocol,
        ttl,
        tos,
        identification,
        fragment >> 13,
        fragment & 0x1FFF,
        data[20:size],
    )
    return header, data[size:total]


def build_udp(header, payload, source, destination):
    """Give the bytes of a `Udp` header, and the payload after them, between two IPv4 addresses."""
    length = 8 + len(payload)
    ports = struct.pack("!HHH", header.source_port, header.destination_port, length)
    covered = pseudo_header(source, destination, UDP, length) + ports + bytes(2) + payload
    return ports + struct.pack("!H", checksum(covered) or 0xFFFF) + payload


def parse_udp(data, source, destination):
    """Give the `Udp` header at the beginning of some bytes, and as much payload as it says."""
    need(data, 8, "a UDP header")
    source_port, destination_port, length, found = struct.unpack_from("!HHHH", data)
    if length < 8:
        raise ValueError(f"a datagram of {length} bytes")
    need(data, length, "the datagram")
    data = data[:length]
    if found and checksum(pseudo_header(source, destination, UDP, length) + data) != 0:
        raise ValueError("the checksum of the datagram is wrong")
    return Udp(source_port, destination_port), data[8:]


def build_tcp(header, payload, source, destination):
    """Give the bytes of a `Tcp` header, and the payload after them, between two IPv4 addresses."""
    words, rest = divmod(len(header.options), 4)
    if rest or words > 10:
        raise ValueError(f"options of {len(header.options)} bytes")
    segment = bytearray(
        struct.pack(
            "!HHIIBBHHH",
            header.source_port,
            header.destination_port,
            header.sequence,
            header.acknowledgment,
            5 + words << 4,
            header.flags,
            header.window,
            0,
            header.urgent,
        )
        + header.options
        + payload
    )
    covered = pseudo_header(source, destination, TCP, len(segment)) + segment
    struct.pack_into("!H", segment, 16, checksum(covered))
    return bytes(segment)


def parse_tcp(data, source, destination):
    """Give the `Tcp` header at the beginning of a segment, and its payload."""
    need(data, 20, "a TCP header")
    *ports_and_numbers, offset, flags, window, _, urgent = struct.unpack_from("!HHIIBBHHH", data)
    size = (offset >> 4) * 4
    if size < 20:
        raise ValueError(f"a TCP header of {size} bytes")
    need(data, size, "the TCP header")
    if checksum(pseudo_header(source, destination, TCP, len(data)) + data) != 0:
        raise ValueError("the checksum of the segment is wrong")
    return Tcp(*ports_and_numbers, flags, window, urgent, data[20:size]), data[size:]


def encapsulate(layers):
    """Give the frame of some layers, as `decapsulate` gives them: the innermost one comes last."""
    *headers, data = layers
    if isinstance(data, Arp):
        data = build_arp(data)
    for index in range(len(headers) - 1, -1, -1):
        header = headers[index]
        if isinstance(header, Udp):
            ip = headers[index - 1]
            data = build_udp(header, data, ip.source, ip.destination)
        elif isinstance(header, Tcp):
            ip = headers[index - 1]
            data = build_tcp(header, data, ip.source, ip.destination)
        elif isinstance(header, IPv4):
            data = build_ipv4(header, data)
        else:
            data = build_ethernet(header, data)
    return data.ljust(SHORTEST, b"\0")


def decapsulate(frame):
    """Give the layers of a frame as a list: its headers from outside in, and the payload."""
    ethernet, data = parse_ethernet(frame)
    if ethernet.type == TYPE_ARP:
        return [ethernet, parse_arp(data)]
    if ethernet.type != TYPE_IPV4:
        return [ethernet, data]
    ip, data = parse_ipv4(data)
    whole = not ip.flags & MF and ip.fragment_offset == 0
    if whole and ip.protocol == UDP:
        return [ethernet, ip, *parse_udp(data, ip.source, ip.destination)]
    if whole and ip.protocol == TCP:
        return [ethernet, ip, *parse_tcp(data, ip.source, ip.destination)]
    return [ethernet, ip, data]
