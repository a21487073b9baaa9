import socket
import struct


class SockaddrIn:
    size = 16

    def __init__(self, host, port):
        if not isinstance(port, int):
            raise TypeError("the port is not an int")
        if not 0 <= port < 1 << 16:
            raise OverflowError("the port does not fit")
        self.address = socket.inet_pton(socket.AF_INET, host)
        self.port = port
        self.family = socket.AF_INET if port else socket.AF_UNSPEC

    def to_memory(self):
        memory = bytearray(self.size)
        struct.pack_into("=H", memory, 0, self.family)
        struct.pack_into("!H", memory, 2, self.port)
        memory[4:8] = self.address
        return bytes(memory)


def pack_sockaddr_in(host, port):
    return SockaddrIn(host, port).to_memory()


def unpack_sockaddr_in(data):
    if len(data) != SockaddrIn.size:
        raise ValueError("wrong size")
    (family,) = struct.unpack_from("=H", data)
    if family != socket.AF_INET:
        raise ValueError("wrong family")
    (port,) = struct.unpack_from("!H", data, 2)
    return ".".join(str(byte) for byte in data[4:8]), port
