import sys
from functools import partial
from operator import index

HOST_ORDER = sys.byteorder


def convert(size, number):
    number = index(number)
    if number < 0 or number >= 1 << 8 * size:
        raise OverflowError(f"{number} does not fit in {size} bytes")
    data = bytes.fromhex(format(number, f"0{2 * size}x"))
    if HOST_ORDER == "little":
        data = data[::-1]
    print("converted", number, "to", data.hex())
    return int(data.hex(), 16)


htons = ntohs = partial(convert, 2)
htonl = ntohl = partial(convert, 4)
