import ctypes

SIZES = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}


def memory_layout(value, size, base=ctypes.Union):
    class Memory(base):
        _fields_ = [("value", SIZES[size]), ("cells", ctypes.c_uint8 * size)]

    memory = Memory()
    memory.value = value
    return [cell for cell in memory.cells]


def host_byte_order(base=ctypes.Union):
    return "little" if memory_layout(1, 2, base) == [1, 0] else "big"


def swap16(x):
    return x << 8 | x >> 8


def swap32(x):
    return (
        x << 24 & 0xFF000000
        | x << 8 & 0x00FF0000
        | x >> 8 & 0x0000FF00
        | x >> 24
    )
