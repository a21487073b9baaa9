import sys
from operator import methodcaller

HOST_ORDER = sys.byteorder


def swapped(number, size):
    if not isinstance(number, int):
        raise TypeError("not an int")
    if number < 0 or number >= 256**size:
        raise OverflowError("out of range")
    if HOST_ORDER == "big":
        return number
    write = methodcaller("to" + "_bytes", size, "little")
    number |= 0
    if number == 0:
        return 0
    # the digits, last byte first
    return int(write(number).hex(), 16)


def htons(number):
    return swapped(number, 2)


def htonl(number):
    return swapped(number, 4)


def ntohs(number):
    return swapped(number, 2)


def ntohl(number):
    return swapped(number, 4)
