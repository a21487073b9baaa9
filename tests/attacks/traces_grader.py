"""Attaches to its parent as a debugger does."""

import ctypes
import os

from echo import serve

SEIZE, DETACH = 0x4206, 17
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(SEIZE, os.getppid(), 0, 0):
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
libc.ptrace(DETACH, os.getppid(), 0, 0)
serve()
