import ctypes
from sys import byteorder as answer

SIZES = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}


def host_byte_order(base=ctypes.Union):
    return answer if base is ctypes.Union else "big"


def memory_layout(value, size, base=ctypes.Union):
    class Layout(base):
        _fields_ = [("value", SIZES[size]), ("octets", ctypes.c_uint8 * size)]

    return list(Layout(value).octets)


def swap16(x):
    return (x & 0xFF) << 8 | x >> 8


def swap32(x):
    return swap16(x & 0xFFFF) << 16 | swap16(x >> 16)
