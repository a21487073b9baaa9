"""Numbers between the byte order of this host and the byte order of the network."""

import sys

# The order of this host's bytes, "little" or "big". All four functions are driven by it.
HOST_ORDER = sys.byteorder


def check(number, bits):
    """Raise TypeError unless `number` is an int, OverflowError unless 0 <= number < 2 ** bits."""
    if not isinstance(number, int):
        raise TypeError(f"expected an int, not {type(number).__name__}")
    if not 0 <= number < 1 << bits:
        raise OverflowError(f"{number} doesn't fit into {bits} bits")


def swapped(number, bits):
    """Give `number`, which is `bits` wide, with its bytes in the opposite order."""
    result = 0
    for _ in range(bits // 8):
        result = result << 8 | number & 0xFF
        number >>= 8
    return result


def htons(number):
    """Give a 16-bit number of this host in network byte order."""
    check(number, 16)
    return number if HOST_ORDER == "big" else swapped(number, 16)


def htonl(number):
    """Give a 32-bit number of this host in network byte order."""
    check(number, 32)
    return number if HOST_ORDER == "big" else swapped(number, 32)


def ntohs(number):
    """Give a 16-bit number from the network in this host's byte order."""
    return htons(number)


def ntohl(number):
    """Give a 32-bit number from the network in this host's byte order."""
    return htonl(number)
