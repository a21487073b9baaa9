"""Looks for the grader among all processes, and signals it."""

import os

from echo import TARGETS, serve

grader = TARGETS["grader"]
os.kill(grader, 0)
serve()
