"""Calls into a student's functions, in a process of their own; results are compared here."""
