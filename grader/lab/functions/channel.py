"""The grader's end of the socket to a student's process: lines out, lines in, within bounds."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Sequence
from contextlib import suppress

from grader.lab.reactor import Reactor

#: What one process may answer in all. The largest batch of right answers is far below it.
_MAX_BYTES = 8 << 20
_CHUNK = 1 << 18
_NOTICE = b'["off limits"'


class Channel:
    """Lines over a stream socket, driven by a reactor."""

    def __init__(self, reactor: Reactor, sock: socket.socket) -> None:
        self._reactor = reactor
        self._socket = sock
        self._socket.setblocking(False)
        self._unsent = b""
        self._part = b""
        self._received = 0
        #: Whole lines that came in and were not taken yet.
        self.lines: list[bytes] = []
        #: Lines that tell of names off limits.
        self.notices: list[bytes] = []
        self.closed = False
        #: More came in than could be right, and the socket was closed.
        self.flooded = False
        self._watch()

    def fileno(self) -> int:
        """Give the socket's descriptor."""
        return self._socket.fileno()

    def send(self, data: bytes) -> None:
        """Send bytes, at once as far as they find room."""
        self._unsent += data
        self.ready(selectors.EVENT_WRITE)

    def send_fds(self, data: bytes, fds: Sequence[int]) -> None:
        """Send a few bytes at once, and descriptors with them; a process that is gone gets none."""
        with suppress(OSError):
            socket.send_fds(self._socket, [data], fds)

    def ready(self, events: int) -> None:
        """React to the socket's being readable or writable."""
        try:
            if events & selectors.EVENT_WRITE and self._unsent:
                self._unsent = self._unsent[self._socket.send(self._unsent) :]
            if events & selectors.EVENT_READ:
                self._take(self._socket.recv(_CHUNK))
        except BlockingIOError:
            pass
        except OSError:
            self.close()
        self._watch()

    def close(self) -> None:
        """Close the socket."""
        if not self.closed:
            self._reactor.watch(self, 0)
            self.closed = True
            self._socket.close()

    def _take(self, data: bytes) -> None:
        *lines, self._part = (self._part + data).split(b"\n")
        for line in lines:
            (self.notices if line.startswith(_NOTICE) else self.lines).append(line)
        self._received += len(data)
        if self._received > _MAX_BYTES:
            self.flooded = True
        if not data or self.flooded:
            self.close()

    def _watch(self) -> None:
        if not self.closed:
            write = selectors.EVENT_WRITE if self._unsent else 0
            self._reactor.watch(self, selectors.EVENT_READ | write)
