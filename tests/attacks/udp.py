"""Sends a datagram."""

import socket

from echo import serve

socket.socket(type=socket.SOCK_DGRAM).sendto(b"hello", ("127.0.0.1", 9))
serve()
