"""Talks to a service of the machine by a Unix socket."""

import socket

from echo import TARGETS, serve

socket.socket(socket.AF_UNIX).connect(TARGETS["unix"])
serve()
