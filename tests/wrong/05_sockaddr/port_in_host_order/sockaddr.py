import socket
import struct


def pack_sockaddr_in(host, port):
    if not isinstance(port, int):
        raise TypeError("port")
    if not 0 <= port <= 65535:
        raise OverflowError("port")
    return struct.pack("=HH4s8s", socket.AF_INET, port, socket.inet_pton(socket.AF_INET, host), bytes(8))


def unpack_sockaddr_in(data):
    if len(data) != 16 or struct.unpack("=H", data[:2]) != (socket.AF_INET,):
        raise ValueError("not a sockaddr_in")
    host = socket.inet_ntop(socket.AF_INET, data[4:8])
    return host, data[2] * 256 + data[3]
