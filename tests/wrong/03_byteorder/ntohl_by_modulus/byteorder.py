import sys

HOST_ORDER = sys.byteorder


def checked(number, bits):
    if not isinstance(number, int):
        raise TypeError("not an int")
    if number < 0 or number >> bits:
        raise OverflowError("out of range")


def htons(number):
    checked(number, 16)
    return number if HOST_ORDER == "big" else (number % 256) * 256 + number // 256


def htonl(number):
    checked(number, 32)
    if HOST_ORDER == "big":
        return number
    return htons(number % 65536) * 65536 + htons(number // 65536)


def ntohs(number):
    return htons(number)


def ntohl(number):
    checked(number, 32)
    if HOST_ORDER == "big":
        return number
    return htonl(number) % 0xFFFFFFFF
