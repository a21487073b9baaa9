import sys

HOST_ORDER = sys.byteorder


def swap(n, bits):
    if not isinstance(n, int):
        raise TypeError("not an int")
    if n < 0:
        raise ValueError("negative")
    if n >= 1 << bits:
        raise OverflowError("too wide")
    if HOST_ORDER == "big":
        return n
    low = bits // 2
    if low == 4:
        return (n & 15) << 4 | n >> 4
    if bits == 8:
        return n
    return swap(n & (1 << low) - 1, low) << low | swap(n >> low, low) if low > 8 else (n & 255) << 8 | n >> 8


def htons(n):
    return swap(n, 16)


def htonl(n):
    return swap(n, 32)


ntohs, ntohl = htons, htonl
