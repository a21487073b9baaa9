"""TCP sockets of the grader's, put into each state that the kernel's table can show (tcp(7))."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from grader.lab import ports
from grader.lab.kernel import tcp
from grader.lab.kernel.tcp import Row
from grader.lab.lab import Lab
from grader.lab.ports import Port

#: Close sends RST, so that nothing stays in TIME_WAIT (socket(7), SO_LINGER).
_RESET = struct.pack("ii", 1, 0)
_DEFER_SECONDS = 120
_FIRST_TRIES = 300
_CHUNK = bytes(1 << 16)
LOOPBACK = "127.0.0.1"


class Specimens:
    """Sockets that a check has made; each is at a listener's port, or connected to one.

    Args:
        lab: the check.
    """

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._sockets: list[socket.socket] = []
        self._ports: list[Port] = []

    def ports(self) -> set[int]:
        """Give the listeners' ports, which nobody else has."""
        return {port.number for port in self._ports}

    def reserve(self) -> int:
        """Reserve a port, and leave it unused."""
        self._ports.append(ports.reserve())
        return self._ports[-1].number

    def listen(
        self, host: str = LOOPBACK, backlog: int = 4096, defer: bool = False
    ) -> socket.socket:
        """Give a listening socket at a port of its own.

        Args:
            host: where it listens.
            backlog: of listen(2); one connection more than that is queued.
            defer: handshakes are finished only when data arrives (TCP_DEFER_ACCEPT).
        """
        listener = self._keep(socket.socket())
        listener.bind((host, self.reserve()))
        if defer:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, _DEFER_SECONDS)
        listener.listen(backlog)
        return listener

    def listen_first(self) -> None:
        """Listen at a port that makes the kernel's table begin with that listener.

        Where a listener comes in the table depends on its port. With many others on the machine, it
        may be that no port of those that are tried comes first; then the last one stays.
        """
        for left in reversed(range(_FIRST_TRIES)):
            self.listen()
            if not left or self.first():
                return
            self._sockets.pop().close()
            self._ports.pop().release()

    def first(self) -> bool:
        """Tell whether the kernel's table begins with a socket at the newest listener's port."""
        return next(tcp.from_proc()).local_port == self._ports[-1].number

    def connect(self, listener: socket.socket, host: str = "") -> socket.socket:
        """Begin a connection to a listener, from an address of this host; it may not be accepted."""
        client = self._keep(socket.socket())
        if host:
            client.bind((host, 0))
        client.setblocking(False)
        client.connect_ex(listener.getsockname())
        return client

    def pair(
        self, listener: socket.socket | None = None, host: str = ""
    ) -> tuple[socket.socket, socket.socket]:
        """Give the client's and the server's end of a connection that is accepted."""
        if listener is None:
            listener = self.listen()
        client = self.connect(listener, host)
        listener.settimeout(10)
        server = self._keep(listener.accept()[0])
        server.setblocking(False)
        return client, server

    def clogged(self, sender: socket.socket) -> None:
        """Send until no more can be sent, since nobody reads at the other end."""
        with suppress(BlockingIOError):
            while True:
                sender.send(_CHUNK)

    def drain(self, reader: socket.socket) -> None:
        """Read until the end-of-file has been read."""

        def ended() -> bool:
            with suppress(BlockingIOError):
                while reader.recv(1 << 20):
                    pass
                return True
            return False

        if not self._lab.wait(ended, 5):
            raise RuntimeError("the end of a loopback connection's data did not arrive")

    def rows(self) -> list[Row]:
        """Give what the kernel has of these sockets, both ends."""
        return tcp.ipv4(self.ports())

    def settle(self, **counts: int) -> list[Row]:
        """Wait until so many sockets are in each of some states, and give all rows.

        Raises:
            RuntimeError: if they don't get there; the machine's trouble.
        """

        def there() -> bool:
            states = [row.state for row in self.rows()]
            return all(states.count(state) == count for state, count in counts.items())

        if not self._lab.wait(there, 5):
            seen = ", ".join(sorted(row.state for row in self.rows()))
            raise RuntimeError(f"the kernel shows {seen} where {counts} were to be had")
        return self.rows()

    def close(self) -> None:
        """Close all sockets and give the ports back."""
        for sock in self._sockets:
            with suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            sock.close()
        for port in self._ports:
            port.release()

    def _keep(self, sock: socket.socket) -> socket.socket:
        self._sockets.append(sock)
        return sock


@contextmanager
def specimens(lab: Lab) -> Iterator[Specimens]:
    """Give a check its sockets for the time of a block."""
    made = Specimens(lab)
    try:
        yield made
    finally:
        made.close()
