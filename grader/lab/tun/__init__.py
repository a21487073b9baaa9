"""The Linux kernel as the peer of a student's TCP endpoint, in a network namespace of its own."""
