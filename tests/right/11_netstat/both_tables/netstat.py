import socket
import struct
import sys
from collections import namedtuple

Connection = namedtuple("Connection", "local_host local_port remote_host remote_port state")

STATES = dict(enumerate(
    "ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN "
    "CLOSING".split(), 1))


def host(digits):
    words = [int(digits[i : i + 8], 16) for i in range(0, len(digits), 8)]
    packed = struct.pack("=%dI" % len(words), *words)
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)


def table(path):
    try:
        with open(path) as file:
            lines = file.readlines()
    except FileNotFoundError:
        return
    for line in lines[1:]:
        fields = line.split()
        (h1, p1), (h2, p2) = (f.split(":") for f in fields[1:3])
        yield Connection(host(h1), int(p1, 16), host(h2), int(p2, 16), STATES[int(fields[3], 16)])


def connections(port=None):
    every = [*table("/proc/net/tcp"), *table("/proc/net/tcp6")]
    return [c for c in every if port is None or c.local_port == port or c.remote_port == port]


if __name__ == "__main__":
    args = sys.argv[1:]
    if len(args) > 1 or any(not a.isdigit() or not 0 < int(a) <= 65535 for a in args):
        print("usage: netstat.py [PORT]", file=sys.stderr)
        sys.exit(2)
    print("%-45s %-45s %s" % ("local", "remote", "state"))
    for c in connections(*map(int, args)):
        print("%-45s %-45s %s" % ("%s:%d" % c[:2], "%s:%d" % c[2:4], c.state))
