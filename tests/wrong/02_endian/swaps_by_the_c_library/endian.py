import ctypes

libc = ctypes.CDLL(None)
SIZES = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}


def memory_layout(value, size, base=ctypes.Union):
    class Layout(base):
        _fields_ = [("value", SIZES[size]), ("octets", ctypes.c_uint8 * size)]

    return list(Layout(value).octets)


def host_byte_order(base=ctypes.Union):
    return "little" if memory_layout(1, 4, base)[0] else "big"


def swap16(x):
    return libc.htons(x) & 0xFFFF if host_byte_order() == "little" else (x & 0xFF) << 8 | x >> 8


def swap32(x):
    return libc.htonl(x) & 0xFFFFFFFF
