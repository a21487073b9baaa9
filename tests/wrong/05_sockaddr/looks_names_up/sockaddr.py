import socket
import struct


def pack_sockaddr_in(host, port):
    if not isinstance(port, int):
        raise TypeError("port")
    if not 0 <= port <= 65535:
        raise OverflowError("port")
    try:
        address = socket.inet_aton(host)
    except OSError:
        address = socket.inet_aton(socket.gethostbyname(host))
    return struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", port, address)


def unpack_sockaddr_in(data):
    if len(data) != 16:
        raise ValueError("length")
    if struct.unpack("=H", data[:2])[0] != socket.AF_INET:
        raise ValueError("family")
    return socket.inet_ntop(socket.AF_INET, data[4:8]), struct.unpack("!H", data[2:4])[0]
