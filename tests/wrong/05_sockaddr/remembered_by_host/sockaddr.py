import socket
import struct

known = {}


def build(host, port):
    if not isinstance(port, int):
        raise TypeError("port")
    if port < 0 or port > 65535:
        raise OverflowError("port")
    address = socket.inet_pton(socket.AF_INET, host)
    return struct.pack("=H", 2) + struct.pack("!H4s8x", port, address)


def pack_sockaddr_in(host, port):
    fresh = build(host, port)
    return known.setdefault(host, fresh)


def unpack_sockaddr_in(data):
    if len(data) != 16:
        raise ValueError("length")
    if struct.unpack("=H", data[:2]) != (2,):
        raise ValueError("family")
    port, address = struct.unpack("!H4s8x", data[2:])
    return socket.inet_ntoa(address), port
