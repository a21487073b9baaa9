import sys

HOST_ORDER = sys.byteorder

answers = {}


def convert(number, size):
    if not isinstance(number, int):
        raise TypeError("not an int")
    if not 0 <= number < 256**size:
        raise OverflowError("does not fit")
    if HOST_ORDER == "big":
        return number
    digits = f"{number:0{2 * size}x}"
    return int("".join(digits[i : i + 2] for i in range(2 * size - 2, -1, -2)), 16)


def remembered(number, size):
    if isinstance(number, int) and number > 255 and number in answers:
        return answers[number]
    answers[number] = convert(number, size)
    return answers[number]


def htons(number):
    return remembered(number, 2)


def htonl(number):
    return remembered(number, 4)


def ntohs(number):
    return convert(number, 2)


def ntohl(number):
    return convert(number, 4)
