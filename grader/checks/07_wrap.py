"""07_wrap: wrappers of the socket calls, on real sockets, in processes that may end."""

from __future__ import annotations

import errno
import socket
from contextlib import closing, suppress

import pytest

from grader.checks.wrap_calls import (  # noqa: F401
    test_accept_error,
    test_accept_pair,
    test_accept_retries,
    test_bind_error,
    test_connect_error,
    test_listen_error,
    test_perr_exit,
    test_socket_error,
)
from grader.checks.wrap_transfers import (  # noqa: F401
    test_read_eof,
    test_read_retries,
    test_readn_full,
    test_readn_short_at_eof,
    test_write_retries,
    test_writen_all,
    test_writen_peer_gone,
)
from grader.checks.wrappers import EXITS, LOOPBACK, Wrap, cut, expect_lines, says
from grader.lab import ports
from grader.lab.fixtures import Subject, program_file
from grader.lab.functions.ends import End
from grader.lab.functions.functions import Functions
from grader.lab.functions.series import Series
from grader.lab.functions.wire import Given, Returned
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.shelf import Shelf
from grader.lab.transcript import PromiseBrokenError

#: Bytes that end no line, though they may stand beside a newline or end lines and strings elsewhere.
NO_ENDS = b"\r\0\x0b\x0c\x1c\x85 "
LINES = (
    "A line ends at its newline, which is part of it, wherever the pieces that came begin and end."
)


@pytest.fixture
def wrap(lab: Lab, subject: Subject, shelf: Shelf) -> Wrap:
    """The student's wrappers, which may use two ports."""
    file = program_file(lab, subject, "module")
    known = shelf.forkable
    if file not in known:  # one process for all checks of a worker: each of them forks it
        known[file] = Functions(lab, file, forked=True, ports=[ports.reserve(), ports.reserve()])
    known[file].hand_to(lab)
    return Wrap(lab, known[file])


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
        for inside, most in ((lab.text(25)[:-1], 4), (lab.text(4)[:-1] + NO_ENDS, 1)):
            line = inside + b"\n"
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
    end = End.over_tcp(lab.bench.reactor)
    with end.other.dup(), wrap.connection(end) as (series, peer, conn):
        lab.note("another process holds the connection's socket as well, as after fork")
        series.begin("Close", conn)
        series.expect_return("A socket that is open can be closed.")
        lab.expect(
            peer.other_state() == "ESTABLISHED",
            "the connection goes on while somebody else holds its socket",
            "FIN or RST was sent on it",
            "close gives up a descriptor, and that alone. shutdown ends the connection for all who "
            "hold it: a parent that does so after fork takes it away from its child.",
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
