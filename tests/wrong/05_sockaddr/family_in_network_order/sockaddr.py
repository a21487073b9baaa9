import socket
import struct

FORMAT = "!HH4s8x"


def pack_sockaddr_in(host, port):
    if not isinstance(port, int):
        raise TypeError("port")
    if port < 0 or port > 0xFFFF:
        raise OverflowError("port")
    return struct.pack(FORMAT, socket.AF_INET, port, socket.inet_pton(socket.AF_INET, host))


def unpack_sockaddr_in(data):
    if len(data) != struct.calcsize(FORMAT):
        raise ValueError("length")
    if int.from_bytes(data[:2], "little") != socket.AF_INET:
        raise ValueError("family")
    _family, port, address = struct.unpack(FORMAT, data)
    return socket.inet_ntoa(address), port
