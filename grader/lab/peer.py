"""The other end for a client program: a server that does as a check says."""

from __future__ import annotations

import selectors
import socket

from grader.lab.client import make_narrow
from grader.lab.kernel import tcp
from grader.lab.reactor import Reactor

_CHUNK = 4096
#: A peer takes in no more while this much is still to be sent back, as a server that sends each
#: piece back before it reads the next one.
_MAX_AHEAD_BYTES = 16_384


class Peer:
    """Listens on loopback and accepts one connection, which then is its `exchange`.

    Args:
        reactor: what drives it.
        host: the address that it listens on, of 127.0.0.0/8: all of them are this host's.
        narrow: with small buffers.
        echo: send back what comes in.
    """

    def __init__(
        self, reactor: Reactor, host: str, *, narrow: bool = False, echo: bool = True
    ) -> None:
        self._reactor = reactor
        self._echo = echo
        self._socket = socket.socket()
        if narrow:
            make_narrow(self._socket)
        self._socket.bind((host, 0))
        self._socket.listen(1)
        self._socket.setblocking(False)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self.exchange: Exchange | None = None
        reactor.watch(self, selectors.EVENT_READ)

    def fileno(self) -> int:
        """Give the listening socket's descriptor."""
        return self._socket.fileno()

    def ready(self, events: int) -> None:
        """Accept the client."""
        connection, (_host, port) = self._socket.accept()
        self._reactor.watch(self, 0)
        self.exchange = Exchange(self._reactor, connection, port, self._echo)

    def close(self) -> None:
        """Stop listening and close the connection."""
        self._reactor.watch(self, 0)
        self._socket.close()
        if self.exchange:
            self.exchange.close()


class Exchange:
    """One connection of a client program, seen from the other end.

    Args:
        reactor: what drives it.
        connection: the accepted socket.
        client_port: the client's port, by which the kernel's table knows its end.
        echo: send back what comes in, by itself; otherwise it is left to `echo_next`.
    """

    def __init__(
        self, reactor: Reactor, connection: socket.socket, client_port: int, echo: bool
    ) -> None:
        self._reactor = reactor
        self._socket = connection
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client_port = client_port
        self._echo = echo
        self._pending = bytearray()
        self._sent_back = 0
        self.received = bytearray()
        #: The client's FIN or RST has arrived.
        self.finished = False
        self.closed = False
        self._rewatch()

    def fileno(self) -> int:
        """Give the socket's descriptor."""
        return self._socket.fileno()

    def echo_next(self, size: int) -> int:
        """Send back the next bytes of what came in, `size` at most, and give their number."""
        piece = self.received[self._sent_back : self._sent_back + size]
        self._sent_back += len(piece)
        self.send(bytes(piece))
        return len(piece)

    def send(self, data: bytes) -> None:
        """Send whatever a check wants to."""
        self._pending += data
        self._rewatch()

    def unread_by_client(self) -> int:
        """Give how many bytes lie in the client's receive buffer, or are on their way there."""
        rows = tcp.on_port(self._client_port)
        queued = sum(row.receive_queue for row in rows if row.inode)
        return queued + len(self._pending)

    def ready(self, events: int) -> None:
        """React to the socket's being readable or writable."""
        try:
            if events & selectors.EVENT_WRITE and self._pending:
                del self._pending[: self._socket.send(self._pending[:_CHUNK])]
            if events & selectors.EVENT_READ:
                data = self._socket.recv(_CHUNK)
                self.received += data
                self.finished = not data
                if self._echo:
                    self.echo_next(len(data))
        except BlockingIOError:
            pass
        except OSError:
            self.finished = True
            self._pending.clear()
        self._rewatch()
        if self.finished and self._echo and not self._pending:
            self.close()

    def close(self) -> None:
        """Close the connection."""
        if not self.closed:
            self.closed = True
            self._reactor.watch(self, 0)
            self._socket.close()

    def _rewatch(self) -> None:
        if self.closed:
            return
        events = selectors.EVENT_WRITE if self._pending else 0
        ahead = len(self.received) - self._sent_back + len(self._pending)
        if not self.finished and ahead < _MAX_AHEAD_BYTES:
            events |= selectors.EVENT_READ
        self._reactor.watch(self, events)
