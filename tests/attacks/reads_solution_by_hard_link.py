"""Reads a solution by a hard link."""

import os

from echo import TARGETS, serve

os.link(TARGETS["solution"], os.environ["HOME"] + "/link")
print(open(os.environ["HOME"] + "/link").read())
serve()
