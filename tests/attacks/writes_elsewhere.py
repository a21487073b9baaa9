"""Leaves a file where everybody may write."""

from echo import TARGETS, serve

with open(TARGETS["open"] + "/left", "w"):
    pass
serve()
