"""Conversations with a student's TCP endpoint: segments in, segments out, on a virtual clock."""
