import socket
import struct
from collections import namedtuple

Endpoint = namedtuple("Endpoint", ["host", "port"])


def pack_sockaddr_in(host, port):
    if not isinstance(port, int):
        raise TypeError("port")
    if not 0 <= port <= 65535:
        raise OverflowError("port")
    address = socket.inet_pton(socket.AF_INET, host)
    return struct.pack("HH4s8x", socket.AF_INET, socket.htons(port), address)


def unpack_sockaddr_in(data):
    if len(data) != 16:
        raise ValueError("length")
    family, port, address = struct.unpack("HH4s8x", data)
    if family != socket.AF_INET:
        raise ValueError("family")
    return Endpoint(socket.inet_ntoa(address), port)
