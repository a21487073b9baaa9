"""What the kernel says about processes and sockets, read from outside of any program."""
