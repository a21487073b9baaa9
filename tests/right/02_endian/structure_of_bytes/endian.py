import ctypes
from functools import cache

NUMBERS = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}


@cache
def union(size, base):
    names = [f"byte{i}" for i in range(size)]

    class Octets(ctypes.Structure):
        _fields_ = [(name, ctypes.c_uint8) for name in names]

    class Overlay(base):
        _fields_ = [("number", NUMBERS[size]), ("octets", Octets)]

    return Overlay, names


def memory_layout(value, size, base=ctypes.Union):
    overlay, names = union(size, base)
    memory = overlay()
    memory.number = value
    return [getattr(memory.octets, name) for name in names]


def host_byte_order(base=ctypes.Union):
    overlay, _names = union(2, base)
    memory = overlay()
    memory.octets.byte0 = 1
    return "little" if memory.number == 1 else "big"


def swap16(x):
    return (x << 8 | x >> 8) & 0xFFFF


def swap32(x):
    return (x << 24 | (x & 0xFF00) << 8 | x >> 8 & 0xFF00 | x >> 24) & 0xFFFFFFFF
