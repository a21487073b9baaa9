"""Writes files without end (50000 here)."""

import os

from echo import serve

for number in range(50_000):
    with open(f"{os.environ['HOME']}/{number}", "w"):
        pass
serve()
