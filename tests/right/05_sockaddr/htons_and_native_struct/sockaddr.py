import socket
import struct

LAYOUT = struct.Struct("HH4s8s")


def pack_sockaddr_in(host, port):
    if host.count(".") != 3:
        raise OSError("a dotted quad is needed")
    address = socket.inet_pton(socket.AF_INET, host)
    try:
        return LAYOUT.pack(socket.AF_INET, socket.htons(port), address, b"")
    except struct.error as error:
        raise ValueError(str(error)) from error


def unpack_sockaddr_in(data):
    try:
        family, port, address, _zero = LAYOUT.unpack(data)
    except struct.error as error:
        raise ValueError("wrong length") from error
    if family != socket.AF_INET:
        raise ValueError("wrong family")
    return socket.inet_ntoa(address), socket.ntohs(port)
