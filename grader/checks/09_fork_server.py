"""09_fork_server: an echo server with a child process for each connection."""

from __future__ import annotations

from grader.checks.server_echo import (  # noqa: F401
    test_binary,
    test_echoes,
    test_half_close,
    test_large,
    test_one_after_another,
)
from grader.checks.server_start import (  # noqa: F401
    test_listens_on_all,
    test_port_in_use,
    test_restarts_at_once,
    test_usage,
)
from grader.checks.server_upkeep import (  # noqa: F401
    test_closes_connection,
    test_idle_cpu,
    test_no_fd_growth,
    test_survives_reset,
)
from grader.checks.server_with_many import (  # noqa: F401
    stops_cleanly,
    test_many_clients,
    test_no_crosstalk,
    test_slow_client,
)
from grader.lab.client import Client
from grader.lab.crowd import Crowd
from grader.lab.kernel import processes
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.server import Server


@promise(points=3, after="echoes")
def test_one_child_per_client(server: Server, lab: Lab) -> None:
    """Serves each connection in a child process of its own."""
    before = {process.pid for process in server.others()}
    clients = server.crowd(lab.random.randrange(4, 8)).round_trip(16)
    lab.expect_soon(
        lambda: (
            len(set(_children(server, clients)) - before) == len(clients)
            and len(_children(server, clients)) == len(clients)
        ),
        f"{clients.name} are served by {len(clients)} new processes, each holding one connection",
        lambda: _who(server, clients, before),
        "Call fork for each connection that accept gives: the child serves it, and it alone.",
    )


@promise(points=3, after="echoes")
def test_parent_closes_connection(server: Server, lab: Lab) -> None:
    """The parent closes its copy of each connection and holds the listening descriptor only."""
    clients = server.crowd(3).round_trip(16)

    def held() -> int:
        connections = {row.inode for row in server.connections() if row.inode}
        return len(connections & processes.socket_inodes(server.pid))

    lab.expect_soon(
        lambda: held() == 0,
        f"pid {server.pid}, which accepts, holds no connection while {clients.name} are served",
        lambda: f"it holds {held()}",
        "After fork, parent and child both have the connection open. The client sees end-of-file "
        "only when the last of them has closed it, so the parent has to close its copy at once.",
    )


@promise(points=2, after="echoes")
def test_child_closes_listener(server: Server, lab: Lab) -> None:
    """Each child closes its copy of the listening descriptor."""
    server.crowd(3).round_trip(16)
    listening = {row.inode for row in server.listeners()}

    def holding() -> list[int]:
        return [pid for pid in _alive(server) if listening & processes.socket_inodes(pid)]

    lab.expect_soon(
        lambda: not holding(),
        "no process but the parent holds the listening socket",
        lambda: f"it is held by {', '.join(f'pid {pid}' for pid in holding())} as well",
        "A child inherits the listening descriptor. While it keeps it, the port stays taken after "
        "the server has ended, and new clients may wait for nobody.",
    )


@promise(points=3, after="one_child_per_client")
def test_child_exits(server: Server, lab: Lab) -> None:
    """The child of a client that left ends."""
    staying, leaving = server.crowd(2).round_trip(16), server.crowd(2).round_trip(16)
    ending = _children(server, leaving)
    leaving[0].reset()
    leaving.leave()
    lab.expect_soon(
        lambda: not any(_runs(pid) for pid in ending),
        "the processes of clients that left have ended",
        lambda: f"still running: {', '.join(f'pid {pid}' for pid in ending if _runs(pid))}",
        "When its client has left, a child must end, with os._exit, also if recv or send raised an "
        "error. If it returns from its function instead, it goes on with the parent's code and calls "
        f"accept itself{server.where('fork')}.",
    )
    staying.round_trip(16, "The other clients' children go on.")


@promise(points=3, after="child_exits")
def test_reaps(server: Server, lab: Lab) -> None:
    """Waits for a child when its client has left, with no further connection needed."""
    for client in [server.crowd(1).round_trip(16) for _ in range(3)]:
        children = _children(server, client)
        client.leave()
        _expect_reaped(
            server, lab, children,
            "A child that has ended stays in the process table, as a zombie, until its parent waits "
            f"for it{server.where('waitpid', 'wait')}. SIGCHLD tells the parent when, each time one "
            "ends; a parent that waits only after the next accept leaves zombies for as long as "
            "nobody connects.",
        )  # fmt: skip


@promise(points=3, after="child_exits")
def test_reaps_burst(server: Server, lab: Lab) -> None:
    """Leaves no zombie when many children end in the same instant."""
    clients = server.crowd(20).round_trip()
    children = _children(server, clients)
    with server.program.paused():
        clients.leave()
        lab.wait(lambda: not any(_runs(pid) for pid in children))
        lab.note(f"{len(children)} children ended while pid {server.pid} could not run")
    _expect_reaped(
        server, lab, children,
        "Signals don't queue: children that end together raise one SIGCHLD. Each time, go on "
        f"waiting until no ended child is left{server.where('waitpid', 'wait')}.",
    )  # fmt: skip


@promise(points=3, after="child_exits")
def test_reaps_while_busy(server: Server, lab: Lab) -> None:
    """Waits for a child that has ended while others still serve, and is held up by none of them."""
    staying, leaving = server.crowd(1).round_trip(16), server.crowd(1).round_trip(16)
    children = _children(server, leaving)
    leaving.leave()
    why = (
        "waitpid without WNOHANG waits for children that still serve, and so does wait"
        f"{server.where('waitpid', 'wait')}: meanwhile nobody accepts."
    )
    _expect_reaped(server, lab, children, why)
    staying.round_trip(16, "The other client's child goes on.")
    server.crowd(1).round_trip(16, why)


@promise(points=2, after="one_after_another")
def test_stops_cleanly(server: Server, lab: Lab) -> None:
    """SIGTERM ends the server with all its children, also while clients are connected."""
    stops_cleanly(server, lab)


def _alive(server: Server) -> list[int]:
    return [process.pid for process in server.others() if not process.zombie]


def _holders(server: Server, client: Client) -> list[int]:
    return [pid for pid in server.holders(client) if pid != server.pid]


def _children(server: Server, clients: Crowd) -> list[int]:
    """Give the processes, other than the parent, that hold the clients' connections."""
    return [pid for client in clients for pid in _holders(server, client)]


def _who(server: Server, clients: Crowd, before: set[int]) -> str:
    def name(pid: int) -> str:
        if pid == server.pid:
            return f"pid {pid} (the server itself)"
        return f"pid {pid}" + " (there before it came)" * (pid in before)

    return ", ".join(
        f"client {number} by {' and '.join(map(name, server.holders(client))) or 'nobody'}"
        for number, client in enumerate(clients, 1)
    )


def _runs(pid: int) -> bool:
    process = processes.look(pid)
    return process is not None and not process.zombie


def _expect_reaped(server: Server, lab: Lab, children: list[int], why: str) -> None:
    lab.expect_soon(
        lambda: not server.zombies() and not any(processes.look(pid) for pid in children),
        "0 zombie children",
        lambda: f"{len(server.zombies())} zombies: {', '.join(map(str, server.zombies()[:8]))}",
        why,
        seconds=1.5,
    )
    lab.note("no zombie is left")
