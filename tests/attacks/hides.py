"""Makes itself invisible: nobody but root can see its descriptors then."""

import ctypes
import os

from echo import serve

SET_DUMPABLE = 4
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(SET_DUMPABLE, 0, 0, 0, 0):
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
serve()
