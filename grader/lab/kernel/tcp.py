"""The kernel's table of TCP sockets, over sock_diag(7), or from /proc/net/tcp where that is missing."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator, Set
from contextlib import suppress
from dataclasses import dataclass, field

#: States by number, as in the kernel's include/net/tcp_states.h.
STATES = (
    "", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE",
    "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV",
)  # fmt: skip
_LISTEN = 1 << STATES.index("LISTEN")
#: Every state, as a set for `from_netlink`.
ALL = (1 << len(STATES)) - 1

_NETLINK_SOCK_DIAG = 4
#: The older request of the two, which the kernel answers with IPv4 and IPv6 in one walk over its
#: table (struct inet_diag_req in linux/inet_diag.h); SOCK_DIAG_BY_FAMILY takes a walk for each.
_TCPDIAG_GETSOCK = 18
_NLM_F_REQUEST_DUMP = 0x301
_NLMSG_DONE, _NLMSG_ERROR = 3, 2
_INET_DIAG_REQ_BYTECODE = 1
_INET_DIAG_BC_S_EQ, _INET_DIAG_BC_D_EQ = 11, 12
#: The kind of timer that sends a zero-window probe, by both of the kernel's tables.
_PROBE_TIMER = 4
_TICKS = os.sysconf("SC_CLK_TCK")
_HEADER = struct.Struct("=IHHII")
_ROW = struct.Struct("=BBBB HH 16s16s I 8s I IIII".replace(" ", ""))
_PORTS = struct.Struct("!HH")
_PORTS_AT = _HEADER.size + 4


@dataclass(frozen=True)
class Row:
    """One socket in the table. Hosts are written as inet_ntop(3) writes them."""

    state: str
    local_host: str
    local_port: int
    remote_host: str
    remote_port: int
    #: Bytes received but not read; for a listening socket, connections not yet accepted.
    receive_queue: int
    #: Bytes sent but not acknowledged, or not yet sent; for a listening socket its backlog, beyond
    #: which one more connection is queued (0 in /proc/net/tcp, which doesn't tell).
    send_queue: int
    #: 0 once no process holds the socket.
    inode: int
    #: The seconds until the peer is asked whether its window is still closed; 0 while it is open.
    probe_seconds: float = field(default=0.0, compare=False)


def listeners() -> list[Row]:
    """Give every listening socket of this network namespace."""
    return _table(_LISTEN, None)


def on_port(port: int) -> list[Row]:
    """Give every socket whose local port is `port`, in any state."""
    return _table(ALL, port)


def touches(port: int) -> bool:
    """Tell whether any socket has a port at either end, in any state, TIME_WAIT included."""
    return bool(_table(ALL, port) or _table(ALL, port, remote=True))


def ipv4(ports: Set[int] = frozenset()) -> list[Row]:
    """Give the IPv4 sockets, which is what /proc/net/tcp has; with ports, those at either end."""
    try:
        rows = [*from_netlink(ALL, None, ends=ports)]
    except OSError:
        rows = [
            row for row in from_proc() if not ports or ports & {row.local_port, row.remote_port}
        ]
    return [row for row in rows if ":" not in row.local_host]


def _table(states: int, port: int | None, *, remote: bool = False) -> list[Row]:
    try:
        return [*from_netlink(states, port, remote=remote)]
    except OSError:
        wanted = {name for number, name in enumerate(STATES) if states >> number & 1}
        end = "remote_port" if remote else "local_port"
        rows = from_proc()
        return [row for row in rows if row.state in wanted and port in (None, getattr(row, end))]


def from_netlink(
    states: int,
    port: int | None,
    netlink: socket.socket | None = None,
    ends: Set[int] = frozenset(),
    remote: bool = False,
) -> Iterator[Row]:
    """Ask the kernel for sockets in a set of states, with a port.

    Args:
        states: the sum of 1 << number for each state.
        port: in host order; None for every port.
        netlink: a sock_diag socket of another network namespace.
        ends: only rows that have one of those ports at either end are given; the kernel's own filter
            for that takes longer than to leave the others out here.
        remote: whether `port` is that of the other end.

    Raises:
        OSError: if this kernel has no sock_diag, or doesn't allow it.
    """
    filters = b""
    if port is not None:  # one instruction: equal goes on to the end (accept), else jumps past it
        equal = _INET_DIAG_BC_D_EQ if remote else _INET_DIAG_BC_S_EQ
        code = struct.pack("=BBH BBH".replace(" ", ""), equal, 8, 12, 0, 0, port)
        filters = struct.pack("=HH", 4 + len(code), _INET_DIAG_REQ_BYTECODE) + code
    body = bytes(52) + struct.pack("=II", states, 0) + filters
    with netlink.dup() if netlink else diag_socket() as netlink:
        netlink.settimeout(5)
        head = _HEADER.pack(_HEADER.size + len(body), _TCPDIAG_GETSOCK, _NLM_F_REQUEST_DUMP, 1, 0)
        netlink.send(head + body)
        while True:
            data, at = netlink.recv(1 << 18), 0
            while at < len(data):
                length, kind, _flags, _sequence, _sender = _HEADER.unpack_from(data, at)
                if kind == _NLMSG_DONE:
                    return
                if kind == _NLMSG_ERROR:
                    raise OSError(-struct.unpack_from("=i", data, at + 16)[0], "sock_diag")
                if not ends or not ends.isdisjoint(_PORTS.unpack_from(data, at + _PORTS_AT)):
                    yield _row(data, at + _HEADER.size)
                at += (length + 3) & ~3


def diag_socket() -> socket.socket:
    """Make a socket for questions about the network namespace that this process is in."""
    return socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _NETLINK_SOCK_DIAG)


def _row(data: bytes, at: int) -> Row:
    fields = _ROW.unpack_from(data, at)
    family, state, timer, _retransmits, sport, dport, source, destination = fields[:8]
    _interface, _cookie, expires, received, unsent, _uid, inode = fields[8:]
    size = 4 if family == socket.AF_INET else 16
    return Row(
        STATES[state],
        socket.inet_ntop(family, source[:size]),
        socket.ntohs(sport),
        socket.inet_ntop(family, destination[:size]),
        socket.ntohs(dport),
        received,
        unsent,
        inode,
        expires / 1000 if timer == _PROBE_TIMER else 0.0,
    )


def from_proc() -> Iterator[Row]:
    """Read the table from /proc/net/tcp and tcp6 (proc_pid_net(5)), which every kernel has."""
    for path in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(FileNotFoundError), open(path) as file:
            next(file)
            for line in file:
                fields = line.split()
                local, remote, state = fields[1:4]
                unsent, received = fields[4].split(":")
                timer, expires = fields[5].split(":")
                yield Row(
                    STATES[int(state, 16)],
                    *_address(local),
                    *_address(remote),
                    int(received, 16),
                    int(unsent, 16),
                    int(fields[9]),
                    int(expires, 16) / _TICKS if int(timer) == _PROBE_TIMER else 0.0,
                )


def _address(text: str) -> tuple[str, int]:
    """Read `0100007F:1F90`: each 32-bit word of the address is printed in this host's byte order."""
    host, port = text.split(":")
    words = [int(host[at : at + 8], 16) for at in range(0, len(host), 8)]
    family = socket.AF_INET if len(words) == 1 else socket.AF_INET6
    return socket.inet_ntop(family, struct.pack(f"={len(words)}I", *words)), int(port, 16)
