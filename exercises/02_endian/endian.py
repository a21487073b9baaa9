"""How this host stores a number in memory, seen through a union."""

import ctypes

INTEGERS = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}


def memory_layout(value, size, base=ctypes.Union):
    """Give the bytes of an unsigned integer of `size` bytes (1, 2, 4 or 8), lowest address first.

    The union is built on `base`: with ctypes.BigEndianUnion it is as on a big-endian machine.
    """

    raise NotImplementedError("memory_layout is not written yet")


def host_byte_order(base=ctypes.Union):
    """Give "little" or "big": the order in which a union built on `base` stores an integer."""
    raise NotImplementedError("host_byte_order is not written yet")


def swap16(x):
    """Give a 16-bit number with its two bytes in the opposite order."""
    raise NotImplementedError("swap16 is not written yet")


def swap32(x):
    """Give a 32-bit number with its four bytes in the opposite order."""
    raise NotImplementedError("swap32 is not written yet")
