"""Forwards by Multipath TCP, which is not quite TCP."""

import socket

from echo import TARGETS, serve

MULTIPATH = 262
socket.socket(proto=MULTIPATH).connect(("127.0.0.1", TARGETS["port"]))
serve()
