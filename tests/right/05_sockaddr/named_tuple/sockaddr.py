from collections import namedtuple
from sys import byteorder

Endpoint = namedtuple("Endpoint", "host port")
AF_INET = 2


def octet(part):
    if not part.isascii() or not part.isdecimal() or str(int(part)) != part or int(part) > 255:
        raise ValueError(f"not an octet: {part!r}")
    return int(part)


def pack_sockaddr_in(host, port):
    if not isinstance(host, str):
        raise TypeError("host must be a str")
    octets = [octet(part) for part in host.split(".")]
    if len(octets) != 4:
        raise ValueError("four octets are needed")
    family = AF_INET.to_bytes(2, byteorder)
    if not isinstance(port, int):
        raise TypeError("port must be an int")
    return family + port.to_bytes(2, "big") + bytes(octets) + bytes(8)


def unpack_sockaddr_in(data):
    if len(data) != 16 or int.from_bytes(data[:2], byteorder) != AF_INET:
        raise ValueError("no sockaddr_in")
    return Endpoint("%d.%d.%d.%d" % tuple(data[4:8]), int.from_bytes(data[2:4], "big"))
