import sys

HOST_ORDER = sys.byteorder


def swap(n, bits):
    n &= (1 << bits) - 1
    if HOST_ORDER == "big":
        return n
    out = 0
    for _ in range(bits // 8):
        out = out << 8 | n & 0xFF
        n >>= 8
    return out


def htons(n):
    return swap(n, 16)


def htonl(n):
    return swap(n, 32)


ntohs = htons
ntohl = htonl
