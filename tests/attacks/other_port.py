"""Listens on a port of its own choice as well."""

import socket

from echo import serve

socket.create_server(("", 0))
serve()
