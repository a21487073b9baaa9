"""What the wrappers of 07_wrap promise for calls on sockets, before any byte is transferred."""

from __future__ import annotations

import errno
import os
import socket
import struct
from contextlib import suppress

from grader.checks.wrappers import (
    EXITS,
    LOOPBACK,
    Wrap,
    bound,
    expect_failures,
    expect_pair,
    expect_socket,
    peers,
    says,
)
from grader.lab.functions.series import shown
from grader.lab.functions.wire import Made
from grader.lab.lab import Lab
from grader.lab.ports import loopback
from grader.lab.promise import promise

#: An address of no host (RFC 5737).
ELSEWHERE = "192.0.2.1"


@promise()
def test_perr_exit(lab: Lab, wrap: Wrap) -> None:
    """`perr_exit` prints `<what> error: <strerror>` on standard error and exits with status 1."""
    word = lab.text(8).decode().strip()
    numbers = lab.random.sample((errno.EPIPE, errno.ENOTCONN, errno.EACCES, errno.ENOBUFS), 2)
    for what, number in (("bind", errno.EADDRINUSE), ("read", numbers[0]), (word, numbers[1])):
        with wrap.series() as series:
            series.begin("perr_exit", what, Made("OSError", (number, os.strerror(number))))
            series.expect_exit(
                says(what, number),
                "What goes wrong is told to people on standard error, as the error's strerror alone, "
                "without its number; the exit status, which is 1, tells it to programs.",
            )


@promise(after="perr_exit")
def test_socket_error(lab: Lab, wrap: Wrap) -> None:
    """`Socket` gives a socket of that family, type and protocol, or ends with `socket error: ...`."""
    stream, tcp = int(socket.SOCK_STREAM), int(socket.IPPROTO_TCP)
    families = [int(socket.AF_INET)]
    with suppress(OSError), socket.socket(socket.AF_INET6):
        families.append(int(socket.AF_INET6))
    with wrap.series() as series:
        for family in families:
            for protocol in ((), (tcp,)):
                series.begin("Socket", family, stream, *protocol)
                expect_socket(lab, series, family)
        series.no_more_descriptors()
        series.begin("Socket", families[0], stream)
        series.expect_exit(says("socket", errno.EMFILE), EXITS)
    # The filter of system calls may refuse these before the kernel does.
    for refused, number in (
        ((255, stream, 0), errno.EAFNOSUPPORT),
        ((families[0], int(socket.SOCK_RDM), 0), errno.ESOCKTNOSUPPORT),
        ((families[0], stream, int(socket.IPPROTO_UDP)), errno.EPROTONOSUPPORT),
    ):
        with wrap.series() as series:
            series.begin("Socket", *refused)
            series.expect_exit(says("socket", errno.EPERM), EXITS, says("socket", number))


@promise(after="perr_exit")
def test_bind_error(lab: Lab, wrap: Wrap) -> None:
    """`Bind` binds the socket, or ends with `bind error: ...`."""
    free, taken = (port.number for port in wrap.ports)
    with wrap.series() as series, socket.socket() as sock:
        given = series.give("sock", sock.dup())
        series.begin("Bind", given, (LOOPBACK, free))
        series.expect_return("Nothing fails here: the port is free.")
        name = sock.getsockname()
        lab.expect(
            name == (LOOPBACK, free), f"a socket bound to port {free}", f"it has {name}",
            "Hand the address on to the socket's bind.",
        )  # fmt: skip
        lab.note("sock is bound already")
        series.begin("Bind", given, (LOOPBACK, free))
        series.expect_exit(says("bind", errno.EINVAL), EXITS)
    with socket.create_server((LOOPBACK, taken)):
        lab.note(f"somebody listens on port {taken}; {ELSEWHERE} is no address of this host")
        for address, number in (
            ((LOOPBACK, taken), errno.EADDRINUSE),
            ((ELSEWHERE, free), errno.EADDRNOTAVAIL),
        ):
            with wrap.series() as series:
                series.begin("Bind", series.give("sock", socket.socket()), address)
                series.expect_exit(says("bind", number), EXITS)
    expect_failures(wrap, "Bind", [(LOOPBACK, free)], socket.socket)


@promise(after="perr_exit")
def test_listen_error(lab: Lab, wrap: Wrap) -> None:
    """`Listen` lets the socket listen, or ends with `listen error: ...`."""
    with wrap.series() as series, bound() as sock:
        backlog = lab.random.randrange(3, 100)
        series.begin("Listen", series.give("sock", sock.dup()), backlog)
        series.expect_return("Nothing fails here.")
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        listens = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
        (room,) = struct.unpack_from("I", info, 28)  # tcpi_sacked, a listening socket's backlog
        lab.expect(
            listens and room == backlog,
            f"a socket that listens with a backlog of {backlog}",
            f"it listens with a backlog of {room}" if listens else "it doesn't listen",
            "Hand the backlog on to the socket's listen.",
        )
    with bound() as first:
        second, datagrams = bound(first.getsockname()[1]), socket.socket(type=socket.SOCK_DGRAM)
        first.listen()
        for sock, number, what in (
            (second, errno.EADDRINUSE, "another socket listens on the port of sock"),
            (datagrams, errno.EOPNOTSUPP, "sock is a UDP socket"),
        ):
            lab.note(what)
            with wrap.series() as series:
                series.begin("Listen", series.give("sock", sock), 5)
                series.expect_exit(says("listen", number), EXITS)
    expect_failures(wrap, "Listen", [5], socket.socket)


@promise(after="perr_exit")
def test_connect_error(lab: Lab, wrap: Wrap) -> None:
    """`Connect` connects the socket, or ends with `connect error: ...`."""
    closed, opened = (port.number for port in wrap.ports)
    host = loopback(lab.random)
    with (
        socket.create_server((host, opened)),
        wrap.series() as series,
        socket.socket() as sock,
    ):
        given = series.give("sock", sock.dup())
        series.begin("Connect", given, (host, opened))
        series.expect_return("Nothing fails here: somebody listens at that address.")
        name: object = None
        with suppress(OSError):
            name = sock.getpeername()
        lab.expect(
            name == (host, opened), f"a socket connected to {host} port {opened}",
            f"it is connected to {name}" if name else "it is not connected",
            "Hand the address on to the socket's connect.",
        )  # fmt: skip
        lab.note("sock is connected already")
        series.begin("Connect", given, (host, opened))
        series.expect_exit(says("connect", errno.EISCONN), EXITS)
    lab.note(f"nobody listens on port {closed}")
    with wrap.series() as series:
        series.begin("Connect", series.give("sock", socket.socket()), (LOOPBACK, closed))
        series.expect_exit(says("connect", errno.ECONNREFUSED), EXITS)
    expect_failures(wrap, "Connect", [(LOOPBACK, closed)], socket.socket)


@promise(after="perr_exit")
def test_accept_error(wrap: Wrap) -> None:
    """`Accept` ends with `accept error: ...` when the call fails."""
    with wrap.series() as series:
        wrap.lab.note("sock has a port, and doesn't listen")
        series.begin("Accept", series.give("sock", bound()))
        series.expect_exit(says("accept", errno.EINVAL), EXITS)
    with wrap.series() as series:
        listener = series.give("listener", socket.create_server((LOOPBACK, 0)))
        series.no_more_descriptors()
        series.begin("Accept", listener)
        series.expect_exit(says("accept", errno.EMFILE), EXITS)
    expect_failures(wrap, "Accept", [], socket.socket)


@promise(points=2, after="accept_error")
def test_accept_retries(lab: Lab, wrap: Wrap) -> None:
    """`Accept` goes on after ECONNABORTED and EINTR, and after no other error."""
    why = (
        "ECONNABORTED says that a client was gone before it was accepted, EINTR that a signal came. "
        "Neither is a reason for a server to end: wait for the next client. Any other error is."
    )
    with wrap.series() as series, socket.create_server((LOOPBACK, 0)) as listener:
        given = series.give("listener", listener.dup())
        series.begin("Accept", given)
        retried = [errno.ECONNABORTED, errno.EINTR, errno.EINTR, errno.ECONNABORTED]
        lab.random.shuffle(retried)
        for number in retried:
            series.fail_with(number)
        with socket.create_connection(listener.getsockname()) as client:
            lab.note("a client connected")
            outcome = series.value()
            lab.expect(
                peers(series) == [client.getsockname()],
                "Accept(listener) gives the connection of the client that came after all that",
                f"it {shown(outcome)}",
                why,
            )
    for number in (errno.ENOMEM, errno.ENOBUFS, errno.EPERM, errno.ECONNRESET):
        with wrap.series() as series:
            series.begin("Accept", series.give("listener", socket.create_server((LOOPBACK, 0))))
            series.fail_with(number)
            series.expect_exit(says("accept", number), why)


@promise()
def test_accept_pair(lab: Lab, wrap: Wrap) -> None:
    """`Accept` gives the connected socket and the client's address."""
    with wrap.series() as series, socket.create_server((LOOPBACK, 0)) as listener:
        given = series.give("listener", listener.dup())
        clients = [socket.create_connection(listener.getsockname()) for _ in range(3)]
        lab.note("3 clients connected")
        for client in clients:
            with client:
                series.begin("Accept", given)
                expect_pair(lab, series, client, "Give back both, as socket.accept does.")
