"""struct sockaddr_in: an IPv4 address and a port in the form that the kernel takes."""

import socket
import struct

# How struct writes the fields: the family as this host does, the others in network order.
FAMILY = "=H"
PORT_AND_ADDRESS = "!H4s8x"
SIZE = 16


def check_port(port):
    """Raise TypeError unless `port` is an int, OverflowError unless it fits into 16 bits."""
    raise NotImplementedError("check_port is not written yet")


def pack_sockaddr_in(host, port):
    """Give the 16 bytes of `struct sockaddr_in` for a dotted quad and a port."""
    raise NotImplementedError("pack_sockaddr_in is not written yet")


def unpack_sockaddr_in(data):
    """Give the host, as a dotted quad, and the port of the bytes of a `struct sockaddr_in`."""
    raise NotImplementedError("unpack_sockaddr_in is not written yet")
