"""Fills the disk with files none of which is too large (2 GiB here)."""

import os

from echo import serve

for number in range(200):
    with open(f"{os.environ['HOME']}/{number}", "wb") as file:
        file.write(b"x" * (10 << 20))
serve()
