"""11_netstat: the table of connections, against what sock_diag(7) says of the grader's own sockets.

Other sockets of the machine are in the table, too, and come and go. So rows are told by ports: those of
the grader's listeners are nobody else's.
"""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest

from grader.checks.usage import expect_usage
from grader.lab.fixtures import Subject, program_file
from grader.lab.functions.functions import Functions
from grader.lab.kernel import tcp
from grader.lab.kernel.tcp import Row
from grader.lab.lab import Lab
from grader.lab.netstat import Difference, Seen, compare, differences, listed, shown
from grader.lab.program import Program
from grader.lab.promise import promise
from grader.lab.specimens import LOOPBACK, Specimens, specimens

#: Nobody listens there, and its digits in hex are a part of many a loopback address.
UNUSED_PORT = 0x0100
PAIRS = 1100
#: With a port of five digits, as long as an end can be.
LONG_HOSTS = "127.255.255.254", "127.254.253.252"
_TRIES = 5
#: How often the table is to begin with our listener, as far as can be told.
_FIRST_ROUNDS = 3


@pytest.fixture
def made(lab: Lab) -> Iterator[Specimens]:
    """The check's sockets."""
    with specimens(lab) as sockets:
        yield sockets


@promise()
def test_listening(lab: Lab, functions: Functions, made: Specimens) -> None:
    """A listening socket is in the list, in state LISTEN, with port 0 at the remote end."""
    why = (
        "A line of the table has a number and a colon, then the local end, the remote end, and the "
        "state, all in hex with spaces between. The port is behind the colon: 1F90 is 8080. State 0A "
        "is LISTEN. The table changes all the time: read it at each call."
    )
    made.listen()
    made.listen("0.0.0.0")
    made.settle(LISTEN=2)
    compare(lab, functions, made, ["LISTEN"], why)
    made.listen_first()
    first = 0
    for _ in range(_FIRST_ROUNDS * _TRIES):
        if not made.first():
            made.listen_first()
        made.settle(LISTEN=len(made.ports()))
        compare(lab, functions, made, ["LISTEN"], why)
        first += made.first()  # others on this machine may have come before it meanwhile
        if first == _FIRST_ROUNDS:
            break


@promise(points=2, after="listening")
def test_addresses(lab: Lab, functions: Functions, made: Specimens) -> None:
    """Hosts are dotted quads, read from the host-order number that the kernel prints."""
    numbers = [lab.random.randrange(1, 255) for _ in range(8)]
    drawn = [f"127.{numbers[n]}.{200 + n}.{numbers[n + 1]}" for n in range(6)]
    for host in (LOOPBACK, "127.1.2.3", "127.16.0.10", "127.255.255.254", *drawn):
        made.pair(made.listen(host), drawn[0])
    made.listen("0.0.0.0")
    before = made.settle(LISTEN=11, ESTABLISHED=20)
    found = listed(lab, functions)
    for row in sorted(before, key=lambda row: (len(shown(row)), shown(row))):
        wanted = (row.local_host, row.remote_host)
        same = [each for each in found if each.ports == (row.local_port, row.remote_port)]
        lab.expect(
            any((each.local_host, each.remote_host) == wanted for each in same),
            f"connections() has {shown(row)}",
            f"it has {', '.join(map(str, same))}" if same else "no row has these ports",
            "The kernel keeps an address as four bytes in network order, and prints them as one "
            "number, as this host reads it. On a little-endian host 127.0.0.1 comes out as 0100007F.",
        )
    lab.note(f"{len(before)} rows compared, with hosts such as {', '.join(drawn[:3])}")


@promise(after="listening")
def test_established(lab: Lab, functions: Functions, made: Specimens) -> None:
    """Both ends of a connection are in the list, in state ESTABLISHED."""
    listener = made.listen()
    for _ in range(3):
        made.pair(listener)
    made.settle(ESTABLISHED=6)
    compare(
        lab, functions, made, ["ESTABLISHED"],
        "A connection whose both ends are on this host has two rows, one for each socket, with local "
        "and remote exchanged. State 01 is ESTABLISHED.",
    )  # fmt: skip


@promise(after="established")
def test_queued(lab: Lab, functions: Functions, made: Specimens) -> None:
    """A connection that no accept has taken yet is ESTABLISHED."""
    listener = made.listen()
    for _ in range(2):
        made.connect(listener)
    made.settle(ESTABLISHED=4)
    compare(
        lab, functions, made, ["ESTABLISHED"],
        "The kernel finishes handshakes by itself. Until accept takes the connection no process holds "
        "its socket (its inode is 0), and it is in the table like any other.",
    )  # fmt: skip


@promise(after="listening")
def test_opening(lab: Lab, functions: Functions, made: Specimens) -> None:
    """A handshake that isn't finished is in the list: SYN_SENT or SYN_RECV."""
    full = made.listen(backlog=0)
    for _ in range(3):
        made.connect(full)
    made.connect(made.listen(defer=True))
    made.settle(SYN_SENT=2, SYN_RECV=1)
    compare(
        lab, functions, made, ["SYN_SENT", "SYN_RECV"],
        "When the queue of a listening socket is full, the kernel drops SYNs: the client stays in "
        "SYN_SENT (02). A server's kernel that has got a SYN and waits has SYN_RECV (03).",
    )  # fmt: skip


@promise(after="listening")
def test_close_wait(lab: Lab, functions: Functions, made: Specimens) -> None:
    """When the other end has closed and this one hasn't, it is in CLOSE_WAIT."""
    listener = made.listen()
    for end in ("client", "server"):
        client, server = made.pair(listener)
        (client if end == "client" else server).shutdown(1)
    made.settle(CLOSE_WAIT=2)
    compare(
        lab, functions, made, ["CLOSE_WAIT"],
        "State 08 is CLOSE_WAIT: a FIN has arrived, and this end waits for its own program to close.",
    )  # fmt: skip


@promise(after="listening")
def test_fin_wait(lab: Lab, functions: Functions, made: Specimens) -> None:
    """The end that closes first is in FIN_WAIT1 until its FIN is acknowledged, then in FIN_WAIT2."""
    waiting, _server = made.pair()
    waiting.shutdown(1)
    orphan, _server = made.pair()
    orphan.close()
    clogged, _server = made.pair()
    made.clogged(clogged)
    clogged.shutdown(1)
    made.settle(FIN_WAIT1=1, FIN_WAIT2=2)
    compare(
        lab, functions, made, ["FIN_WAIT1", "FIN_WAIT2"],
        "States 04 and 05, in the kernel's spelling without a second underscore. FIN_WAIT1 lasts if "
        "data is still to be sent before the FIN, FIN_WAIT2 until the other end closes. A socket that "
        "its program has closed already (inode 0) is in the table nevertheless.",
    )  # fmt: skip


@promise(after="listening")
def test_closing(lab: Lab, functions: Functions, made: Specimens) -> None:
    """While the last FIN is on its way: LAST_ACK, or CLOSING if both ends closed at once."""
    client, server = made.pair()
    made.clogged(server)
    client.shutdown(1)
    made.settle(CLOSE_WAIT=1)
    server.shutdown(1)
    client, server = made.pair()
    made.clogged(client)
    made.clogged(server)
    client.shutdown(1)
    server.shutdown(1)
    made.drain(server)
    made.settle(LAST_ACK=1, CLOSING=1)
    compare(
        lab, functions, made, ["LAST_ACK", "CLOSING"],
        "States 09 and 0B. Here the other end doesn't read, so the FIN waits behind data that can't be "
        "sent.",
    )  # fmt: skip


@promise(after="listening")
def test_time_wait(lab: Lab, functions: Functions, made: Specimens) -> None:
    """The end that closed first stays in TIME_WAIT when both have closed."""
    listener = made.listen()
    for first in ("client", "server"):
        client, server = made.pair(listener)
        ends = (client, server) if first == "client" else (server, client)
        ends[0].shutdown(1)
        made.drain(ends[1])
        ends[1].close()
        made.drain(ends[0])
        ends[0].close()
    made.settle(TIME_WAIT=2)
    compare(
        lab, functions, made, ["TIME_WAIT"],
        "State 06 is TIME_WAIT. No process has that socket any more (its inode is 0, its user 0), and "
        "the kernel keeps the row for a minute, so that late segments find nothing new at these ports.",
    )  # fmt: skip


@promise(after="listening")
def test_filter(lab: Lab, functions: Functions, made: Specimens) -> None:
    """With a port, gives the rows that have it at either end, and no others."""
    first, second = made.listen(), made.listen()
    client, _server = made.pair(first)
    made.pair(first)
    made.pair(second)
    quiet = made.reserve()
    kernel = made.settle(LISTEN=2, ESTABLISHED=6)
    why = (
        "The port may be the local one or the remote one. It is a number: 80 is not a part of 8080, "
        "nor of an address in hex."
    )
    server_port, client_port = first.getsockname()[1], client.getsockname()[1]
    parts = server_port // 10, client_port % 10_000
    for port in (server_port, client_port, quiet, *parts, UNUSED_PORT):
        found = listed(lab, functions, port)
        wanted = [row for row in kernel if port in (row.local_port, row.remote_port)]
        lab.note(f"connections({port}) called; the kernel has {len(wanted)} rows of mine with it")
        for row in wanted:
            lab.expect(
                any(each.ports == (row.local_port, row.remote_port) for each in found),
                f"connections({port}) has {shown(row)}",
                f"it has {', '.join(map(str, found[:5])) or 'no row'}",
                why,
            )
        others = sorted((each for each in found if port not in each.ports), key=_mine_first(made))
        lab.expect(
            not others,
            f"connections({port}) has rows with that port only",
            f"it has {others[0] if others else ''}",
            why,
        )


def _mine_first(made: Specimens) -> Callable[[Seen], tuple[bool, str]]:
    return lambda each: (made.ports().isdisjoint(each.ports), str(each))


@promise(points=2, after="listening")
def test_many(lab: Lab, functions: Functions, made: Specimens) -> None:
    """In a table of thousands of rows, gives each of them once, and nothing else."""
    with _descriptors(2 * PAIRS + 100) as allowed:
        listener = made.listen()
        count = min(PAIRS, (allowed - 100) // 2)
        for _ in range(count):
            made.pair(listener)
        made.settle(ESTABLISHED=2 * count)
        complaint = _complaint(lab, functions, made)
    lab.note(f"the table has {2 * count + 1} rows of mine")
    lab.expect(
        not complaint,
        f"connections() has each of {2 * count + 1} rows of the kernel's once, and no other",
        complaint,
        "The kernel hands out the table in pieces: a single read gives the first of them. Two rows can "
        "have much in common and still be two. The table's first line is its heading.",
    )


def _complaint(lab: Lab, functions: Functions, made: Specimens) -> str:
    """Say how a list differs from the kernel's table, again and again; nothing if it doesn't.

    Other sockets come and go while the table is read. And when it grows meanwhile, the kernel repeats
    as many of its last rows, for its last read begins at a row's number.
    """
    wanted = [(row.local_port, row.remote_port) for row in made.rows()]
    lasting: set[Difference] | None = None
    for _ in range(_TRIES):
        before = tcp.ipv4()
        found = listed(lab, functions)
        after = tcp.ipv4()
        repeated = len({*after} - {*before})
        seen = differences(found, wanted, [*before, *after], repeated)
        lasting = seen if lasting is None else lasting & seen
        if not lasting:
            return ""
    kinds = sorted({kind for kind, _row in lasting or ()})
    return "; ".join(
        _described(kind, [row for k, row in lasting or () if k == kind]) for kind in kinds
    )


def _described(kind: str, rows: Sequence[tuple[int, int]]) -> str:
    local, remote = min(rows, key=lambda row: row[::-1])
    return f"rows {kind}: {len(rows)}, such as that of port {local} to port {remote}"


@contextmanager
def _descriptors(wanted: int) -> Iterator[int]:
    """Let this process have more descriptors for a time, as far as it may; gives how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = max(soft, wanted) if hard == resource.RLIM_INFINITY else max(soft, min(wanted, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    try:
        yield allowed
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@promise(points=2, after="established")
def test_program(lab: Lab, subject: Subject, made: Specimens) -> None:
    """The program prints a line `host:port host:port STATE` for each connection, or a port's."""
    name = program_file(lab, subject, "module")
    first, second = made.listen(), made.listen()
    made.pair(first)
    made.pair(made.listen(LONG_HOSTS[0]), LONG_HOSTS[1])
    made.pair()[0].shutdown(1)
    kernel = made.settle(LISTEN=4, ESTABLISHED=4, FIN_WAIT2=1, CLOSE_WAIT=1)
    _expect_lines(lab, [name], made, kernel)
    port = second.getsockname()[1]
    _expect_lines(lab, [name, str(port)], made, [r for r in kernel if r.local_port == port])
    Program(lab, [name, "65535"], lab.folder).expect_exit(
        0, 4, "Ports are 16 bits wide: 65535 is one. No connection may have it, which is no error."
    )
    cases: tuple[list[str], ...] = (["http"], ["-1"], ["65536"], ["80.5"], ["80", "81"])
    expect_usage(lab, [Program(lab, [name, *case], lab.folder) for case in cases])


def _expect_lines(lab: Lab, command: list[str], made: Specimens, rows: Sequence[Row]) -> None:
    """Expect a program's output to have a line for each of some rows, and no other of these ports."""
    why = (
        "Local end, remote end and state, with spaces between, one line for each connection. The lines "
        "go to standard output; a heading above them is all right."
    )
    endings = tuple(f":{port}" for port in made.ports())
    wanted = sorted(map(_line_of, rows))
    for _ in range(_TRIES):  # the kernel repeats rows at times, see `_complaint`
        program = Program(lab, command, lab.folder)
        program.expect_exit(0, 4, why)
        lines = program.stdout().decode(errors="replace").splitlines()
        program.end()
        own = [line for line in lines if any(word.endswith(endings) for word in line.split())]
        found = sorted(_ports_and_state(line) for line in own)
        if {*found} != {*wanted} or len(found) == len(wanted):
            break
    rows = sorted(rows, key=lambda r: (_line_of(r) in found, r.state, r.local_host, r.remote_host))
    own.sort(key=lambda line: (_ports_and_state(line) in wanted, line.split()[::-1]))
    lab.expect(
        found == wanted,
        f"{' '.join(command)!r} prints a line for each of {_quoted([shown(row) for row in rows])}",
        f"of these ports it printed {_quoted(own)}",
        why,
    )


def _line_of(row: Row) -> tuple[str, ...]:
    """Give what a row's line has to say."""
    return f"{row.local_port}", f"{row.remote_port}", _named(row.state)


def _ports_and_state(line: str) -> tuple[str, ...]:
    """Give what a line says; hosts are another promise's, as long as there are some."""
    match line.split():
        case [local, remote, state] if local.count(":") == remote.count(":") == 1:
            hosts, numbers = zip(local.split(":"), remote.split(":"), strict=True)
            return (*numbers, _named(state)) if all(hosts) else (line,)
    return (line,)


def _named(state: str) -> str:
    """Give a state if this promise is about its name: those of others are their own promises'."""
    return state if state in ("LISTEN", "ESTABLISHED") else "another state"


def _quoted(lines: Sequence[str]) -> str:
    return ", ".join(f"`{' '.join(line.split())[:100]}`" for line in lines[:4]) or "nothing"
