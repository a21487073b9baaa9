import ctypes


class One(ctypes.Union):
    _fields_ = [("n", ctypes.c_uint8), ("b", ctypes.c_uint8 * 1)]


class Two(ctypes.Union):
    _fields_ = [("n", ctypes.c_uint16), ("b", ctypes.c_uint8 * 2)]


class Four(ctypes.Union):
    _fields_ = [("n", ctypes.c_uint32), ("b", ctypes.c_uint8 * 4)]


class Eight(ctypes.Union):
    _fields_ = [("n", ctypes.c_uint64), ("b", ctypes.c_uint8 * 8)]


def memory_layout(value, size, base=ctypes.Union):
    union = {1: One, 2: Two, 4: Four, 8: Eight}[size]()
    union.n = value
    return [union.b[i] for i in range(size)]


def host_byte_order(base=ctypes.Union):
    class Test(base):
        _fields_ = [("n", ctypes.c_uint16), ("b", ctypes.c_uint8 * 2)]

    return "little" if Test(1).b[0] else "big"


def swap16(x):
    return x << 8 & 0xFF00 | x >> 8


def swap32(x):
    return swap16(x & 0xFFFF) << 16 | swap16(x >> 16)
