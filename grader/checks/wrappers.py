"""What the checks of 07_wrap are written with: the student's wrappers, and what is expected of them."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from random import Random

from grader.lab.functions.ends import End
from grader.lab.functions.functions import Functions
from grader.lab.functions.series import Series, shown
from grader.lab.functions.wire import Given, Named, Returned
from grader.lab.lab import Lab

LOOPBACK = "127.0.0.1"
EXITS = (
    "When the call fails, print its name, ` error: ` and the error's strerror on standard error, and "
    "end with status 1. Nothing else may go on, and no traceback be printed."
)


class Wrap:
    """The student's wrappers.

    Args:
        lab: the check.
        functions: the student's.
    """

    def __init__(self, lab: Lab, functions: Functions) -> None:
        self.lab = lab
        self.ports = functions.ports
        self._functions = functions

    def series(self) -> Series:
        """Begin a series of calls in a process of its own."""
        return Series(self.lab, self._functions)

    @contextmanager
    def connection(self, end: End | None = None) -> Iterator[tuple[Series, End, Given]]:
        """Begin a series, and hand it one end of a connection, TCP if no other is given."""
        reactor = self.lab.bench.reactor
        with closing(end or End.over_tcp(reactor)) as peer, self.series() as series:
            yield series, peer, series.give("conn", peer.other)

    def dribble(self, series: Series, peer: End, pieces: Sequence[bytes]) -> None:
        """Send pieces, each once the last one was read."""
        for piece in pieces:
            peer.send(piece)
            series.settle(lambda: peer.delivered() and not peer.unread())
        sizes = ", ".join(str(len(piece)) for piece in pieces)
        self.lab.note(f"the peer sent pieces of {sizes} bytes, each once the last one was read")


def says(call: str, number: int) -> str:
    """Give the line that a wrapper prints."""
    return f"{call} error: {os.strerror(number)}"


def cut(random: Random, data: bytes, most: int) -> list[bytes]:
    """Cut bytes into pieces of 1 to `most` bytes."""
    pieces = []
    while data:
        size = random.randint(1, most)
        pieces.append(data[:size])
        data = data[size:]
    return pieces


def expect_failures(
    wrap: Wrap, function: str, arguments: Sequence[object], make: Callable[[], socket.socket]
) -> None:
    """Expect a wrapper to end its process on a descriptor that is no socket, and on none."""
    call = function.lower()
    for spoil, number in (
        (Series.replace_by_file, errno.ENOTSOCK),
        (Series.close_under, errno.EBADF),
    ):
        with wrap.series() as series:
            sock = series.give("sock", make())
            spoil(series, sock)
            series.begin(function, sock, *arguments)
            series.expect_exit(says(call, number), EXITS)


def expect_socket(lab: Lab, series: Series, family: int) -> None:
    """Expect the call to give one socket, of an address family."""
    series.expect_return("Give back the new socket.")
    names = {int(each): each.name for each in (socket.AF_INET, socket.AF_INET6)}
    made = [sock.getsockopt(socket.SOL_SOCKET, socket.SO_DOMAIN) for sock in series.sockets]
    lab.expect(
        made == [family],
        f"Socket({family}, ...) gives a socket of the family {names[family]}",
        "it gave " + (", ".join(f"one of {names.get(m, m)}" for m in made) or "no socket"),
        "Hand the family, the type and the protocol on to socket.socket, and give back what it gives.",
    )


def bound(port: int = 0) -> socket.socket:
    """Give a socket that has a port and doesn't listen; several may share one like that."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((LOOPBACK, port))
    return sock


def expect_pair(lab: Lab, series: Series, client: socket.socket, why: str) -> None:
    """Expect the call to give the server's socket of a client's connection, and its address."""
    outcome = series.value()
    items: object = outcome.value if isinstance(outcome, Returned) else ()
    items = items.items if isinstance(items, Named) else items
    pair = items if isinstance(items, tuple) and len(items) == 2 else (None, None)
    names = peers(series)
    address = client.getsockname()
    connected = f", whose socket is connected to {names[0]}" if names else ""
    lab.expect(
        names == [address] and pair[1] == address,
        f"Accept(listener) gives a pair of the socket and the address, both for the client {address}",
        f"it {shown(outcome)}{connected}",
        why,
    )


def peers(series: Series) -> list[object]:
    """Give the addresses to which the sockets that the last result held are connected."""
    names: list[object] = []
    for sock in series.sockets:
        with suppress(OSError):
            names.append(sock.getpeername())
    return names


@contextmanager
def full(wrap: Wrap) -> Iterator[tuple[Series, End, Given, bytes]]:
    """Begin a series with a connection on which nothing can be sent for now."""
    end = End.over_unix(wrap.lab.bench.reactor)
    filling = end.fill()
    with wrap.connection(end) as (series, peer, conn):
        yield series, peer, conn, filling


def expect_sent(
    lab: Lab,
    series: Series,
    peer: End,
    data: bytes | None,
    filling: bytes,
    why: str,
    *,
    count: bool,
) -> None:
    """Expect the peer to get what was written, as far as the call says that it was."""
    peer.read()
    outcome = series.value(progress=lambda: len(peer.received))
    peer.drain()
    lab.expect(
        isinstance(outcome, Returned), f"{series.asked()} returns", f"it {shown(outcome)}", why
    )
    value = outcome.value if isinstance(outcome, Returned) else None
    taken = len(peer.received) - len(filling)
    if count:
        lab.expect(
            type(value) is int and value == taken and taken > 0,
            f"Write gives {taken}, the number of bytes that came to the peer",
            f"it gave {shown(value)}", why,
        )  # fmt: skip
    if data is not None:
        got = bytes(peer.received[len(filling) :])
        wanted = data[:taken] if count else data
        lab.expect(got == wanted, f"the peer gets {shown(wanted)}", f"it got {shown(got)}", why)


def expect_lines(
    series: Series, conn: Given, lines: Sequence[bytes], maxlen: int, why: str
) -> None:
    """Expect `Readline` to give lines, one a call."""
    for line in lines:
        series.begin("Readline", conn, maxlen)
        series.expect_value(line, why)
