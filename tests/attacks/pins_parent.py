"""Confines its parent to one core."""

import os

from echo import serve

os.sched_setaffinity(os.getppid(), os.sched_getaffinity(os.getppid()))
serve()
