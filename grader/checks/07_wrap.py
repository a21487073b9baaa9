"""07_wrap: wrappers of the socket calls, on real sockets, in processes that may end."""

from __future__ import annotations

import errno
import os
import socket
import struct
from contextlib import closing, suppress

import pytest

from grader.checks.wrappers import (
    EXITS,
    LOOPBACK,
    Wrap,
    bound,
    cut,
    expect_failures,
    expect_lines,
    expect_pair,
    expect_sent,
    expect_socket,
    full,
    peers,
    says,
)
from grader.lab import ports
from grader.lab.fixtures import Subject, program_file
from grader.lab.functions.ends import End
from grader.lab.functions.functions import Functions
from grader.lab.functions.series import Series, shown
from grader.lab.functions.wire import Given, Made, Returned
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.transcript import PromiseBrokenError

#: An address of no host (RFC 5737).
ELSEWHERE = "192.0.2.1"
RETRY = (
    "InterruptedError (EINTR) says that a signal came before anything was done, so the call has to be "
    "made again. Python does that by itself, unless the signal's handler raises (PEP 475)."
)
READN = (
    "One recv gives what has come so far, which may be less than was asked for. Go on until there "
    "are n bytes, or end of file."
)
LINES = (
    "A line ends at its newline, which is part of it, wherever the pieces that came begin and end."
)


@pytest.fixture
def wrap(lab: Lab, subject: Subject) -> Wrap:
    """The student's wrappers, which may use two ports."""
    file = program_file(lab, subject, "module")
    known = lab.bench.forkable
    if file not in known:  # one process for all checks of a worker: each of them forks it
        known[file] = Functions(lab, file, forked=True, ports=[ports.reserve(), ports.reserve()])
    known[file].hand_to(lab)
    return Wrap(lab, known[file])


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
    for refused in ((255, stream, 0), (families[0], stream, int(socket.IPPROTO_UDP))):
        with wrap.series() as series:
            series.begin("Socket", *refused)
            series.expect_exit(
                says("socket", errno.EPERM), EXITS,
                says("socket", errno.EAFNOSUPPORT), says("socket", errno.EPROTONOSUPPORT),
            )  # fmt: skip


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
    with (
        socket.create_server((LOOPBACK, opened)),
        wrap.series() as series,
        socket.socket() as sock,
    ):
        given = series.give("sock", sock.dup())
        series.begin("Connect", given, (LOOPBACK, opened))
        series.expect_return("Nothing fails here: somebody listens on that port.")
        name: object = None
        with suppress(OSError):
            name = sock.getpeername()
        lab.expect(
            name == (LOOPBACK, opened), f"a socket connected to port {opened}",
            f"it is connected to {name}" if name else "it is not connected",
            "Hand the address on to the socket's connect.",
        )  # fmt: skip
        lab.note("sock is connected already")
        series.begin("Connect", given, (LOOPBACK, opened))
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
        for number in lab.random.sample((errno.ENOMEM, errno.ENOBUFS, errno.EPERM), 1):
            series.begin("Accept", given)
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


@promise()
def test_read_eof(lab: Lab, wrap: Wrap) -> None:
    """`Read` gives what has come, `n` bytes at most, and `b""` at end of file."""
    with wrap.connection() as (series, peer, conn):
        first, second = lab.random.randbytes(3), lab.random.randbytes(10)
        series.begin("Read", conn, 1000)
        peer.send(first)
        lab.note(f"the peer sent {len(first)} bytes")
        why = "Read is one read(2): it waits for the first byte, and for no more than that."
        series.expect_value(first, why)
        peer.send(second)
        peer.finish()
        lab.wait(lambda: peer.unread() >= len(second))
        lab.note(f"the peer sent {len(second)} bytes and FIN")
        for wanted in (second[:4], second[4:8], second[8:], b"", b""):
            series.begin("Read", conn, 4)
            series.expect_value(
                wanted,
                "Give n bytes at most, and leave the rest for the next call. End of file is no "
                "error: it is b'', every time.",
            )


@promise(points=2, after="perr_exit")
def test_read_retries(lab: Lab, wrap: Wrap) -> None:
    """`Read`, `Readn` and `Readline` go on after EINTR, and end with `read error: ...` otherwise."""
    line = lab.text(12)
    for function, pieces in (("Read", [line]), ("Readn", [line[:5], line[5:]]),
                             ("Readline", [line[:7], line[7:]])):  # fmt: skip
        with wrap.connection() as (series, peer, conn):
            most = 100 if function == "Readline" else len(line)
            series.begin(function, conn, most)
            for piece in pieces:
                series.fail_with(errno.EINTR)
                series.fail_with(errno.EINTR)
                wrap.dribble(series, peer, [piece])
            series.expect_value(line, RETRY + " What was read before must not get lost.")
            series.begin(function, conn, most)
            if function != "Read":
                wrap.dribble(series, peer, [line[:4]])
            number = lab.random.choice((errno.EHOSTUNREACH, errno.ENETDOWN))
            if function == "Read" and series.fail_with(number):
                series.expect_exit(says("read", number), EXITS)
                continue
            peer.reset()
            lab.note("the peer reset the connection (RST)")
            series.expect_exit(says("read", errno.ECONNRESET), EXITS)
    with wrap.connection() as (series, _peer, conn):
        series.close_under(conn)
        series.begin("Read", conn, 10)
        series.expect_exit(says("read", errno.EBADF), EXITS)


@promise(points=2, after="perr_exit")
def test_write_retries(lab: Lab, wrap: Wrap) -> None:
    """`Write` and `Writen` go on after EINTR, and end with `write error: ...` otherwise."""
    data = lab.text(40)
    for function in ("Write", "Writen"):
        with full(wrap) as (series, peer, conn, filling):
            series.begin(function, conn, data)
            lab.note("the buffer is full, so that the call has to wait")
            series.fail_with(errno.EINTR)
            series.fail_with(errno.EINTR)
            lab.note("the peer begins to read")
            expect_sent(lab, series, peer, data, filling, RETRY, count=function == "Write")
        with full(wrap) as (series, _peer, conn, _filling):
            number = lab.random.choice((errno.EHOSTUNREACH, errno.ENETDOWN))
            series.begin(function, conn, data)
            if series.fail_with(number):
                series.expect_exit(says("write", number), EXITS)
        with wrap.connection() as (series, _peer, conn):
            series.close_under(conn)
            series.begin(function, conn, data)
            series.expect_exit(says("write", errno.EBADF), EXITS)
    with wrap.connection(End.over_unix(lab.bench.reactor)) as (series, peer, conn):
        series.begin("Write", conn, lab.random.randbytes(20_000))
        series.disturb()
        expect_sent(
            lab, series, peer, None, b"",
            "A signal, or a full buffer, may end a write early. What it returns says how many bytes "
            "were taken: pass that on.",
            count=True,
        )  # fmt: skip


@promise(points=2)
def test_readn_full(lab: Lab, wrap: Wrap) -> None:
    """`Readn` gives `n` bytes, also when they come in dribbles."""
    with wrap.connection() as (series, peer, conn):
        for count, most in ((lab.random.randrange(20, 40), 7), (9_000, 3_000)):
            data, more = lab.random.randbytes(count), lab.random.randbytes(5)
            *pieces, last = cut(lab.random, data, most)
            series.begin("Readn", conn, count)
            wrap.dribble(series, peer, [*pieces, last + more])
            series.expect_value(data, READN)
            series.begin("Readn", conn, len(more))
            series.expect_value(more, "The bytes after the first n are for the next call.")
        data = lab.random.randbytes(50)
        peer.send(data)
        lab.wait(lambda: peer.unread() >= len(data))
        lab.note(f"the peer sent {len(data)} bytes at once")
        for wanted in (data[:20], data[20:]):
            series.begin("Readn", conn, len(wanted))
            series.expect_value(wanted, "The bytes after the first n are for the next call.")


@promise(after="readn_full")
def test_readn_short_at_eof(lab: Lab, wrap: Wrap) -> None:
    """`Readn` gives fewer bytes only at end of file: those that came before it, and then `b""`."""
    why = "At end of file nothing more will come: give what there is, without waiting or an error."
    with wrap.connection() as (series, peer, conn):
        data = lab.random.randbytes(lab.random.randrange(7, 12))
        series.begin("Readn", conn, 20)
        wrap.dribble(series, peer, cut(lab.random, data, 4))
        peer.finish()
        lab.note(f"after {len(data)} bytes the peer sent FIN")
        for wanted in (data, b""):
            series.expect_value(wanted, why)
            series.begin("Readn", conn, 20)
        series.expect_value(b"", why)


@promise(points=2)
def test_writen_all(lab: Lab, wrap: Wrap) -> None:
    """`Writen` sends all of its data to a slow reader, more than the socket's buffers hold."""
    why = (
        "A write may take only a part of what it is given, when the buffer is full or a signal comes. "
        "Go on with the rest until nothing is left."
    )
    with wrap.connection(End.over_unix(lab.bench.reactor)) as (series, peer, conn):
        for data in (lab.text(30), lab.random.randbytes(60_000)):
            peer.received.clear()
            series.begin("Writen", conn, data)
            while len(data) > 30 and len(peer.received) < 15_000 and series.disturb():
                peer.read_some(lab.random.randrange(1, 9_000))
            lab.note("the peer reads" + " on, without a break" * (len(data) > 30))
            peer.read()
            series.value(progress=lambda: len(peer.received))
            peer.drain()
            lab.expect(
                bytes(peer.received) == data,
                f"the peer gets the {len(data)} bytes that were given to Writen",
                f"it got {len(peer.received)} bytes"
                + ", others than those" * (not data.startswith(bytes(peer.received))),
                why,
            )
            peer.pause()


@promise(after="perr_exit")
def test_writen_peer_gone(lab: Lab, wrap: Wrap) -> None:
    """`Writen` to a peer that is gone ends with `write error: ...` and status 1, not by SIGPIPE."""
    why = (
        "Nobody reads any more, so write fails with EPIPE or ECONNRESET. Python ignores SIGPIPE, "
        "which else would end the program without a word; leave it like that."
    )
    gone = says("write", errno.EPIPE), why, says("write", errno.ECONNRESET)
    with wrap.connection() as (series, peer, conn):
        peer.close()
        lab.note("the peer closed its end; what it gets now it answers with RST")
        series.begin("Writen", conn, lab.text(20))
        series.expect_return("The first bytes are taken by the kernel: it can't know better yet.")
        lab.wait(peer.other_is_over)
        series.begin("Writen", conn, lab.text(20))
        series.expect_exit(*gone)
    with wrap.connection() as (series, peer, conn):
        peer.reset()
        lab.wait(peer.other_is_over)
        lab.note("the peer reset the connection (RST)")
        series.begin("Writen", conn, lab.text(20))
        series.expect_exit(*gone)
    with wrap.connection(End.over_unix(lab.bench.reactor)) as (series, peer, conn):
        series.begin("Writen", conn, lab.random.randbytes(30_000))
        series.rest()
        peer.close()
        lab.note("the peer closed its end while the call waited")
        series.expect_exit(*gone)


@promise()
def test_readline_line(lab: Lab, wrap: Wrap) -> None:
    """`Readline` gives a line with its newline as soon as it has come."""
    lines = [lab.text(20), b"\n", b"\r\n", bytes([0, 255, 13]) + lab.text(3), lab.text(1_500)]
    with wrap.connection() as (series, peer, conn):
        for line in lines:
            series.begin("Readline", conn, 2_000)
            peer.send(line)
            series.expect_value(
                line,
                "The line is complete once its newline has come: nothing more may be waited for, and "
                "nothing be taken away from it. An empty line is its newline.",
            )


@promise(points=2, after="readline_line")
def test_readline_pieces(lab: Lab, wrap: Wrap) -> None:
    """`Readline` puts together a line that comes in many pieces."""
    with wrap.connection() as (series, peer, conn):
        for size, most in ((25, 4), (12, 1)):
            line = lab.text(size)
            series.begin("Readline", conn, 200)
            wrap.dribble(series, peer, [*cut(lab.random, line[:-1], most), line[-1:]])
            series.expect_value(line, LINES)


@promise(points=2, after="readline_line")
def test_readline_burst(lab: Lab, wrap: Wrap) -> None:
    """`Readline` gives the lines of one packet one by one, and loses nothing of the next."""
    lines = [lab.text(lab.random.randrange(10, 30)) for _ in range(12)]
    lines.insert(lab.random.randrange(12), b"\n")
    last = lab.text(20)
    with wrap.connection() as (series, peer, conn):
        peer.send(b"".join(lines) + last[:9])
        lab.note(f"the peer sent {len(lines)} lines and a part of the next at once")
        why = f"{LINES} What has come after it is for the next calls."
        expect_lines(series, conn, lines, 200, why)
        series.begin("Readline", conn, 200)
        series.rest()
        peer.send(last[9:])
        lab.note("the peer sent the rest of the line")
        series.expect_value(last, why)


@promise(after="readline_line")
def test_readline_limit(lab: Lab, wrap: Wrap) -> None:
    """`Readline` gives `maxlen` bytes of a longer line, never more, and the rest at the next calls."""
    why = (
        "Nobody promises that a newline ever comes: maxlen bounds what one call gives, the newline "
        "counted. Once maxlen bytes are there, give exactly those."
    )
    limit = lab.random.randrange(8, 15)
    long, fits = lab.text(2 * limit + 5), lab.text(limit)
    over, short = lab.text(limit + 1), lab.text(limit - 1)
    with wrap.connection() as (series, peer, conn):
        peer.send(long + fits + over + short)
        lab.note(f"the peer sent lines of {2 * limit + 5}, {limit}, {limit + 1}, {limit - 1} bytes")
        parts = [long[:limit], long[limit : 2 * limit], long[2 * limit :]]
        expect_lines(series, conn, [*parts, fits, over[:limit], b"\n", short], limit, why)
        endless = lab.text(2 * limit).replace(b"\n", b"x")
        series.begin("Readline", conn, limit)
        wrap.dribble(series, peer, cut(lab.random, endless[:limit], 5))
        series.expect_value(endless[:limit], why)
        peer.send(endless[limit:])
        lab.note("the peer sent more bytes without a newline")
        expect_lines(series, conn, [endless[i : i + 1] for i in range(limit, limit + 3)], 1, why)
        expect_lines(series, conn, [endless[limit + 3 :]], limit - 3, why)
        begun = lab.text(limit + 4)
        series.begin("Readline", conn, limit)
        wrap.dribble(series, peer, [begun[:3], begun[3:]])
        series.expect_value(begun[:limit], why)
        expect_lines(series, conn, [begun[limit:]], limit, why)


@promise(after="readline_line")
def test_readline_eof(lab: Lab, wrap: Wrap) -> None:
    """`Readline` gives a last line without a newline as it is, and `b""` at end of file alone."""
    why = (
        "b'' means end of file, and nothing else does. What came before it is the last line, with a "
        "newline or without one."
    )
    for last in (lab.text(10)[:-1], b""):
        with wrap.connection() as (series, peer, conn):
            first = lab.text(10)
            peer.send(first + b"\n" + last)
            peer.finish()
            lab.note("the peer sent lines, the last one without a newline, and FIN")
            wanted = [first, b"\n", *([last] if last else []), b"", b""]
            expect_lines(series, conn, wanted, 100, why)


@promise(points=2, after="readline_line")
def test_readline_two_sockets(lab: Lab, wrap: Wrap) -> None:
    """What `Readline` has read ahead on one connection never shows up on another."""
    why = (
        "What was read ahead belongs to one connection. Its descriptor's number, or its object's "
        "address, is another connection's once it is closed."
    )
    reactor = lab.bench.reactor
    with closing(End.over_tcp(reactor)) as peer, wrap.connection() as (series, other, conn):
        second = series.give("conn2", peer.other)
        ours, theirs = ([lab.text(20) for _ in range(3)] for _ in range(2))
        other.send(b"".join(ours))
        peer.send(b"".join(theirs))
        lab.note("two peers sent 3 lines each at once; the lines are read in turns")
        for line, its in zip(ours[:2], theirs[:2], strict=True):
            expect_lines(series, conn, [line], 100, why)
            expect_lines(series, second, [its], 100, why)
        series.begin("Close", conn)
        series.expect_return("A connection can be closed with a line of it still unread.")
        series.forget(conn)
        with closing(End.over_tcp(reactor)) as late:
            third = series.give("conn3", late.other)
            line = lab.text(20)
            late.send(line)
            lab.note("conn was closed; conn3 came, and has its descriptor's number")
            expect_lines(series, third, [line], 100, why)
            expect_lines(series, second, theirs[2:], 100, why)


@promise(after="perr_exit")
def test_close(lab: Lab, wrap: Wrap) -> None:
    """`Close` really closes the descriptor; a dead one ends with `close error: Bad file descriptor`."""
    why = (
        "Close the socket itself, and whatever else keeps its descriptor open, such as a file made "
        "by makefile. Only then does the peer get its FIN, and the number is free again."
    )
    for lines_first in (False, True):
        with wrap.connection() as (series, peer, conn):
            if lines_first and not _reads_a_line(lab, series, peer, conn):
                continue
            peer.read()
            series.begin("Close", conn)
            series.expect_return("A socket that is open can be closed.")
            lab.expect_soon(
                lambda: peer.end_of_file and not peer.other_is_open(),
                "the descriptor is closed, and the peer reads end of file",
                lambda: "a process still holds the connection's socket",
                why,
                seconds=1,
            )
    for sock in (socket.socket(), socket.create_server((LOOPBACK, 0))):
        with wrap.series() as series:
            series.begin("Close", series.give("sock", sock))
            series.expect_return("A socket can be closed whether it is connected or not.")
    with wrap.connection() as (series, _peer, conn):
        series.close_under(conn)
        series.begin("Close", conn)
        series.expect_exit(says("close", errno.EBADF), EXITS)


def _reads_a_line(lab: Lab, series: Series, peer: End, conn: Given) -> bool:
    """Let `Readline` read a line, if it can: other promises are about that."""
    peer.send(lab.text(10))
    with suppress(PromiseBrokenError):
        series.begin("Readline", conn, 100)
        return isinstance(series.value(), Returned)
    return False
