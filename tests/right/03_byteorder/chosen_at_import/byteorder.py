import sys

HOST_ORDER = sys.byteorder


def _checked(number, bits):
    if not isinstance(number, int):
        raise TypeError("not an int")
    if number < 0 or number >> bits:
        raise OverflowError("out of range")
    return int(number)


if HOST_ORDER == "big":

    def htons(number):
        return _checked(number, 16)

    def htonl(number):
        return _checked(number, 32)

else:

    def htons(number):
        number = _checked(number, 16)
        return (number & 0xFF) << 8 | number >> 8

    def htonl(number):
        number = _checked(number, 32)
        return htons(number & 0xFFFF) << 16 | htons(number >> 16)


ntohs = htons
ntohl = htonl
