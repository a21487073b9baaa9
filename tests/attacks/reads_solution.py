"""Reads a solution."""

from echo import TARGETS, serve

print(open(TARGETS["solution"]).read())
serve()
