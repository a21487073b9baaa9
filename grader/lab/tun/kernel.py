"""The kernel's TCP, whose packets come and go through a TUN device."""

from __future__ import annotations

import os
import selectors
import socket
from contextlib import suppress

from grader.lab.conversation.reference import Reference
from grader.lab.conversation.segment import Segment
from grader.lab.conversation.stack import Stack
from grader.lab.kernel import tcp
from grader.lab.lab import Lab
from grader.lab.reactor import Reactor
from grader.lab.tun import namespace, packet
from grader.lab.tun.namespace import KERNEL, STUDENT, NoNamespaceError

_LARGEST_PACKET = 1 << 16
#: What the kernel's table calls differently than RFC 9293.
_NAMES = {
    "SYN_RECV": "SYN-RECEIVED",
    "NEW_SYN_RECV": "SYN-RECEIVED",
    "CLOSE": "CLOSED",
    "FIN_WAIT1": "FIN-WAIT-1",
    "FIN_WAIT2": "FIN-WAIT-2",
}


class Kernel:
    """One connection of the kernel's in a network namespace of its own (a `Stack`).

    Args:
        reactor: drives it.

    Raises:
        NoNamespaceError: if this machine doesn't let us have one.
    """

    name = "Linux kernel"

    def __init__(self, reactor: Reactor) -> None:
        self._tun, self._netlink, (self._socket, self._spare) = namespace.make()
        self._listening = False
        self._reactor = reactor
        self._packets: list[Segment] = []
        self._received = b""
        self._port = 0
        self._socket.setblocking(False)
        reactor.watch(self, selectors.EVENT_READ)

    def fileno(self) -> int:
        """Give the TUN device's descriptor."""
        return self._tun

    def ready(self, _events: int) -> None:
        """Read the packets that the kernel has sent."""
        with suppress(BlockingIOError):
            while True:
                segment = packet.parse(os.read(self._tun, _LARGEST_PACKET))
                if segment:
                    self._packets.append(segment)

    def listen(self, port: int) -> None:
        self._port = port
        self._listening = True
        self._spare.setblocking(False)
        self._spare.bind((KERNEL, port))
        self._spare.listen(1)

    def connect(self, port: int, remote_port: int) -> None:
        self._port = port
        self._socket.bind((KERNEL, port))
        with suppress(BlockingIOError):
            self._socket.connect((STUDENT, remote_port))

    def deliver(self, segment: Segment) -> None:
        os.write(self._tun, packet.build(segment, STUDENT, KERNEL))
        self.ready(selectors.EVENT_READ)

    def sent(self) -> list[Segment]:
        self.ready(selectors.EVENT_READ)
        sent, self._packets = self._packets, []
        return sent

    def state(self) -> str:
        found = [row.state for row in tcp.from_netlink(tcp.ALL, self._port, self._netlink)]
        found.sort(key=lambda state: state == "LISTEN")
        state = found[0] if found else "CLOSED"
        return _NAMES.get(state, state.replace("_", "-"))

    def send(self, data: bytes) -> None:
        self._accept()
        self._socket.send(data)

    def received(self) -> bytes:
        self._accept()
        with suppress(BlockingIOError, ConnectionError):
            while data := self._socket.recv(_LARGEST_PACKET):
                self._received += data
        return self._received

    def shut(self) -> None:
        self._accept()
        self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._reactor.watch(self, 0)
        os.close(self._tun)
        for each in (self._socket, self._spare, self._netlink):
            each.close()

    def _accept(self) -> None:
        """Take the connection out of the listening socket's queue, if there is one."""
        if self._listening:
            with suppress(BlockingIOError):
                connection, _address = self._spare.accept()
                self._socket.close()
                self._spare.close()
                self._socket = connection
                self._socket.setblocking(False)
                self._listening = False


def peer(lab: Lab) -> Stack:
    """Give a TCP for a student's endpoint to speak with; the transcript says which."""
    try:
        kernel = Kernel(lab.bench.reactor)
    except NoNamespaceError as error:
        lab.note(f"no kernel to speak with here ({error}): the grader's own TCP takes its place")
        return Reference(lab.random.getrandbits(32))
    release = os.uname().release.partition("-")[0]
    lab.note(f"Linux {release} takes part, through a TUN device in a network namespace of its own")
    return kernel
