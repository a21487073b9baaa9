"""Talks to a service by a datagram socket that came in a pair."""

import socket

from echo import TARGETS, serve

socket.socketpair(type=socket.SOCK_DGRAM)[0].sendto(b"hello", TARGETS["datagrams"])
serve()
