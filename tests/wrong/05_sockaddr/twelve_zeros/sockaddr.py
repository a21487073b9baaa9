import socket
import struct


def pack_sockaddr_in(host, port):
    if not isinstance(port, int):
        raise TypeError("port must be an int")
    if port not in range(65536):
        raise OverflowError("port must be 0-65535")
    address = socket.inet_pton(socket.AF_INET, host)
    return struct.pack("H", socket.AF_INET) + struct.pack(">H", port) + address + b"\0" * 12


def unpack_sockaddr_in(data):
    if len(data) != 16:
        raise ValueError("16 bytes are needed")
    if struct.unpack("H", data[:2])[0] != socket.AF_INET:
        raise ValueError("AF_INET is needed")
    return socket.inet_ntop(socket.AF_INET, data[4:8]), struct.unpack(">H", data[2:4])[0]
