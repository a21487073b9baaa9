"""Readings of contracts whose own readers are in no registry."""
