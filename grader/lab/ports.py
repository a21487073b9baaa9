"""Ports that nobody else takes while a check uses them, and addresses of this host."""

from __future__ import annotations

import random
import socket
from contextlib import suppress
from pathlib import Path

from grader.lab.kernel import tcp

_FIRST = 10_000
_LAST = 65_535
_ENOUGH = 2_000
_RANGE_FILE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_RANDOM = random.SystemRandom()


class NoPortError(Exception):
    """No free port was found; the machine's trouble, not the student's."""


class Port:
    """A TCP port that is reserved until `release`.

    It lies outside the range from which the kernel picks ports for connections (ip(7),
    `ip_local_port_range`), so no outgoing connection can land on it; no row of the kernel's table has
    it at either end, TIME_WAIT included; and among graders it is reserved by an abstract Unix socket
    of that name, which has the network namespace's scope, as ports have, and goes when its owner does.
    """

    def __init__(self, number: int, reservation: socket.socket) -> None:
        self.number = number
        self._reservation = reservation

    def release(self) -> None:
        """Let other graders have the port."""
        self._reservation.close()


def reserve(tries: int = 400) -> Port:
    """Reserve a fresh port.

    Raises:
        NoPortError: if none of `tries` candidates that are drawn was free.
    """
    candidates = _outside_ephemeral_range()
    for _ in range(tries):
        number = _RANDOM.choice(candidates)
        reservation = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        with suppress(OSError):
            reservation.bind(f"\0socklab-port-{number}")
            if not tcp.touches(number):
                return Port(number, reservation)
        reservation.close()
    raise NoPortError(f"none of {tries} TCP ports that were tried is free")


def loopback(drawn: random.Random) -> str:
    """Draw an address of 127.0.0.0/8, all of which are this host's (RFC 1122, 3.2.1.3)."""
    return "127." + ".".join(str(drawn.randrange(1, 255)) for _ in range(3))


def _outside_ephemeral_range() -> range:
    low, high = (int(word) for word in _RANGE_FILE.read_text().split())
    outside = max(range(_FIRST, low), range(high + 1, _LAST + 1), key=len)
    return outside if len(outside) >= _ENOUGH else range(_FIRST, _LAST + 1)
