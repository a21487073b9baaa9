"""Does without struct, socket, array and int.to_bytes."""

from __future__ import annotations

import sys

HOST_ORDER: str = sys.byteorder


class Bytes:
    """The bytes of a number, lowest first."""

    def __init__(self, size: int) -> None:
        self.size = size

    def to_bytes(self, number: int) -> list[int]:
        array = []
        for _ in range(self.size):
            array.append(number % 256)
            number //= 256
        return array

    def from_bytes(self, array: list[int]) -> int:
        number = 0
        for byte in array:
            number = number * 256 + byte
        return number


def to_bytes(number: int, size: int) -> list[int]:
    return Bytes(size).to_bytes(number)


def convert(number: int, size: int) -> int:
    if not isinstance(number, int):
        raise TypeError("not an int: struct would say the same")
    if number < 0 or number >= 256**size:
        raise OverflowError("too wide for the socket")
    struct = to_bytes(number, size)
    if HOST_ORDER == "big":
        struct.reverse()
    return Bytes(size).from_bytes(struct)


def htons(number: int) -> int:
    return convert(number, 2)


def htonl(number: int) -> int:
    return convert(number, 4)


def ntohs(number: int) -> int:
    return convert(number, 2)


def ntohl(number: int) -> int:
    return convert(number, 4)
