"""Numbers between the byte order of this host and the byte order of the network."""

import sys

# The order of this host's bytes, "little" or "big". All four functions are driven by it.
HOST_ORDER = sys.byteorder


def check(number, bits):
    """Raise TypeError unless `number` is an int, OverflowError unless 0 <= number < 2 ** bits."""
    raise NotImplementedError("check is not written yet")


def swapped(number, bits):
    """Give `number`, which is `bits` wide, with its bytes in the opposite order."""
    raise NotImplementedError("swapped is not written yet")


def htons(number):
    """Give a 16-bit number of this host in network byte order."""
    raise NotImplementedError("htons is not written yet")


def htonl(number):
    """Give a 32-bit number of this host in network byte order."""
    raise NotImplementedError("htonl is not written yet")


def ntohs(number):
    """Give a 16-bit number from the network in this host's byte order."""
    raise NotImplementedError("ntohs is not written yet")


def ntohl(number):
    """Give a 32-bit number from the network in this host's byte order."""
    raise NotImplementedError("ntohl is not written yet")
