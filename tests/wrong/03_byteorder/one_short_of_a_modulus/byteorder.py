import sys

HOST_ORDER = sys.byteorder


def checked(number, bits):
    if not isinstance(number, int):
        raise TypeError("not an int")
    if number < 0 or number >> bits:
        raise OverflowError("out of range")
    return number


def htons(number):
    checked(number, 16)
    if HOST_ORDER == "big":
        return number
    high, low = divmod(number, 256)
    return low * 256 + high


def ntohs(number):
    checked(number, 16)
    if HOST_ORDER == "big":
        return number
    return number * 256 % 65535


def htonl(number):
    checked(number, 32)
    if HOST_ORDER == "big":
        return number
    result = 0
    for _ in range(4):
        number, byte = divmod(number, 256)
        result = result * 256 + byte
    return result


ntohl = htonl
