"""What the wrappers of 07_wrap promise for bytes: one read or write, and all that were asked for."""

from __future__ import annotations

import errno

from grader.checks.wrappers import EXITS, Wrap, cut, expect_sent, full, says
from grader.lab.functions.ends import End
from grader.lab.lab import Lab
from grader.lab.promise import promise

RETRY = (
    "InterruptedError (EINTR) says that a signal came before anything was done, so the call has to be "
    "made again. Python does that by itself, unless the signal's handler raises (PEP 475)."
)
READN = (
    "One recv gives what has come so far, which may be less than was asked for. Go on until there "
    "are n bytes, or end of file."
)


def _for_good(lab: Lab) -> tuple[int, int]:
    """Draw errors after which neither read nor write is made again: ECONNABORTED is accept's alone."""
    return lab.random.choice((errno.EHOSTUNREACH, errno.ENETDOWN)), errno.ECONNABORTED


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
            peer.reset()
            lab.note("the peer reset the connection (RST)")
            series.expect_exit(says("read", errno.ECONNRESET), EXITS)
    for number in _for_good(lab):
        with wrap.connection() as (series, _peer, conn):
            series.begin("Read", conn, 10)
            series.fail_with(number)
            series.expect_exit(says("read", number), EXITS)
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
        for number in _for_good(lab):
            with full(wrap) as (series, _peer, conn, _filling):
                series.begin(function, conn, data)
                series.fail_with(number)
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
        for count, most in ((1, 1), (lab.random.randrange(20, 40), 7), (9_000, 3_000)):
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
