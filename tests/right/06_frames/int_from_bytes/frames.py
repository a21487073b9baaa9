"""Headers of Ethernet, ARP, IPv4, UDP and TCP: from fields to the bytes of a frame, and back."""

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


def number(data, first, size):
    if first + size > len(data):
        raise ValueError(f"bytes {first} to {first + size - 1} are missing")
    return int.from_bytes(data[first : first + size], "big")


def pack_mac(text):
    return bytes(int(part, 16) for part in text.split(":"))


def unpack_mac(data):
    return ":".join("%02x" % byte for byte in data)


def pack_ip(text):
    return bytes(map(int, text.split(".")))


def unpack_ip(data):
    return ".".join(map(str, data))


def two(value):
    return value.to_bytes(2, "big")


def checksum(data):
    data = bytes(data)
    if not any(data):
        return 0xFFFF
    if len(data) % 2 == 1:
        data = data + b"\x00"
    rest = int.from_bytes(data, "big") % 0xFFFF
    return 0xFFFF - rest if rest else 0


def pseudo_header(source, destination, protocol, length):
    return pack_ip(source) + pack_ip(destination) + bytes([0, protocol]) + two(length)


def build_ethernet(header, payload):
    frame = pack_mac(header.destination) + pack_mac(header.source) + two(header.type) + payload
    if len(frame) < SHORTEST:
        frame += bytes(SHORTEST - len(frame))
    return frame


def parse_ethernet(data):
    kind = number(data, 12, 2)
    return Ethernet(unpack_mac(data[:6]), unpack_mac(data[6:12]), kind), data[14:]


ARP_START = bytes([0, 1, 8, 0, 6, 4])


def build_arp(arp):
    return b"".join(
        [
            ARP_START,
            two(arp.operation),
            pack_mac(arp.sender_mac),
            pack_ip(arp.sender_ip),
            pack_mac(arp.target_mac),
            pack_ip(arp.target_ip),
        ]
    )


def parse_arp(data):
    number(data, 0, 28)
    if not data.startswith(ARP_START):
        raise ValueError("not ARP for Ethernet and IPv4")
    return Arp(
        operation=number(data, 6, 2),
        sender_mac=unpack_mac(data[8:14]),
        sender_ip=unpack_ip(data[14:18]),
        target_mac=unpack_mac(data[18:24]),
        target_ip=unpack_ip(data[24:28]),
    )


def check_options(options):
    if len(options) > 40 or len(options) & 3:
        raise ValueError("options fill up to ten words")


def build_ipv4(header, payload):
    check_options(header.options)
    length = 20 + len(header.options)
    before = (
        bytes([0x40 + length // 4, header.tos])
        + two(length + len(payload))
        + two(header.identification)
        + two((header.flags << 13) + header.fragment_offset)
        + bytes([header.ttl, header.protocol])
    )
    after = pack_ip(header.source) + pack_ip(header.destination) + header.options
    return before + two(checksum(before + after)) + after + payload


def parse_ipv4(data):
    version, words = divmod(number(data, 0, 1), 16)
    length, total = words * 4, number(data, 2, 2)
    number(data, 0, 20)
    if version != 4 or length < 20 or total < length or total > len(data):
        raise ValueError("this is no IPv4")
    if checksum(data[:10] + data[12:length]) != number(data, 10, 2):
        raise ValueError("wrong checksum")
    flags, offset = divmod(number(data, 6, 2), 1 << 13)
    header = IPv4(
        source=unpack_ip(data[12:16]),
        destination=unpack_ip(data[16:20]),
        protocol=data[9],
        ttl=data[8],
        tos=data[1],
        identification=number(data, 4, 2),
        flags=flags,
        fragment_offset=offset,
        options=data[20:length],
    )
    return header, data[length:total]


def build_udp(header, payload, source, destination):
    start = two(header.source_port) + two(header.destination_port) + two(8 + len(payload))
    total = checksum(pseudo_header(source, destination, UDP, 8 + len(payload)) + start + payload)
    if total == 0:
        total = 0xFFFF
    return start + two(total) + payload


def parse_udp(data, source, destination):
    length, found = number(data, 4, 2), number(data, 6, 2)
    if length < 8 or length > len(data):
        raise ValueError("wrong length")
    header = Udp(number(data, 0, 2), number(data, 2, 2))
    payload = data[8:length]
    if found != 0 and build_udp(header, payload, source, destination)[6:8] != data[6:8]:
        raise ValueError("wrong checksum")
    return header, payload


def build_tcp(header, payload, source, destination):
    check_options(header.options)
    before = (
        two(header.source_port)
        + two(header.destination_port)
        + header.sequence.to_bytes(4, "big")
        + header.acknowledgment.to_bytes(4, "big")
        + bytes([(5 + len(header.options) // 4) * 16, header.flags])
        + two(header.window)
    )
    after = two(header.urgent) + header.options + payload
    length = len(before) + 2 + len(after)
    # the checksum itself is 0 meanwhile, which adds nothing
    return before + two(checksum(pseudo_header(source, destination, TCP, length) + before + after)) + after


def parse_tcp(data, source, destination):
    length = number(data, 12, 1) // 16 * 4
    number(data, 0, 20)
    if length < 20 or length > len(data):
        raise ValueError("wrong data offset")
    if checksum(pseudo_header(source, destination, TCP, len(data)) + data):
        raise ValueError("wrong checksum")
    header = Tcp(
        number(data, 0, 2),
        number(data, 2, 2),
        number(data, 4, 4),
        number(data, 8, 4),
        data[13],
        number(data, 14, 2),
        number(data, 18, 2),
        data[20:length],
    )
    return header, data[length:]


def encapsulate(layers):
    if len(layers) == 2:
        ethernet, inside = layers
        return build_ethernet(ethernet, build_arp(inside) if type(inside) is Arp else inside)
    ethernet, ip, *inside = layers
    if len(inside) == 1:
        data = inside[0]
    else:
        build = build_udp if type(inside[0]) is Udp else build_tcp
        data = build(inside[0], inside[1], ip.source, ip.destination)
    return build_ethernet(ethernet, build_ipv4(ip, data))


def decapsulate(frame):
    layers = list(parse_ethernet(frame))
    if layers[0].type == TYPE_ARP:
        layers[1:] = [parse_arp(layers[1])]
    elif layers[0].type == TYPE_IPV4:
        layers[1:] = parse_ipv4(layers[1])
        ip = layers[1]
        parse = {UDP: parse_udp, TCP: parse_tcp}.get(ip.protocol)
        if parse and ip.flags in (0, DF) and ip.fragment_offset == 0:
            layers[2:] = parse(layers[2], ip.source, ip.destination)
    return tuple(layers)
