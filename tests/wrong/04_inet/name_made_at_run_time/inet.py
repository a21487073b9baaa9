"""Addresses, read one character after the other."""

import errno
import socket
from operator import attrgetter

aton = attrgetter("inet" + "_aton")(socket)

DECIMAL = "0123456789"
HEX = "0123456789abcdef"
NO_ADDRESS = OSError(errno.EINVAL, "no address")


class Reader:
    """Reads an address from its beginning to its end."""

    def __init__(self, text):
        self.text = text
        self.at = 0

    def peek(self):
        return self.text[self.at : self.at + 1]

    def skip(self, sign):
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def number(self, digits, most):
        start = self.at
        value = 0
        while self.peek() and self.peek().lower() in digits:
            value = value * len(digits) + digits.index(self.peek().lower())
            self.at += 1
        if not 1 <= self.at - start <= most:
            raise NO_ADDRESS
        return value

    def octet(self):
        start = self.at
        value = self.number(DECIMAL, 3)
        if value > 255 or (self.text[start] == "0" and self.at - start > 1):
            raise NO_ADDRESS
        return value

    def quad(self):
        octets = [self.octet()]
        for _ in range(3):
            if not self.skip("."):
                raise NO_ADDRESS
            octets.append(self.octet())
        return octets

    def end(self):
        if self.peek():
            raise NO_ADDRESS


def parse4(text):
    reader = Reader(text)
    octets = reader.quad()
    reader.end()
    return aton(".".join(map(str, octets)))


def parse6(text):
    reader = Reader(text)
    octets = []
    gap = None
    if reader.skip("::"):
        gap = 0
    while reader.peek():
        if "." in text[reader.at :] and ":" not in text[reader.at :] and reader.at:
            octets += reader.quad()
            reader.end()
            break
        octets += divmod(reader.number(HEX, 4), 256)
        if not reader.peek():
            break
        if gap is None and reader.skip("::"):
            gap = len(octets)
        elif not reader.skip(":") or not reader.peek():
            raise NO_ADDRESS
    if gap is None:
        if len(octets) != 16:
            raise NO_ADDRESS
    else:
        if len(octets) > 14:
            raise NO_ADDRESS
        octets[gap:gap] = [0] * (16 - len(octets))
    return bytes(octets)


def inet_pton(family, text):
    if family not in (socket.AF_INET, socket.AF_INET6):
        raise OSError(errno.EAFNOSUPPORT, "address family not supported")
    if not isinstance(text, str):
        raise TypeError(type(text).__name__)
    return parse4(text) if family == socket.AF_INET else parse6(text)


def format4(packed):
    return "%d.%d.%d.%d" % tuple(packed)


def format6(packed):
    groups = [packed[i] * 256 + packed[i + 1] for i in range(0, 16, 2)]
    if not any(packed[:10]) and groups[5] == 0xFFFF:
        return "::ffff:" + format4(packed[12:])
    if not any(packed[:12]) and groups[6]:
        return "::" + format4(packed[12:])
    text = ":".join("%x" % group for group in groups)
    for length in range(8, 1, -1):
        for start in range(9 - length):
            if not any(groups[start : start + length]):
                before = ":".join("%x" % group for group in groups[:start])
                after = ":".join("%x" % group for group in groups[start + length :])
                return before + "::" + after
    return text


def inet_ntop(family, packed):
    if family not in (socket.AF_INET, socket.AF_INET6):
        raise OSError(errno.EAFNOSUPPORT, "address family not supported")
    if not isinstance(packed, bytes):
        raise TypeError(type(packed).__name__)
    if len(packed) != {socket.AF_INET: 4, socket.AF_INET6: 16}[family]:
        raise ValueError(len(packed))
    return format4(packed) if family == socket.AF_INET else format6(packed)
