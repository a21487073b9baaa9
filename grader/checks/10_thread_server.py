"""10_thread_server: an echo server with a thread for each connection."""

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
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.server import Server


@promise(points=3, after="one_after_another")
def test_one_thread_per_client(server: Server, lab: Lab) -> None:
    """Serves each connection in a thread of its own."""
    before = _threads_at_rest(server, lab)
    clients = server.crowd(lab.random.randrange(4, 8)).round_trip(16)
    lab.expect_soon(
        lambda: server.threads() == before + len(clients),
        f"{before} threads at rest become {before + len(clients)} with {clients.name} connected",
        lambda: f"{server.threads()} threads",
        "Start a thread for each connection that accept gives; it serves that connection alone.",
    )


@promise(points=2, after="one_after_another")
def test_no_child_process(server: Server, lab: Lab) -> None:
    """Serves its clients without starting a process."""
    for _ in range(3):
        client = server.crowd(1).round_trip(16)
        others = server.others()
        lab.expect(
            not others,
            f"no process besides pid {server.pid} while a client is served",
            f"{len(others)} more: {', '.join(str(process.pid) for process in others)}",
            f"Threads live within one process; nothing has to be forked{server.where('fork')}.",
        )
        client.leave()


@promise(points=4, after="one_thread_per_client")
def test_threads_end(server: Server, lab: Lab) -> None:
    """The thread of a client that left ends."""
    before = _threads_at_rest(server, lab)
    clients = server.crowd(6).round_trip(16)
    clients.part(0, 3).leave()
    clients.part(3).reset()
    lab.expect_soon(
        lambda: server.threads() <= before,
        f"{before} threads, as before the 6 clients",
        lambda: f"{server.threads()} threads; {server.fate()}",
        "A thread ends when its function returns: when recv gives b'', and when it raises.",
    )
    server.crowd(1).round_trip(16, "A thread that ends must not end the server.")


@promise(points=3, after="echoes")
def test_thread_errors_contained(server: Server, lab: Lab) -> None:
    """Connections that fail leave the server and the other clients running, and nothing behind."""
    other = server.crowd(1).round_trip(16)
    lab.wait(server.asleep, 0.3)
    threads, descriptors = server.threads(), server.descriptors()
    failing = server.crowd(4, narrow=True).round_trip(16)
    server.clogged_by(failing)
    failing.reset()
    why = (
        "An error on one connection ends that connection's thread, which has to close it all the "
        "same and let go of whatever others need; no other thread may notice."
    )
    other.round_trip(16, why)
    server.crowd(1).round_trip(16, why).leave()
    lab.expect_soon(
        lambda: server.threads() <= threads and server.descriptors() <= descriptors,
        f"{threads} threads and {descriptors} descriptors, as before the 4 failing connections",
        lambda: f"{server.threads()} threads and {server.descriptors()} descriptors",
        why,
    )


@promise(points=3, after="one_after_another")
def test_stops_cleanly(server: Server, lab: Lab) -> None:
    """SIGTERM ends the server at once, also while clients are connected."""
    stops_cleanly(server, lab)


def _threads_at_rest(server: Server, lab: Lab) -> int:
    """Count the threads after a first client, for servers that start a helper only then."""
    at_start = server.threads()
    server.crowd(1).round_trip(16).leave()
    lab.wait(lambda: server.threads() <= at_start, 0.3)
    return server.threads()
