import re
import socket
import struct
import sys
from collections import namedtuple

Connection = namedtuple("Connection", "local_host local_port remote_host remote_port state")
ROW = re.compile(r"^\s*\d+: ([0-9A-F]{8}):([0-9A-F]{4}) ([0-9A-F]{8}):([0-9A-F]{4}) ([0-9A-F]{2}) ", re.M)
STATES = dict(enumerate(
    "ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN "
    "CLOSING".split(), 1))


def quad(digits):
    return socket.inet_ntoa(struct.pack("=I", int(digits, 16)))


def connections(port=None):
    with open("/proc/net/tcp") as file:
        text = file.read()
    rows = []
    for lhost, lport, rhost, rport, state in ROW.findall(text):
        row = Connection(quad(lhost), int(lport, 16), quad(rhost), int(rport, 16), STATES[int(state, 16)])
        if port is None or port in (row.local_port, row.remote_port):
            rows.append(row)
    return rows


def usage():
    sys.stderr.write("Usage: netstat.py [PORT]\n")
    raise SystemExit(2)


def main(argv):
    port = None
    if len(argv) > 2:
        usage()
    if len(argv) == 2:
        try:
            port = int(argv[1])
        except ValueError:
            usage()
        if not 1 <= port <= 65535:
            usage()
    print("Local Address          Foreign Address        State")
    for c in connections(port):
        print("%s:%d\t%s:%d\t%s" % c)


if __name__ == "__main__":
    main(sys.argv)
