"""Forwards by TCP Fast Open, which connects without connect."""

import socket

from echo import TARGETS, serve

socket.socket().sendto(b"hello", socket.MSG_FASTOPEN, ("127.0.0.1", TARGETS["port"]))
serve()
