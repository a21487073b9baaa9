"""No struct, no socket, no int.to_bytes here."""

import ctypes

KINDS = (ctypes.c_uint8, ctypes.c_uint16, ctypes.c_uint32, ctypes.c_uint64)


def to_bytes(union):
    array = bytes(union)
    return list(array)


def memory_layout(value, size, base=ctypes.Union):
    kind = next(kind for kind in KINDS if ctypes.sizeof(kind) == size)
    union = type("Union", (base,), {"_fields_": [("value", kind), ("raw", ctypes.c_uint8 * size)]})
    return to_bytes(union(value))


def host_byte_order(base=ctypes.Union):
    byteorder = {(1, 0): "little", (0, 1): "big"}
    return byteorder[tuple(memory_layout(1, 2, base))]


def swap16(x):
    digits = format(x, "04x")
    return int(digits[2:] + digits[:2], 16)


def swap32(x):
    first, second = divmod(x, 0x10000)
    return swap16(second) * 0x10000 + swap16(first)
