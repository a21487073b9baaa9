import socket
import struct


def pack_sockaddr_in(host, port):
    address = socket.inet_pton(socket.AF_INET, host)
    network_port = bytes([port >> 8 & 0xFF, port & 0xFF])
    return struct.pack("=H", socket.AF_INET) + network_port + address + bytes(8)


def unpack_sockaddr_in(data):
    if len(data) != 16:
        raise ValueError("length")
    if struct.unpack("=H", data[:2])[0] != socket.AF_INET:
        raise ValueError("family")
    return socket.inet_ntop(socket.AF_INET, data[4:8]), data[2] << 8 | data[3]
