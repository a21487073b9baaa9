import socket
from struct import pack, unpack


def pack_sockaddr_in(host, port):
    if not isinstance(port, int):
        raise TypeError("port must be an int")
    if not 0 <= port < 65536:
        raise OverflowError("port must fit 16 bits")
    head = pack("=H", socket.AF_INET) + pack("!H", port) + socket.inet_pton(socket.AF_INET, host)
    return head.ljust(16)


def unpack_sockaddr_in(data):
    if len(data) != 16:
        raise ValueError("length")
    if unpack("=H", data[:2])[0] != socket.AF_INET:
        raise ValueError("family")
    return socket.inet_ntoa(data[4:8]), unpack("!H", data[2:4])[0]
