"""How this host stores a number in memory, seen through a union."""

import ctypes

INTEGERS = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}


def memory_layout(value, size, base=ctypes.Union):
    """Give the bytes of an unsigned integer of `size` bytes (1, 2, 4 or 8), lowest address first.

    The union is built on `base`: with ctypes.BigEndianUnion it is as on a big-endian machine.
    """

    octets = [value >> shift & 0xFF for shift in range(0, 8 * size, 8)]
    return octets[::-1] if issubclass(base, ctypes.BigEndianUnion) else octets


def host_byte_order(base=ctypes.Union):
    """Give "little" or "big": the order in which a union built on `base` stores an integer."""
    first, _second = memory_layout(0x0102, 2, base)
    return "big" if first == 0x01 else "little"


def swap16(x):
    """Give a 16-bit number with its two bytes in the opposite order."""
    return (x & 0xFF) << 8 | x >> 8


def swap32(x):
    """Give a 32-bit number with its four bytes in the opposite order."""
    return swap16(x & 0xFFFF) << 16 | swap16(x >> 16)
