"""What an echo server that serves many clients at the same time promises."""

from __future__ import annotations

from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.server import Server


@promise(points=2, after="echoes")
def test_many_clients(server: Server) -> None:
    """Serves many clients at the same time, their messages interleaved."""
    clients = server.crowd(20)
    for _ in range(3):
        clients.round_trip(
            64, "While one client is connected and waits, all others have to be served as well."
        )


@promise(points=2, after="echoes")
def test_slow_client(server: Server) -> None:
    """A client that says nothing, or never reads, holds up nobody else."""
    server.crowd(1)
    server.clogged_by(server.crowd(1, narrow=True))
    server.crowd(3).round_trip(
        64,
        "One client may keep the server waiting for ever, in recv or in send. Whatever waits for it "
        "must be that client's own, a process or a thread, and never hold what others need.",
    )


@promise(after="echoes")
def test_no_crosstalk(server: Server, lab: Lab) -> None:
    """Sends to each client its own bytes only."""
    why = (
        "What belongs to one client (its connection, its buffer) must be held in local variables, "
        "or passed on as arguments: a variable that all share is overwritten."
    )
    clients = server.crowd(12).round_trip(16, why)
    for _ in range(6):
        with server.program.paused(whole=True):
            clients.send(lab.random.randrange(16, 2000))
            lab.wait(lambda: not any(client.unsent for client in clients))
        clients.expect_echo(why)
        lab.note("12 clients sent at the same instant; each got its own bytes back")


def stops_cleanly(server: Server, lab: Lab) -> None:
    """Hold a server to ending on SIGTERM with clients connected, and leaving no process behind."""
    server.crowd(3).round_trip(16)
    server.settle()
    lab.note("3 clients were served and have left")
    server.crowd(12).round_trip(16)  # so that what serves them ends while others are still told to
    server.clogged_by(server.crowd(1, narrow=True))
    server.program.terminate()

    def left() -> list[int]:
        return [process.pid for process in server.processes() if not process.zombie]

    lab.expect_soon(
        lambda: not left(),
        "no process of the server is left, though clients are connected",
        lambda: f"still running: {', '.join(_role(server, pid) for pid in left())}",
        "SIGTERM asks the whole server to end. Whatever still serves has to end with it: nobody "
        "else knows of it, and it keeps its connection, and perhaps the port.",
    )


def _role(server: Server, pid: int) -> str:
    return f"pid {pid} (the server)" if pid == server.pid else f"pid {pid} (a child)"
