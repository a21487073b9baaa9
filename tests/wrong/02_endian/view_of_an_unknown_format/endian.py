import ctypes

NUMBERS = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}


def union(size, base):
    class Value(base):
        _fields_ = [("number", NUMBERS[size]), ("octets", ctypes.c_uint8 * size)]

    return Value()


def memory_layout(value, size, base=ctypes.Union):
    both = union(size, base)
    both.number = value
    return memoryview(both.octets).tolist()


def host_byte_order(base=ctypes.Union):
    both = union(2, base)
    both.number = 1
    return "little" if both.octets[0] else "big"


def swap16(x):
    return (x & 0xFF) << 8 | x >> 8


def swap32(x):
    return swap16(x & 0xFFFF) << 16 | swap16(x >> 16)
