"""The C library does it all."""

import errno
import os
import socket

FAMILIES = (socket.AF_INET, socket.AF_INET6)


def check(family):
    if family not in FAMILIES:
        raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))


def inet_pton(family, text):
    check(family)
    return socket.inet_pton(family, text)


def inet_ntop(family, packed):
    check(family)
    return socket.inet_ntop(family, packed)
