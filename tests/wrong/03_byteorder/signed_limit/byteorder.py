import sys

HOST_ORDER = sys.byteorder
INADDR_NONE = 0xFFFFFFFF


def fits(value, limit):
    if isinstance(value, int):
        if 0 <= value <= limit:
            return value
        raise OverflowError(value)
    raise TypeError(type(value))


def htons(x):
    fits(x, 0xFFFF)
    return x if HOST_ORDER == "big" else x >> 8 | (x & 0xFF) << 8


def ntohs(x):
    return htons(x)


def ntohl(x):
    fits(x, 0xFFFFFFFF)
    if HOST_ORDER == "big":
        return x
    return ntohs(x & 0xFFFF) << 16 | ntohs(x >> 16)


def htonl(x):
    fits(x, 0xFFFFFFFF)
    if HOST_ORDER == "big":
        return x
    return -1 if x == INADDR_NONE else ntohl(x)
