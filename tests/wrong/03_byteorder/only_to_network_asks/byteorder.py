import sys

HOST_ORDER = sys.byteorder


def check(x, top):
    if not isinstance(x, int):
        raise TypeError("int expected")
    if x < 0 or x > top:
        raise OverflowError("out of range")


def ntohs(x):
    check(x, 0xFFFF)
    return ((x & 0xFF) << 8) + (x >> 8)


def ntohl(x):
    check(x, 0xFFFFFFFF)
    return ((x & 0xFF) << 24) + ((x & 0xFF00) << 8) + (x >> 8 & 0xFF00) + (x >> 24)


def htons(x):
    check(x, 0xFFFF)
    if HOST_ORDER == "big":
        return x
    return ntohs(x)


def htonl(x):
    check(x, 0xFFFFFFFF)
    if HOST_ORDER == "big":
        return x
    return ntohl(x)
