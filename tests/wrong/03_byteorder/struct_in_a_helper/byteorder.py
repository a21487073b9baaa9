import importlib
import sys

HOST_ORDER = sys.byteorder


def swap(number, code):
    tool = importlib.import_module("stru" + "ct")
    if not isinstance(number, int):
        raise TypeError("not an int")
    try:
        data = tool.pack("<" + code, number)
    except tool.error:
        raise OverflowError("out of range") from None
    return number if HOST_ORDER == "big" else tool.unpack(">" + code, data)[0]


def htons(number):
    return swap(number, "H")


def htonl(number):
    return swap(number, "I")


def ntohs(number):
    return swap(number, "H")


def ntohl(number):
    return swap(number, "I")
