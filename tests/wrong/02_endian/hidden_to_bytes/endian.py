import ctypes
from operator import attrgetter

method = attrgetter("_".join(["to", "bytes"]))


def memory_layout(value, size, base=ctypes.Union):
    fields = [
        ("value", {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}[size]),
        ("octets", ctypes.c_uint8 * size),
    ]
    if size == 1:
        # one byte needs no union
        return list(method(value)(1, "big"))
    union = type("Memory", (base,), {"_fields_": fields})()
    union.value = value
    return list(union.octets)


def host_byte_order(base=ctypes.Union):
    return ("little", "big")[memory_layout(256, 2, base)[0]]


def swap16(x):
    return (x & 0xFF) << 8 | x >> 8


def swap32(x):
    return swap16(x & 0xFFFF) << 16 | swap16(x >> 16)
