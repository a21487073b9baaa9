import ctypes

NUMBER = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}


def overlay(value, size, base):
    class Overlay(base):
        _fields_ = [("number", NUMBER[size]), ("octets", ctypes.c_uint8 * size)]

    return list(Overlay(value).octets)


def host_byte_order(base=ctypes.Union):
    return {1: "big", 2: "little"}[overlay(0x0102, 2, base)[0]]


def memory_layout(value, size, base=ctypes.Union):
    octets = overlay(value, size, base)
    if host_byte_order(base) == "little":
        # so that the number can be read from left to right
        octets.reverse()
    return octets


def swap16(x):
    high, low = x >> 8, x & 0xFF
    return low << 8 | high


def swap32(x):
    a, b, c, d = (x >> shift & 0xFF for shift in (0, 8, 16, 24))
    return a << 24 | b << 16 | c << 8 | d
