"""Writes a file without end (1 GiB here)."""

import os

from echo import serve

with open(os.environ["HOME"] + "/huge", "wb") as file:
    for _ in range(1024):
        file.write(bytes(1 << 20))
serve()
