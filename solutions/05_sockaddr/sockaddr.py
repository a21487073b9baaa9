"""struct sockaddr_in: an IPv4 address and a port in the form that the kernel takes."""

import socket
import struct

# How struct writes the fields: the family as this host does, the others in network order.
FAMILY = "=H"
PORT_AND_ADDRESS = "!H4s8x"
SIZE = 16


def check_port(port):
    """Raise TypeError unless `port` is an int, OverflowError unless it fits into 16 bits."""
    if not isinstance(port, int):
        raise TypeError(f"a port is an int, not {type(port).__name__}")
    if not 0 <= port <= 0xFFFF:
        raise OverflowError(f"a port is from 0 to 65535, not {port}")


def pack_sockaddr_in(host, port):
    """Give the 16 bytes of `struct sockaddr_in` for a dotted quad and a port."""
    check_port(port)
    address = socket.inet_pton(socket.AF_INET, host)
    return struct.pack(FAMILY, socket.AF_INET) + struct.pack(PORT_AND_ADDRESS, port, address)


def unpack_sockaddr_in(data):
    """Give the host, as a dotted quad, and the port of the bytes of a `struct sockaddr_in`."""
    if len(data) != SIZE:
        raise ValueError(f"a sockaddr_in has {SIZE} bytes, not {len(data)}")
    (family,) = struct.unpack_from(FAMILY, data)
    if family != socket.AF_INET:
        raise ValueError(f"the family is {family}, not AF_INET")
    port, address = struct.unpack_from(PORT_AND_ADDRESS, data, 2)
    return socket.inet_ntop(socket.AF_INET, address), port
