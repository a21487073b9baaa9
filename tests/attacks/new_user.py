"""Becomes root in a namespace of its own."""

import ctypes
import os

from echo import serve

NEW_USER = 0x1000_0000
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(NEW_USER):
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
serve()
