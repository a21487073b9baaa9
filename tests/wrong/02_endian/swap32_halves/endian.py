import ctypes


def memory_layout(value, size, base=ctypes.Union):
    kinds = {1: ctypes.c_ubyte, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}

    class View(base):
        _fields_ = [("whole", kinds[size]), ("parts", ctypes.c_ubyte * size)]

    view = View(whole=value)
    return list(view.parts)


def host_byte_order(base=ctypes.Union):
    low, high = memory_layout(0x0100, 2, base)
    return "little" if low < high else "big"


def swap16(x):
    return x % 256 * 256 + x // 256


def swap32(x):
    return (x & 0xFFFF) << 16 | x >> 16
