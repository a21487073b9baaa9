"""Frames and their headers by the RFCs' own tables, and captures of a real kernel."""
