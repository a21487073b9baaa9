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
    in_memory = int(digits, 16).to_bytes(4, sys.byteorder)
    return ".".join(str(byte) for byte in in_memory)


def read_endpoint(field):
    """Give host and port of a field such as "0100007F:1F90"."""
    host, port = field.split(":")
    return read_host(host), int(port, 16)


def state_name(digits):
    """Give the kernel's name of a state that it prints as two hex digits."""
    names = (
        "ESTABLISHED",
        "SYN_SENT",
        "SYN_RECV",
        "FIN_WAIT1",
        "FIN_WAIT2",
        "TIME_WAIT",
        "CLOSE",
        "CLOSE_WAIT",
        "LAST_ACK",
        "LISTEN",
        "CLOSING",
    )
    return names[int(digits, 16) - 1]


def read_row(line):
    """Give the Connection of a line of the table."""
    local, remote, state = line.split()[1:4]
    return Connection(*read_endpoint(local), *read_endpoint(remote), state_name(state))


def connections(port=None):
    """Give a list of all connections, or of those that have `port` at either end."""
    with open(TABLE) as table:
        next(table)
        rows = [read_row(line) for line in table]
    return [row for row in rows if port in (None, row.local_port, row.remote_port)]


def read_port(arguments):
    """Give the port that the command line names, or None; exit with status 2 if it can't be used."""
    if not arguments:
        return None
    if len(arguments) == 1 and arguments[0].isdecimal() and 0 < int(arguments[0]) <= 65535:
        return int(arguments[0])
    print("usage: netstat.py [PORT]", file=sys.stderr)
    sys.exit(2)


def main():
    """Print a line for each connection."""
    for row in connections(read_port(sys.argv[1:])):
        if row.state not in ("LISTEN", "ESTABLISHED"):
            continue
        local = f"{row.local_host}:{row.local_port}"
        remote = f"{row.remote_host}:{row.remote_port}"
        print(f"{local:22} {remote:22} {row.state}")


if __name__ == "__main__":
    main()
