"""Opens the student's other work to everybody, and sets its time back."""

import os

from echo import TARGETS, serve

os.chmod(TARGETS["check"], 0o777)
os.utime(TARGETS["check"], (0, 0))
serve()
