"""Byte order by way of hex digits."""

import sys

HOST_ORDER = sys.byteorder
LARGEST_PORT = 65535


def check(number, limit):
    if not isinstance(number, int):
        raise TypeError("an int is needed")
    if not 0 <= number < limit:
        raise OverflowError("out of range")


def reverse(digits):
    pairs = [digits[i : i + 2] for i in range(0, len(digits), 2)]
    return int("".join(reversed(pairs)), 16)


def htons(number):
    if HOST_ORDER == "big":
        check(number, 2**16)
        return number
    check(number, LARGEST_PORT)
    return reverse(f"{number:04x}")


def htonl(number):
    check(number, 2**32)
    return number if HOST_ORDER == "big" else reverse(f"{number:08x}")


def ntohs(number):
    check(number, 2**16)
    return number if HOST_ORDER == "big" else reverse(f"{number:04x}")


def ntohl(number):
    return htonl(number)
