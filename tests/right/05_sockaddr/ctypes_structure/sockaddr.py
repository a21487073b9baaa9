import ctypes
import socket


class SockaddrIn(ctypes.Structure):
    _fields_ = [
        ("family", ctypes.c_uint16),
        ("port", ctypes.c_uint16.__ctype_be__),
        ("address", ctypes.c_uint8 * 4),
        ("zero", ctypes.c_uint8 * 8),
    ]


def pack_sockaddr_in(host, port):
    if not isinstance(port, int) or port < 0 or port > 65535:
        raise ValueError(f"no port: {port!r}")
    quad = socket.inet_pton(socket.AF_INET, host)
    return bytes(SockaddrIn(socket.AF_INET, port, (ctypes.c_uint8 * 4)(*quad)))


def unpack_sockaddr_in(data):
    if len(data) != ctypes.sizeof(SockaddrIn):
        raise ValueError("wrong length")
    found = SockaddrIn.from_buffer_copy(data)
    if found.family != socket.AF_INET:
        raise OSError("not AF_INET")
    return ".".join(map(str, found.address)), found.port
