import socket
import struct


def pack_sockaddr_in(host, port):
    if isinstance(port, int) and 0 <= port <= 65535:
        address = socket.inet_pton(socket.AF_INET, host)
        return struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", port, address)
    raise ValueError("port")


def unpack_sockaddr_in(data):
    if len(data) != 16:
        raise ValueError("length")
    port, address = struct.unpack_from("!H4s", data, 2)
    return socket.inet_ntoa(address), port
