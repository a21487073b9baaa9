"""IPv4 and IPv6 addresses, with regular expressions."""

import re
from errno import EAFNOSUPPORT
from socket import AF_INET, AF_INET6

OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
QUAD = re.compile(rf"{OCTET}(?:\.{OCTET}){{3}}")
GROUP = re.compile("[0-9A-Fa-f]{1,4}")


def known(family):
    if family != AF_INET and family != AF_INET6:
        raise OSError(EAFNOSUPPORT, "unknown family")
    return family


def quad_to_bytes(text):
    if not QUAD.fullmatch(text):
        raise OSError("not a dotted quad: " + text)
    return bytes(map(int, text.split(".")))


def v6_to_bytes(text):
    body, colon, last = text.rpartition(":")
    if "." in last and colon:
        # the quad as two groups
        a, b, c, d = quad_to_bytes(last)
        text = f"{body}:{a << 8 | b:x}:{c << 8 | d:x}"
    halves = text.split("::")
    if len(halves) > 3:
        raise OSError("more than one ::")
    sides = [half.split(":") if half else [] for half in halves]
    if not all(GROUP.fullmatch(group) for side in sides for group in side):
        raise OSError("not a group")
    count = sum(len(side) for side in sides)
    if len(sides) == 2:
        if count > 7:
            raise OSError("too many groups")
        groups = sides[0] + ["0"] * (8 - count) + sides[1]
    elif count == 8:
        groups = sides[0]
    else:
        raise OSError("not eight groups")
    return bytes.fromhex("".join(group.zfill(4) for group in groups))


def inet_pton(family, text):
    known(family)
    if not isinstance(text, str):
        raise TypeError("text is needed")
    if family == AF_INET:
        return quad_to_bytes(text)
    return v6_to_bytes(text)


def bytes_to_v6(packed):
    pairs = [packed[i : i + 2].hex() for i in range(0, 16, 2)]
    words = [pair.lstrip("0") or "0" for pair in pairs]
    runs = []
    start = 0
    while start < 8:
        end = start
        while end < 8 and words[end] == "0":
            end += 1
        runs.append((end - start, start))
        start = end + 1
    length, start = max(runs, key=lambda run: run[0])
    quad = ".".join(map(str, packed[12:]))
    if start == 0 and length == 6:
        return "::" + quad
    if packed[:12] == bytes(10) + b"\xff\xff":
        return "::ffff:" + quad
    if length < 2:
        return ":".join(words)
    return ":".join(words[:start]) + "::" + ":".join(words[start + length :])


def inet_ntop(family, packed):
    known(family)
    if not isinstance(packed, bytes):
        raise TypeError("bytes are needed")
    if family == AF_INET and len(packed) == 4:
        return ".".join(map(str, packed))
    if family == AF_INET6 and len(packed) == 16:
        return bytes_to_v6(packed)
    raise ValueError("wrong length")
