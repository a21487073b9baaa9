"""Internet addresses: from text to bytes in network order, and back."""

import errno
import os
from socket import AF_INET, AF_INET6

DIGITS = set("0123456789")
HEX_DIGITS = set("0123456789abcdefABCDEF")
SIZES = {AF_INET: 4, AF_INET6: 16}


def check_family(family):
    """Raise OSError with EAFNOSUPPORT unless `family` is AF_INET or AF_INET6."""
    raise NotImplementedError("check_family is not written yet")


def is_octet(part):
    """Tell whether a text is a number from 0 to 255 in decimal, without zeros in front."""
    raise NotImplementedError("is_octet is not written yet")


def parse_quad(text):
    """Give the 4 bytes of a dotted quad; None if it is none."""
    raise NotImplementedError("parse_quad is not written yet")


def parse_groups(text, quad_allowed):
    """Give the bytes of groups with colons between them, of which there may be none at all.

    The last may be a dotted quad, if that is allowed. None if any is malformed.
    """
    raise NotImplementedError("parse_groups is not written yet")


def parse_v6(text):
    """Give the 16 bytes of an IPv6 address; None if the text is none."""
    raise NotImplementedError("parse_v6 is not written yet")


def inet_pton(family, text):
    """Give the bytes of an address, 4 or 16, in network order.

    Raises OSError if the text is no address of that family, or the family is unknown
    (EAFNOSUPPORT), and TypeError if `text` is not a str.
    """
    raise NotImplementedError("inet_pton is not written yet")


def format_quad(packed):
    """Give 4 bytes as a dotted quad."""
    raise NotImplementedError("format_quad is not written yet")


def longest_zeros(groups):
    """Give the start and the length of the longest run of zeros, the first one of equals."""
    raise NotImplementedError("longest_zeros is not written yet")


def format_v6(packed):
    """Give 16 bytes as the text of an IPv6 address."""
    raise NotImplementedError("format_v6 is not written yet")


def inet_ntop(family, packed):
    """Give the text of an address from its bytes.

    Raises OSError if the family is unknown (EAFNOSUPPORT), TypeError if `packed` is not bytes, and
    ValueError if it has the wrong length.
    """
    raise NotImplementedError("inet_ntop is not written yet")
