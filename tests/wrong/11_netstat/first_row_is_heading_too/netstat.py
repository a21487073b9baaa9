import os
import sys
from collections import namedtuple

Connection = namedtuple("Connection", "local_host local_port remote_host remote_port state")

STATES = dict(enumerate(
    "ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN "
    "CLOSING".split(), 1))


def read_all(path):
    fd = os.open(path, os.O_RDONLY)
    pieces = []
    while piece := os.read(fd, 1024):
        pieces.append(piece)
    os.close(fd)
    return b"".join(pieces)


def end(field):
    number = int(field[:8], 16)
    shifts = (0, 8, 16, 24) if sys.byteorder == "little" else (24, 16, 8, 0)
    return ".".join("%d" % (number >> shift & 255) for shift in shifts), int(field[9:], 16)


def connections(port=None):
    result = []
    for line in read_all("/proc/self/net/tcp").splitlines()[2:]:
        _, local, remote, state, _ = line.split(None, 4)
        lhost, lport = end(local)
        rhost, rport = end(remote)
        if port is not None and lport != port and rport != port:
            continue
        result.append(Connection(lhost, lport, rhost, rport, STATES[int(state, 16)]))
    return result


if __name__ == "__main__":
    wanted = None
    if len(sys.argv) > 1:
        if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 0 < int(sys.argv[1]) < 65536:
            sys.exit((print("usage: netstat.py [PORT]", file=sys.stderr), 2)[1])
        wanted = int(sys.argv[1])
    sys.stdout.writelines(f"{c[0]}:{c[1]} {c[2]}:{c[3]} {c[4]}\n" for c in connections(wanted))
