"""One TCP client, as well or badly behaved as a check wants it."""

from __future__ import annotations

import os
import selectors
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from grader.lab.reactor import Reactor

_CHUNK = 1 << 18
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)

_NARROW_SEGMENT_BYTES = 1_400
_NARROW_BUFFER_BYTES = 8_192


def make_narrow(sock: socket.socket) -> None:
    """Give a socket that is not connected yet small segments (tcp(7)) and buffers (socket(7))."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _NARROW_SEGMENT_BYTES)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _NARROW_BUFFER_BYTES)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _NARROW_BUFFER_BYTES)


class Client:
    """A connection to a server, driven by a reactor; nothing here blocks.

    Args:
        reactor: what drives it.
        address: the server's host and port.
        narrow: small buffers and segments, so that a server which sends faster than this client
            reads is soon made to wait. With loopback's segments of 64 KiB the kernel would take
            megabytes first.
    """

    def __init__(self, reactor: Reactor, address: tuple[str, int], narrow: bool = False) -> None:
        self._reactor = reactor
        self._socket = socket.socket()
        self._socket.setblocking(False)
        if narrow:
            make_narrow(self._socket)
        self._unsent = memoryview(b"")
        self._finishing = False
        self._reading = True
        self.connected = False
        #: All that was received so far.
        self.received = bytearray()
        #: All that was queued to be sent so far.
        self.sent = bytearray()
        #: What was received is not what was sent: no further byte can mend that.
        self.strayed = False
        #: The server's FIN has arrived.
        self.end_of_file = False
        self.error: OSError | None = None
        self.closed = False
        status = self._socket.connect_ex(address)
        if status not in (0, 115):  # EINPROGRESS
            self.error = OSError(status, os.strerror(status))
        self.port: int = self._socket.getsockname()[1]
        self._rewatch()

    @property
    def unsent(self) -> int:
        """Bytes that were queued but not yet taken by the kernel."""
        return len(self._unsent)

    def fileno(self) -> int:
        """Give the socket's descriptor."""
        return self._socket.fileno()

    def send(self, data: bytes) -> None:
        """Queue bytes to be sent as fast as the server takes them."""
        self.sent += data
        self._unsent = memoryview(bytes(self._unsent) + data)
        self._rewatch()

    def read(self, on: bool) -> None:
        """Begin or stop reading; what arrives meanwhile fills the socket's buffer."""
        self._reading = on
        self._rewatch()

    def read_some(self, size: int) -> None:
        """Read a few bytes now, if any have come."""
        with self._step():
            self._on_readable(size)

    def half_close(self) -> None:
        """Send FIN once all that was queued is sent; go on reading (shutdown(2), SHUT_WR)."""
        self._finishing = True
        self._rewatch()

    def reset(self) -> None:
        """Send RST at once: close with SO_LINGER on and zero seconds (socket(7))."""
        if not self.closed:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self.close()

    def close(self) -> None:
        """Close the socket: the kernel sends FIN, or RST if there is unread data."""
        if not self.closed:
            self._reactor.watch(self, 0)
            self.closed = True
            self._socket.close()

    def ready(self, events: int) -> None:
        """React to the socket's being readable or writable."""
        with self._step():
            if events & selectors.EVENT_WRITE:
                self._on_writable()
            if events & selectors.EVENT_READ:
                self._on_readable(_CHUNK)

    @contextmanager
    def _step(self) -> Iterator[None]:
        """Do what the socket allows now, and note how it fails."""
        try:
            yield
        except BlockingIOError:
            pass
        except OSError as error:
            self.error = error
        self._rewatch()

    def _on_writable(self) -> None:
        if not self.connected:
            if status := self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(status, os.strerror(status))
            self.connected = True
        if self._unsent:
            sent = self._socket.send(self._unsent[:_CHUNK])
            self._unsent = self._unsent[sent:]
        if self._finishing and not self._unsent:
            self._finishing = False
            self._socket.shutdown(socket.SHUT_WR)

    def _on_readable(self, size: int) -> None:
        data = self._socket.recv(size)
        begin = len(self.received)
        self.received += data
        self.strayed |= not self.sent.startswith(data, begin)
        self.end_of_file = not data

    def _rewatch(self) -> None:
        if self.closed:
            return
        events = 0
        if not self.error:
            if not self.connected or self._unsent or self._finishing:
                events |= selectors.EVENT_WRITE
            if self._reading and not self.end_of_file:
                events |= selectors.EVENT_READ
        self._reactor.watch(self, events)
