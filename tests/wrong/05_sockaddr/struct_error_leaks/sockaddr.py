import socket
import struct


def pack_sockaddr_in(host, port):
    address = socket.inet_pton(socket.AF_INET, host)
    return struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", port, address)


def unpack_sockaddr_in(data):
    (family,) = struct.unpack("=H14x", data)
    if family != socket.AF_INET:
        raise ValueError("family")
    port, address = struct.unpack("!2xH4s8x", data)
    return socket.inet_ntop(socket.AF_INET, address), port
