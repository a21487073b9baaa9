import socket
import struct


def pack_sockaddr_in(host, port):
    if not isinstance(port, int):
        raise TypeError("port")
    if port not in range(0x10000):
        raise OverflowError("port")
    address = socket.inet_pton(socket.AF_INET, host)
    return struct.pack("=H", socket.AF_INET) + struct.pack("!H", port) + address + bytes(8)


def unpack_sockaddr_in(data):
    family = struct.unpack("=H", data[:2])[0] if len(data) == 16 else None
    if family != socket.AF_INET:
        raise ValueError("no sockaddr_in")
    port = struct.unpack("!H", data[2:4])[0]
    return port, socket.inet_ntoa(data[4:8])
