"""Reads a solution by a symbolic link."""

import os

from echo import TARGETS, serve

os.symlink(TARGETS["solution"], os.environ["HOME"] + "/link")
print(open(os.environ["HOME"] + "/link").read())
serve()
