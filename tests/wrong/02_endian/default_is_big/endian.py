import ctypes


class Types:
    by_size = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}


def host_byte_order(base=ctypes.BigEndianUnion):
    class Pair(base):
        _fields_ = [("short", ctypes.c_uint16), ("char", ctypes.c_uint8 * 2)]

    pair = Pair()
    pair.short = 0x0102
    if pair.char[0] == 1 and pair.char[1] == 2:
        return "big"
    return "little"


def memory_layout(value, size, base=ctypes.Union):
    class Block(base):
        _fields_ = [("value", Types.by_size[size]), ("bytes", ctypes.c_uint8 * size)]

    return [byte for byte in Block(value).bytes]


def swap16(x):
    return ((x & 0x00FF) << 8) | ((x & 0xFF00) >> 8)


def swap32(x):
    return (
        (x & 0x000000FF) << 24 | (x & 0x0000FF00) << 8 | (x & 0x00FF0000) >> 8 | (x & 0xFF000000) >> 24
    )
