"""Headers of Ethernet, ARP, IPv4, UDP and TCP: from fields to the bytes of a frame, and back."""

import ctypes
import ipaddress
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


MAC, QUAD = ctypes.c_uint8 * 6, ctypes.c_uint8 * 4


class Header(ctypes.BigEndianStructure):
    _pack_ = 1

    @classmethod
    def at(cls, data):
        if len(data) < ctypes.sizeof(cls):
            raise ValueError(f"too few bytes for {cls.__name__}")
        return cls.from_buffer_copy(data)


class EthernetHeader(Header):
    _fields_ = [("destination", MAC), ("source", MAC), ("type", ctypes.c_uint16)]


class ArpHeader(Header):
    _fields_ = [
        ("hardware", ctypes.c_uint16), ("protocol", ctypes.c_uint16),
        ("hardware_size", ctypes.c_uint8), ("protocol_size", ctypes.c_uint8),
        ("operation", ctypes.c_uint16), ("sender_mac", MAC), ("sender_ip", QUAD),
        ("target_mac", MAC), ("target_ip", QUAD),
    ]


class IPv4Header(Header):
    _fields_ = [
        ("version", ctypes.c_uint8, 4), ("words", ctypes.c_uint8, 4), ("tos", ctypes.c_uint8),
        ("total", ctypes.c_uint16), ("identification", ctypes.c_uint16),
        ("flags", ctypes.c_uint16, 3), ("fragment_offset", ctypes.c_uint16, 13),
        ("ttl", ctypes.c_uint8), ("protocol", ctypes.c_uint8), ("checksum", ctypes.c_uint16),
        ("source", QUAD), ("destination", QUAD),
    ]


class PseudoHeader(Header):
    _fields_ = [
        ("source", QUAD), ("destination", QUAD), ("zero", ctypes.c_uint8),
        ("protocol", ctypes.c_uint8), ("length", ctypes.c_uint16),
    ]


class UdpHeader(Header):
    _fields_ = [(name, ctypes.c_uint16) for name in ("source", "destination", "length", "checksum")]


class TcpHeader(Header):
    _fields_ = [
        ("source_port", ctypes.c_uint16), ("destination_port", ctypes.c_uint16),
        ("sequence", ctypes.c_uint32), ("acknowledgment", ctypes.c_uint32),
        ("words", ctypes.c_uint8, 4), ("reserved", ctypes.c_uint8, 4), ("flags", ctypes.c_uint8),
        ("window", ctypes.c_uint16), ("checksum", ctypes.c_uint16), ("urgent", ctypes.c_uint16),
    ]


def mac(text):
    return MAC(*[int(part, 16) for part in text.split(":")])


def quad(text):
    return QUAD(*ipaddress.IPv4Address(text).packed)


def mac_text(array):
    return bytes(array).hex(":")


def quad_text(array):
    return str(ipaddress.IPv4Address(bytes(array)))


def checksum(data):
    total = 0
    for high in range(0, len(data), 2):
        low = data[high + 1] if high + 1 < len(data) else 0
        total += data[high] * 256 + low
        if total >= 0x10000:
            total -= 0xFFFF
    return 0xFFFF - total


def pseudo_header(source, destination, protocol, length):
    return bytes(PseudoHeader(quad(source), quad(destination), 0, protocol, length))


def build_ethernet(header, payload):
    return bytes(EthernetHeader(mac(header.destination), mac(header.source), header.type)) + payload


def parse_ethernet(data):
    header = EthernetHeader.at(data)
    return (
        Ethernet(mac_text(header.destination), mac_text(header.source), header.type),
        data[ctypes.sizeof(header) :],
    )


def build_arp(arp):
    return bytes(
        ArpHeader(
            1, TYPE_IPV4, 6, 4, arp.operation, mac(arp.sender_mac), quad(arp.sender_ip),
            mac(arp.target_mac), quad(arp.target_ip),
        )
    )


def parse_arp(data):
    h = ArpHeader.at(data)
    if (h.hardware, h.protocol, h.hardware_size, h.protocol_size) != (1, TYPE_IPV4, 6, 4):
        raise ValueError("unknown ARP")
    return Arp(
        h.operation, mac_text(h.sender_mac), quad_text(h.sender_ip), mac_text(h.target_mac),
        quad_text(h.target_ip),
    )


def words_of(options):
    if len(options) % 4 or len(options) > 40:
        raise ValueError("options of a wrong length")
    return 5 + len(options) // 4


def build_ipv4(header, payload):
    words = words_of(header.options)
    h = IPv4Header(
        4, words, header.tos, 4 * words + len(payload), header.identification, header.flags,
        header.fragment_offset, header.ttl, header.protocol, 0, quad(header.source),
        quad(header.destination),
    )
    h.checksum = checksum(bytes(h) + header.options)
    return bytes(h) + header.options + payload


def parse_ipv4(data):
    h = IPv4Header.at(data)
    if checksum(data[: 4 * h.words]):
        raise ValueError("wrong checksum")
    if h.version != 4:
        raise ValueError("wrong version")
    if not 5 <= h.words <= h.total / 4 or h.total > len(data):
        raise ValueError("wrong lengths")
    header = IPv4(
        quad_text(h.source), quad_text(h.destination), h.protocol, h.ttl, h.tos, h.identification,
        h.flags, h.fragment_offset, data[20 : 4 * h.words],
    )
    return header, data[4 * h.words : h.total]


def build_udp(header, payload, source, destination):
    h = UdpHeader(header.source_port, header.destination_port, 8 + len(payload), 0)
    h.checksum = checksum(pseudo_header(source, destination, UDP, h.length) + bytes(h) + payload)
    if not h.checksum:
        h.checksum = 0xFFFF
    return bytes(h) + payload


def parse_udp(data, source, destination):
    h = UdpHeader.at(data)
    if not 8 < h.length <= len(data):
        raise ValueError("wrong length")
    datagram = data[: h.length]
    if h.checksum and checksum(pseudo_header(source, destination, UDP, h.length) + datagram):
        raise ValueError("wrong checksum")
    return Udp(h.source, h.destination), datagram[8:]


def build_tcp(header, payload, source, destination):
    h = TcpHeader(
        header.source_port, header.destination_port, header.sequence, header.acknowledgment,
        words_of(header.options), 0, header.flags, header.window, 0, header.urgent,
    )
    after = header.options + payload
    length = ctypes.sizeof(h) + len(after)
    h.checksum = checksum(pseudo_header(source, destination, TCP, length) + bytes(h) + after)
    return bytes(h) + after


def parse_tcp(data, source, destination):
    h = TcpHeader.at(data)
    if not 20 <= 4 * h.words <= len(data):
        raise ValueError("wrong data offset")
    if checksum(pseudo_header(source, destination, TCP, len(data)) + data):
        raise ValueError("wrong checksum")
    header = Tcp(
        h.source_port, h.destination_port, h.sequence, h.acknowledgment, h.flags, h.window,
        h.urgent, data[20 : 4 * h.words],
    )
    return header, data[4 * h.words :]


def encapsulate(layers):
    layers = list(layers)
    data = layers.pop()
    while True:
        if isinstance(data, Arp):
            data = build_arp(data)
        header = layers.pop()
        if not layers:
            frame = build_ethernet(header, data)
            return frame + bytes(max(0, 60 - len(frame)))
        if isinstance(header, IPv4):
            data = build_ipv4(header, data)
        else:
            build = build_udp if isinstance(header, Udp) else build_tcp
            data = build(header, data, layers[-1].source, layers[-1].destination)


def decapsulate(frame):
    ethernet, data = parse_ethernet(frame)
    match ethernet.type:
        case 0x0806:
            return [ethernet, parse_arp(data)]
        case 0x0800:
            ip, data = parse_ipv4(data)
            match (ip.protocol, ip.flags & MF, ip.fragment_offset):
                case (17, 0, 0):
                    return [ethernet, ip, *parse_udp(data, ip.source, ip.destination)]
                case (6, 0, 0):
                    return [ethernet, ip, *parse_tcp(data, ip.source, ip.destination)]
            return [ethernet, ip, data]
    return [ethernet, data]
