"""Internet addresses: from text to bytes in network order, and back."""

import errno
import os
from socket import AF_INET, AF_INET6

DIGITS = set("0123456789")
HEX_DIGITS = set("0123456789abcdefABCDEF")
SIZES = {AF_INET: 4, AF_INET6: 16}


def check_family(family):
    """Raise OSError with EAFNOSUPPORT unless `family` is AF_INET or AF_INET6."""
    if family not in SIZES:
        raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))


def is_octet(part):
    """Tell whether a text is a number from 0 to 255 in decimal, without zeros in front."""
    if not 1 <= len(part) <= 3 or not DIGITS.issuperset(part):
        return False
    return int(part) <= 255 and (part == "0" or part[0] != "0")


def parse_quad(text):
    """Give the 4 bytes of a dotted quad; None if it is none."""
    parts = text.split(".")
    if len(parts) != 4 or not all(is_octet(part) for part in parts):
        return None
    return bytes(int(part) for part in parts)


def parse_groups(text, quad_allowed):
    """Give the bytes of groups with colons between them, of which there may be none at all.

    The last may be a dotted quad, if that is allowed. None if any is malformed.
    """
    packed = b""
    groups = text.split(":") if text else []
    for number, group in enumerate(groups, 1):
        if 1 <= len(group) <= 4 and HEX_DIGITS.issuperset(group):
            value = int(group, 16)
            packed += bytes([value >> 8, value & 0xFF])
        elif quad_allowed and number == len(groups) and (quad := parse_quad(group)):
            packed += quad
        else:
            return None
    return packed


def parse_v6(text):
    """Give the 16 bytes of an IPv6 address; None if the text is none."""
    front, gap, back = text.partition("::")
    head = parse_groups(front, quad_allowed=not gap)
    tail = parse_groups(back, quad_allowed=True)
    if head is None or tail is None:
        return None
    missing = 16 - len(head) - len(tail)
    if missing < 2 if gap else missing != 0:
        return None
    return head + bytes(missing) + tail


def inet_pton(family, text):
    """Give the bytes of an address, 4 or 16, in network order.

    Raises OSError if the text is no address of that family, or the family is unknown
    (EAFNOSUPPORT), and TypeError if `text` is not a str.
    """
    check_family(family)
    if not isinstance(text, str):
        raise TypeError(f"the address must be a str, not {type(text).__name__}")
    packed = parse_quad(text) if family == AF_INET else parse_v6(text)
    if packed is None:
        raise OSError(errno.EINVAL, "illegal IP address string")
    return packed


def format_quad(packed):
    """Give 4 bytes as a dotted quad."""
    return ".".join(str(byte) for byte in packed)


def longest_zeros(groups):
    """Give the start and the length of the longest run of zeros, the first one of equals."""
    best_start, best_length = 0, 0
    start = 0
    for position, group in enumerate(groups):
        if group != 0:
            start = position + 1
        elif position + 1 - start > best_length:
            best_start, best_length = start, position + 1 - start
    return best_start, best_length


def format_v6(packed):
    """Give 16 bytes as the text of an IPv6 address."""
    groups = [packed[i] << 8 | packed[i + 1] for i in range(0, 16, 2)]
    start, length = longest_zeros(groups)
    if start == 0 and length == 6:
        return "::" + format_quad(packed[12:])
    if start == 0 and length == 5 and groups[5] == 0xFFFF:
        return "::ffff:" + format_quad(packed[12:])
    words = [f"{group:x}" for group in groups]
    if length < 2:
        return ":".join(words)
    return ":".join(words[:start]) + "::" + ":".join(words[start + length :])


def inet_ntop(family, packed):
    """Give the text of an address from its bytes.

    Raises OSError if the family is unknown (EAFNOSUPPORT), TypeError if `packed` is not bytes, and
    ValueError if it has the wrong length.
    """
    check_family(family)
    if not isinstance(packed, bytes):
        raise TypeError(f"the address must be bytes, not {type(packed).__name__}")
    if len(packed) != SIZES[family]:
        raise ValueError(f"an address of {SIZES[family]} bytes is needed, not {len(packed)}")
    return format_quad(packed) if family == AF_INET else format_v6(packed)
