"""How an echo server starts: its arguments, its port, its listening socket."""

from __future__ import annotations

from grader.checks.usage import LAST_PORT, expect_port_taken, expect_usage, run_at_first
from grader.lab.fixtures import Subject, program_file
from grader.lab.kernel import tcp
from grader.lab.lab import Lab
from grader.lab.program import Program
from grader.lab.promise import promise
from grader.lab.server import Server
from grader.lab.transcript import PromiseBrokenError


@promise(after="echoes")
def test_listens_on_all(server: Server, lab: Lab) -> None:
    """Listens on every address of the host (INADDR_ANY)."""
    why = (
        "Bind to the wildcard address, INADDR_ANY: in Python the empty host name ''"
        f"{server.where('bind')}."
    )
    hosts = ", ".join(sorted({row.local_host for row in server.listeners()}))
    lab.note(f"the kernel's table shows a listening socket on {hosts} port {server.port}")
    lab.expect(
        any(row.local_host in ("0.0.0.0", "::") for row in server.listeners()),
        "a listening socket on 0.0.0.0, which stands for every address",
        f"it listens on {hosts} only",
        why,
    )
    server.crowd(1, host="127.0.0.2").round_trip(16, why)


@promise(after="echoes")
def test_restarts_at_once(server: Server, lab: Lab) -> None:
    """Starts again at once, while old connections are in TIME_WAIT."""
    client = server.crowd(1).round_trip(16)
    server.program.end()  # with a connection open, so that the server's side closes first
    lab.note("the server was killed (SIGKILL) while the client was connected")
    client.expect_end_of_file(
        "The kernel closes the connections of a server that ends, with FIN. With SO_LINGER and a time "
        "of 0 it sends RST instead, and nothing stays in TIME_WAIT."
    )
    client.leave()
    if not lab.wait(lambda: any(row.state == "TIME_WAIT" for row in tcp.on_port(server.port))):
        raise RuntimeError("the kernel shows no connection in TIME_WAIT")
    lab.note("the kernel keeps the connection in TIME_WAIT")
    try:
        server.restart()
    except PromiseBrokenError as broken:
        broken.why = (
            "A connection that the server's side closed first stays in TIME_WAIT for a minute and "
            "keeps the port. SO_REUSEADDR, set before bind in the old server and in the new one, "
            f"lets the new one bind all the same{server.where('setsockopt')}."
        )
        raise
    server.crowd(1).round_trip(16)


@promise(after="one_after_another")
def test_port_in_use(server: Server, lab: Lab) -> None:
    """Says `bind error: Address already in use` when the port is taken, and exits with status 1."""
    why = (
        "Catch the OSError of bind, print `bind error: ` and its strerror on standard error, and "
        "exit with status 1. SO_REUSEPORT must be off: with it, two servers share the port."
    )
    client = server.crowd(1).round_trip(16)
    own = server.listeners()
    lab.expect(
        bool(own),
        f"port {server.port} is listened on while a client is served",
        "nobody listens there",
        "The listening socket is opened once, and stays open: whoever connects meanwhile waits in its "
        "queue, and nobody else can take the port.",
    )
    command = [server.name, str(server.port)]
    second = Program(lab, command, server.program.folder, beside=server.program)
    lab.wait(lambda: second.ended() or len(server.listeners()) > len(own), 4)
    lab.expect(
        len(server.listeners()) <= len(own),
        f"nobody else listens on port {server.port}",
        lambda: f"the second server listens there too; {second.fate()}",
        why,
    )
    second.expect_exit(1, 4, why)
    lab.expect(
        "bind error: Address already in use" in second.stderr(),
        "`bind error: Address already in use` on standard error",
        f"standard error has {second.stderr()[:200]!r}",
        why,
    )
    undisturbed = "The server that has the port goes on as if nothing had happened."
    client.round_trip(16, undisturbed).leave()
    server.crowd(1).round_trip(16, undisturbed)


@promise()
def test_usage(lab: Lab, subject: Subject) -> None:
    """Without a usable port, prints how to use it and exits with status 2."""
    name = program_file(lab, subject, "server")
    first = run_at_first(lab, [name], subject.folder)
    last = Program(lab, [name, str(LAST_PORT)], subject.folder)
    cases = ("http", "80.5", "-1", "65536")
    expect_usage(lab, [first, *(Program(lab, [name, case], subject.folder) for case in cases)])
    expect_port_taken(lab, last)
