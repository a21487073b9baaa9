import sys

HOST_ORDER = sys.byteorder


def prepared(n, bits):
    if type(n) is not int:
        raise TypeError(f"{type(n).__name__} is not int")
    if n < 0 or n >= 1 << bits:
        raise OverflowError("out of range")
    return n


def swap(n, bits):
    n = prepared(n, bits)
    if HOST_ORDER == "big":
        return n
    return sum((n >> i & 0xFF) << bits - 8 - i for i in range(0, bits, 8))


def htons(n):
    return swap(n, 16)


def htonl(n):
    return swap(n, 32)


def ntohs(n):
    return swap(n, 16)


def ntohl(n):
    return swap(n, 32)
