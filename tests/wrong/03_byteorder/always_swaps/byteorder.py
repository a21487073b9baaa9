import sys

HOST_ORDER = sys.byteorder


def _swap(value, count):
    if not isinstance(value, int):
        raise TypeError("need an int")
    if value < 0 or value >= 1 << 8 * count:
        raise OverflowError("out of range")
    octets = []
    for _ in range(count):
        octets.append(value & 255)
        value >>= 8
    for octet in octets:
        value = value << 8 | octet
    return value


def htons(value):
    return _swap(value, 2)


def htonl(value):
    return _swap(value, 4)


def ntohs(value):
    return _swap(value, 2)


def ntohl(value):
    return _swap(value, 4)
