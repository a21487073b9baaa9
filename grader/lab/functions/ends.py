"""Connections with one end for the grader, and one to hand to a student's functions."""

from __future__ import annotations

import fcntl
import selectors
import socket
import struct
from contextlib import suppress

from grader.lab.kernel import tcp
from grader.lab.reactor import Reactor

_SIOCOUTQ = 0x5411  # tcp(7), unix(7): what was sent and has not arrived
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_CHUNK = 1 << 16
_SMALLEST_BUFFER = 1  # the kernel takes its own minimum instead (socket(7))


class End:
    """The grader's end of a connection.

    Args:
        reactor: what drives it.
        own: the grader's socket.
        other: the socket at the other end; it is closed here once it is handed over.
    """

    def __init__(self, reactor: Reactor, own: socket.socket, other: socket.socket) -> None:
        self._reactor = reactor
        self._socket = own
        self._socket.setblocking(False)
        #: The other end, to be handed over.
        self.other = other
        self._tcp = own.family != socket.AF_UNIX
        #: The address of the grader's end, as the other end knows it.
        self.name = own.getsockname()
        self._other_name = other.getsockname()
        self.received = bytearray()
        self.end_of_file = False
        self.closed = False

    @classmethod
    def over_tcp(cls, reactor: Reactor) -> End:
        """Connect two TCP sockets over loopback."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            own = socket.create_connection(listener.getsockname())
            other, _address = listener.accept()
        own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(reactor, own, other)

    @classmethod
    def over_unix(cls, reactor: Reactor) -> End:
        """Connect two Unix stream sockets, the other one's buffer as small as the kernel makes it.

        What they hold is gone only when it is read, so that a full buffer is full for certain.
        """
        own, other = socket.socketpair()
        other.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SMALLEST_BUFFER)
        return cls(reactor, own, other)

    def fileno(self) -> int:
        """Give the descriptor of the grader's socket."""
        return self._socket.fileno()

    def fill(self) -> bytes:
        """Send from the other end until its buffer is full, and give what was sent."""
        data = b""
        for size in (_CHUNK, 64, 1):
            with suppress(BlockingIOError):
                while True:
                    sent = self.other.send(b"~" * size, socket.MSG_DONTWAIT)
                    data += b"~" * sent
        return data

    def send(self, data: bytes) -> None:
        """Send bytes that are few enough to be taken at once; a process that is gone gets none."""
        with suppress(ConnectionError):
            if self._socket.send(data) != len(data):
                raise RuntimeError("a socket's buffer took less than it holds")

    def delivered(self) -> bool:
        """Tell whether all that was sent has arrived at the other end."""
        if not self._tcp:
            return True
        (left,) = struct.unpack("i", fcntl.ioctl(self._socket, _SIOCOUTQ, bytes(4)))
        return int(left) == 0

    def unread(self) -> int:
        """Give how many bytes of what has arrived at the other end, a TCP socket, are not read."""
        return sum(row.receive_queue for row in self._rows())

    def other_is_open(self) -> bool:
        """Tell whether any process holds the other end, a TCP socket."""
        return any(row.inode for row in self._rows())

    def other_state(self) -> str:
        """Give the TCP state of the other end."""
        return next((row.state for row in self._rows()), "CLOSE")

    def other_is_over(self) -> bool:
        """Tell whether the other end's connection is over (after RST)."""
        return self.other_state() == "CLOSE"

    def read(self) -> None:
        """Begin to read whatever comes."""
        self._reactor.watch(self, selectors.EVENT_READ)

    def pause(self) -> None:
        """Read no more until told to."""
        self._reactor.watch(self, 0)

    def read_some(self, size: int) -> None:
        """Read a few bytes now, if there are any."""
        with suppress(OSError):
            self.received += self._socket.recv(size)

    def drain(self) -> None:
        """Read all that has come."""
        with suppress(OSError):
            while data := self._socket.recv(_CHUNK):
                self.received += data

    def ready(self, events: int) -> None:
        """Take in what has come."""
        try:
            data = self._socket.recv(_CHUNK)
        except OSError:
            data = b""
        self.received += data
        if not data:
            self.end_of_file = True
            self._reactor.watch(self, 0)

    def finish(self) -> None:
        """Send FIN, and go on reading."""
        with suppress(OSError):  # the other end may be gone
            self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Send RST at once."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.close()

    def close(self) -> None:
        """Close the grader's end."""
        if not self.closed:
            self.closed = True
            self._reactor.watch(self, 0)
            self._socket.close()
        self.other.close()

    def _rows(self) -> list[tcp.Row]:
        rows = tcp.on_port(self._other_name[1])
        return [row for row in rows if row.remote_port == self.name[1]]
