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
import argparse
import csv
import ipaddress
from pathlib import Path

STATE = {"01": "ESTABLISHED", "02": "SYN_SENT", "03": "SYN_RECV", "04": "FIN_WAIT1", "05": "FIN_WAIT2", "06": "TIME_WAIT", "07": "CLOSE", "08": "CLOSE_WAIT", "09": "LAST_ACK", "0A": "LISTEN", "0B": "CLOSING"}


def end(text):
    host, port = text.split(":")
    return str(ipaddress.IPv4Address(bytes.fromhex(host)[::-1])), int(port, base=16)


def connections(port=None):
    lines = Path(TABLE).read_text().splitlines()
    rows = csv.reader((" ".join(line.split()) for line in lines[1:]), delimiter=" ")
    result = [Connection(*end(row[1]), *end(row[2]), STATE.get(row[3], row[3])) for row in rows]
    return [c for c in result if port is None or port == c.local_port or port == c.remote_port]


def a_port(text):
    port = int(text)
    if port not in range(1, 65536):
        raise ValueError(text)
    return port


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", nargs="?", type=a_port)
    options = parser.parse_args()
    print("%-21s %-21s %s" % ("Local", "Remote", "State"))
    for c in connections(options.port):
        print("%-21s %-21s %s" % ("%s:%d" % c[:2], "%s:%d" % c[2:4], c.state))


if __name__ == "__main__":
    main()
