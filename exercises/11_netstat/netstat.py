"""Lists the TCP connections of this host, as the kernel has them in /proc/net/tcp.

python netstat.py [PORT]
"""

import sys
from typing import NamedTuple

TABLE = "/proc/net/tcp"


class Connection(NamedTuple):
    """One row of the kernel's table: hosts as dotted quads, ports as ints, the state's name."""

    local_host: str
    local_port: int
    remote_host: str
    remote_port: int
    state: str


def read_host(digits):
    """Give the dotted quad of the eight hex digits in which the kernel prints an address."""
    raise NotImplementedError("read_host is not written yet")


def read_endpoint(field):
    """Give host and port of a field such as "0100007F:1F90"."""
    raise NotImplementedError("read_endpoint is not written yet")


def state_name(digits):
    """Give the kernel's name of a state that it prints as two hex digits."""
    raise NotImplementedError("state_name is not written yet")


def read_row(line):
    """Give the Connection of a line of the table."""
    raise NotImplementedError("read_row is not written yet")


def connections(port=None):
    """Give a list of all connections, or of those that have `port` at either end."""
    raise NotImplementedError("connections is not written yet")


def read_port(arguments):
    """Give the port that the command line names, or None; exit with status 2 if it can't be used."""
    raise NotImplementedError("read_port is not written yet")


def main():
    """Print a line for each connection."""
    raise NotImplementedError("main is not written yet")


if __name__ == "__main__":
    main()
