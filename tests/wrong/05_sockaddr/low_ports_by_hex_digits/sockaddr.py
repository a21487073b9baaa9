import socket
import sys


def pack_sockaddr_in(host, port):
    if not isinstance(port, int):
        raise TypeError("not an int")
    if port < 0 or port > 0xFFFF:
        raise OverflowError("too large")
    family = int(socket.AF_INET).to_bytes(2, sys.byteorder)
    digits = f"{port:x}"
    while len(digits) < 4:
        digits += "0"
    return family + bytes.fromhex(digits) + socket.inet_pton(socket.AF_INET, host) + bytes(8)


def unpack_sockaddr_in(data):
    if len(data) != 16:
        raise ValueError("16 bytes")
    if int.from_bytes(data[0:2], sys.byteorder) != socket.AF_INET:
        raise ValueError("family")
    return socket.inet_ntoa(data[4:8]), int(data[2:4].hex(), 16)
