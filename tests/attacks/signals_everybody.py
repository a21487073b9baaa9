"""Signals every process that it can. (The signal is 0: it tells only whether it may.)"""

import os

from echo import serve

os.kill(-1, 0)
serve()
