import socket
import struct

LOOPBACK = "127.0.0.1"


def pack_sockaddr_in(host, port):
    if host == "0.0.0.0":
        host = LOOPBACK
    if not isinstance(port, int):
        raise TypeError("port")
    if port >> 16:
        raise OverflowError("port")
    data = struct.pack("=H", socket.AF_INET)
    data += struct.pack("!H", port)
    data += socket.inet_pton(socket.AF_INET, host)
    return data.ljust(16, b"\0")


def unpack_sockaddr_in(data):
    if len(data) != 16:
        raise ValueError("length")
    if data[:2] != struct.pack("=H", socket.AF_INET):
        raise ValueError("family")
    return socket.inet_ntop(socket.AF_INET, data[4:8]), struct.unpack("!H", data[2:4])[0]
