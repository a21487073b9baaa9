"""Prints without end (1 GiB here)."""

import sys

from echo import serve

for _ in range(1024):
    sys.stdout.write("x" * (1 << 20))
serve()
