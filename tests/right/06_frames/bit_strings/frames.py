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


ETHERNET_BITS = (48, 48, 16)
ARP_BITS = (16, 16, 8, 8, 16, 48, 32, 48, 32)
IPV4_BITS = (4, 4, 8, 16, 16, 3, 13, 8, 8, 16, 32, 32)
UDP_BITS = (16, 16, 16, 16)
TCP_BITS = (16, 16, 32, 32, 4, 4, 8, 16, 16, 16)
PSEUDO_BITS = (32, 32, 8, 8, 16)


def write(widths, *values):
    bits = ""
    for width, value in zip(widths, values):
        for place in range(width - 1, -1, -1):
            bits += "1" if value >> place & 1 else "0"
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


def read(widths, data):
    size = sum(widths) // 8
    if len(data) < size:
        raise ValueError(f"{len(data)} bytes where {size} are needed")
    bits = "".join(format(byte, "08b") for byte in data[:size])
    values = []
    for width in widths:
        values.append(int(bits[:width], 2))
        bits = bits[width:]
    return values, size


def mac_number(text):
    return int(text.replace(":", ""), 16)


def mac_text(number):
    digits = format(number, "012x")
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def ip_number(text):
    number = 0
    for part in text.split("."):
        number = number * 256 + int(part)
    return number


def ip_text(number):
    return ".".join(str(number // 256**power % 256) for power in (3, 2, 1, 0))


def checksum(data):
    total = 0
    for index, byte in enumerate(data):
        total = total + (byte if index % 2 else byte << 8)
        carry = total >> 16
        total = (total & 0xFFFF) + carry
    return ~total & 0xFFFF


def pseudo_header(source, destination, protocol, length):
    return write(PSEUDO_BITS, ip_number(source), ip_number(destination), 0, protocol, length)


def build_ethernet(header, payload):
    addresses = mac_number(header.destination), mac_number(header.source)
    return write(ETHERNET_BITS, *addresses, header.type) + payload


def parse_ethernet(data):
    (destination, source, kind), size = read(ETHERNET_BITS, data)
    return [Ethernet(mac_text(destination), mac_text(source), kind), data[size:]]


def build_arp(arp):
    return write(
        ARP_BITS, 1, TYPE_IPV4, 6, 4, arp.operation, mac_number(arp.sender_mac),
        ip_number(arp.sender_ip), mac_number(arp.target_mac), ip_number(arp.target_ip),
    )


def parse_arp(data):
    values, _ = read(ARP_BITS, data)
    if values[:4] != [1, TYPE_IPV4, 6, 4]:
        raise ValueError("unknown kinds")
    return Arp(
        values[4], mac_text(values[5]), ip_text(values[6]), mac_text(values[7]), ip_text(values[8])
    )


def build_ipv4(header, payload):
    if len(header.options) not in range(0, 41, 4):
        raise ValueError("options")
    words = 5 + len(header.options) // 4

    def with_checksum(number):
        return write(
            IPV4_BITS, 4, words, header.tos, words * 4 + len(payload), header.identification,
            header.flags, header.fragment_offset, header.ttl, header.protocol, number,
            ip_number(header.source), ip_number(header.destination),
        ) + header.options

    return with_checksum(checksum(with_checksum(0))) + payload


def parse_ipv4(data):
    values, size = read(IPV4_BITS, data)
    version, words, tos, total, identification, flags, offset, ttl, protocol, _, source, to = values
    if words < 5 or total < words * 4 or len(data) < total:
        raise ValueError("lengths")
    if version != 4 or checksum(data[: words * 4]) != 0:
        raise ValueError("version or checksum")
    options = data[size : words * 4]
    header = IPv4(
        ip_text(source), ip_text(to), protocol, ttl, tos, identification, flags, offset, options
    )
    return [header, data[words * 4 : total]]


def build_udp(header, payload, source, destination):
    length = 8 + len(payload)

    def with_checksum(number):
        return write(UDP_BITS, *header, length, number) + payload

    pseudo = pseudo_header(source, destination, UDP, length)
    return with_checksum(checksum(pseudo + with_checksum(0)) or 0xFFFF)


def parse_udp(data, source, destination):
    (source_port, destination_port, length, found), size = read(UDP_BITS, data)
    if not size <= length <= len(data):
        raise ValueError("length")
    if found:
        pseudo = pseudo_header(source, destination, UDP, length)
        if checksum(pseudo + data[:length]) != 0:
            raise ValueError("checksum")
    return [Udp(source_port, destination_port), data[size:length]]


def build_tcp(header, payload, source, destination):
    *numbers, flags, window, urgent, options = header
    if len(options) not in range(0, 41, 4):
        raise ValueError("options")
    words = 5 + len(options) // 4

    def with_checksum(number):
        fields = (*numbers, words, 0, flags, window, number, urgent)
        return write(TCP_BITS, *fields) + options + payload

    pseudo = pseudo_header(source, destination, TCP, 4 * words + len(payload))
    return with_checksum(checksum(pseudo + with_checksum(0)))


def parse_tcp(data, source, destination):
    (*numbers, words, _, flags, window, _, urgent), size = read(TCP_BITS, data)
    if words < 5 or words * 4 > len(data):
        raise ValueError("data offset")
    if checksum(pseudo_header(source, destination, TCP, len(data)) + data) != 0:
        raise ValueError("checksum")
    return [Tcp(*numbers, flags, window, urgent, data[size : words * 4]), data[words * 4 :]]


def encapsulate(layers):
    data = b""
    for index in reversed(range(len(layers))):
        layer = layers[index]
        kind = type(layer).__name__
        if kind == "bytes":
            data = layer
        elif kind == "Arp":
            data = build_arp(layer)
        elif kind == "IPv4":
            data = build_ipv4(layer, data)
        elif kind == "Ethernet":
            data = build_ethernet(layer, data)
        else:
            build = {"Udp": build_udp, "Tcp": build_tcp}[kind]
            data = build(layer, data, layers[index - 1].source, layers[index - 1].destination)
    while len(data) < 60:
        data += b"\0"
    return data


def decapsulate(frame):
    layers = parse_ethernet(frame)
    if layers[0].type == TYPE_ARP:
        layers[-1] = parse_arp(layers[-1])
    if layers[0].type == TYPE_IPV4:
        layers[-1:] = parse_ipv4(layers[-1])
        ip = layers[1]
        if ip.flags & MF or ip.fragment_offset:
            return layers
        if ip.protocol == UDP:
            layers[-1:] = parse_udp(layers[-1], ip.source, ip.destination)
        elif ip.protocol == TCP:
            layers[-1:] = parse_tcp(layers[-1], ip.source, ip.destination)
    return layers
