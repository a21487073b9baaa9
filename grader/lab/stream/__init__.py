"""A stream of bytes from a sender to a receiver over simulated links, on a virtual clock."""
