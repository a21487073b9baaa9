"""A student's server: started on a fresh port, and looked at through the kernel's eyes."""

from __future__ import annotations

import time

from grader.lab import ports
from grader.lab.client import Client
from grader.lab.crowd import Crowd
from grader.lab.kernel import processes, tcp
from grader.lab.kernel.processes import Process
from grader.lab.lab import Lab
from grader.lab.program import Program
from grader.lab.source import where
from grader.lab.transcript import PromiseBrokenError

_START_SECONDS = 4.0
_HOW_TO_START = (
    "The server has to call bind with the port that it is given, then listen, then accept."
)
_CLIENT_HOST = "127.0.0.1"
#: After so long TCP asks for the first time whether a closed window is still closed, which may make
#: room at both ends; then it takes longer each time (TCP_RTO_MIN in the kernel's include/net/tcp.h).
_FIRST_PROBE_SECONDS = 0.2
#: Queues that stay as they are for so long don't wait for an acknowledgement, which TCP delays by 40 ms
#: at least (TCP_DELACK_MIN, there too).
_STILL_SECONDS = 0.12
#: States in which a connection is no longer of any process's making.
_OVER = {"TIME_WAIT", "LISTEN"}


class Server:
    """A server program that listens.

    Args:
        lab: the check that uses it; a server can be handed on from check to check.
        name: the program's file name.

    Raises:
        PromiseBrokenError: if it doesn't come up.
    """

    def __init__(self, lab: Lab, name: str) -> None:
        self.lab = lab
        self._port = ports.reserve()
        self.port = self._port.number
        self._clients: list[Client] = []
        self._start(name)

    def _start(self, name: str) -> None:
        started = time.monotonic()
        self.program = Program(self.lab, [name, str(self.port)], self.lab.folder)
        try:
            self._expect_listening()
        except BaseException:
            self.end()
            raise
        milliseconds = (time.monotonic() - started) * 1000
        self.lab.note(
            f"{self.program.command} listening after {milliseconds:.0f} ms, pid {self.pid}"
        )
        self.lab.wait(lambda: self.program.ended() or self.asleep(), 0.2)
        self._expect_running()
        self._at_rest = self._footprint()

    def restart(self) -> None:
        """Start the program again, on the same port, after it was ended.

        Raises:
            PromiseBrokenError: if it doesn't come up.
        """
        self._start(self.name)

    @property
    def pid(self) -> int:
        """The process that was started, which accepts."""
        return self.program.pid

    @property
    def name(self) -> str:
        """The program's file name."""
        return self.program.name

    def hand_to(self, lab: Lab) -> None:
        """Let another check use this server."""
        self.lab = lab
        self.program.hand_to(lab)
        self.lab.note(f"{self.program.command} listening, pid {self.pid}")

    # Clients

    def crowd(
        self, count: int, *, narrow: bool = False, host: str = _CLIENT_HOST, seconds: float = 2.0
    ) -> Crowd:
        """Let some clients connect, as fast as the server's queue has room for them.

        Args:
            count: how many.
            narrow: with small buffers.
            host: the server's address.
            seconds: how long a right server may need to have room for the next.
        """
        clients = []
        for _ in range(count):
            self.lab.wait(self._has_room, seconds)
            clients.append(Client(self.lab.bench.reactor, (host, self.port), narrow))
        self._clients += clients
        crowd = Crowd(self.lab, clients, self.fate).expect_connected(seconds=seconds)
        self.lab.note(f"{crowd.name} connected" + (f" to {host}" * (host != _CLIENT_HOST)))
        return crowd

    def clogged_by(self, crowd: Crowd, data: bytes = bytes(2 << 20)) -> None:
        """Let narrow clients send much and read nothing, until the server has to wait for each."""
        for client in crowd:
            client.read(False)
            client.send(data)
        last: object = None
        since = time.monotonic()

        def queues() -> list[tuple[Client, int, tcp.Row | None]]:
            rows = {row.remote_port: row for row in self.connections()}
            return [(client, client.unsent, rows.get(client.port)) for client in crowd]

        def stuck() -> bool:
            nonlocal last, since
            now = queues()
            if now != last or not self.asleep():
                last, since = now, time.monotonic()
            return time.monotonic() - since > _STILL_SECONDS and all(
                client.error or client.end_of_file or (unsent and row and _sends_in_vain(row))
                for client, unsent, row in now
            )

        self.lab.wait(stuck, 1.0, progress=queues)
        self.lab.note(f"{crowd.name} sent more than the buffers hold and read nothing")

    def dismiss_clients(self) -> None:
        """Close whatever connections clients still have."""
        for client in self._clients:
            client.close()
        self._clients.clear()

    # The kernel's view

    def listeners(self) -> list[tcp.Row]:
        """Give the listening sockets on the server's port."""
        return [row for row in tcp.listeners() if row.local_port == self.port]

    def connections(self) -> list[tcp.Row]:
        """Give the server's ends of connections that it or the kernel still has to end."""
        return [row for row in tcp.on_port(self.port) if row.state not in _OVER]

    def connection(self, client: Client) -> tcp.Row | None:
        """Give the server's end of a client's connection."""
        rows = (row for row in self.connections() if row.remote_port == client.port)
        return next(rows, None)

    def state_of(self, client: Client) -> str:
        """Give the TCP state of the server's end of a client's connection; nothing if it is over."""
        row = self.connection(client)
        return row.state if row else ""

    def holders(self, client: Client) -> list[int]:
        """Give the processes that hold the server's end of a client's connection."""
        row = self.connection(client)
        if row is None or not row.inode:
            return []
        return [p.pid for p in self.processes() if row.inode in processes.socket_inodes(p.pid)]

    def processes(self) -> list[Process]:
        """Look at the server's process and all that it started."""
        return self.program.processes()

    def others(self) -> list[Process]:
        """Look at the processes besides the server's own."""
        return [process for process in self.processes() if process.pid != self.pid]

    def zombies(self) -> list[int]:
        """Give the processes that have ended and were not waited for."""
        return [process.pid for process in self.others() if process.zombie]

    def threads(self) -> int:
        """Count the threads of the server's process."""
        process = processes.look(self.pid)
        return process.threads if process else 0

    def asleep(self) -> bool:
        """Tell whether the server's process and all that it started wait for an event, each thread.

        One that has ended is no server that sleeps, even if its end was not reported yet.
        """
        asleep = all(processes.asleep(process.pid) for process in self.processes())
        own = processes.look(self.pid)
        return asleep and own is not None and not own.zombie

    def descriptors(self) -> int:
        """Count the descriptors that the server's process has open."""
        return len(processes.descriptors(self.pid))

    def where(self, *calls: str) -> str:
        """Give the lines of the server's file that call any of some names, for a message."""
        return where(self.program.folder / self.name, *calls)

    def fate(self) -> str:
        """Say how the server is."""
        return self.program.fate()

    # Rest

    def at_rest(self) -> bool:
        """Tell whether the server is as it was before its first client: no trace of any is left."""
        return not self.program.ended() and self._footprint() == self._at_rest

    def settle(self, seconds: float = 0.3) -> bool:
        """Dismiss all clients, and wait until the server is at rest."""
        self.dismiss_clients()
        return self.lab.wait(self.at_rest, seconds)

    def end(self) -> None:
        """End the server and all that it started."""
        self.dismiss_clients()
        self.program.end()
        self._port.release()

    def _has_room(self) -> bool:
        """Whether the kernel would queue one more connection: a listener's queues tell (ss(8))."""
        return self.program.ended() or all(
            row.receive_queue <= row.send_queue for row in self.listeners()
        )

    def _footprint(self) -> tuple[object, ...]:
        listening = {row.inode for row in self.listeners()}
        connections = [row for row in self.connections() if row.inode or row.receive_queue]
        counts = self.descriptors(), self.threads(), len(self.others()), len(connections)
        return listening, *counts

    def _expect_listening(self) -> None:
        came_up = self.lab.wait(
            lambda: bool(self.listeners()) or self.program.ended(), _START_SECONDS
        )
        self.program.check_written()
        self._expect_running()
        if not came_up:
            self.lab.compared()
            raise PromiseBrokenError(
                f"{self.name} listens on port {self.port} within {_START_SECONDS:g} s",
                self._elsewhere(),
                _HOW_TO_START,
            )

    def _expect_running(self) -> None:
        self.lab.compared()
        if self.program.ended():
            expected = f"{self.name} listens on port {self.port}, and goes on running"
            raise PromiseBrokenError(expected, self._gone(), _HOW_TO_START)

    def _gone(self) -> str:
        if self.listeners() and self.program.status == 0:
            return (
                f"{self.name} went into the background: the process that was started ended, and "
                "another one listens. Stay in the foreground"
            )
        return self.fate()

    def _elsewhere(self) -> str:
        inodes = set[int]().union(*(processes.socket_inodes(p.pid) for p in self.processes()))
        found = [
            f"{r.local_host} port {r.local_port}" for r in tcp.listeners() if r.inode in inodes
        ]
        return f"it listens on {', '.join(found)}" if found else f"{self.fate()} and doesn't listen"


def _sends_in_vain(row: tcp.Row) -> bool:
    """Tell whether a server's end neither reads nor sends on, and goes on so until the client reads."""
    return row.receive_queue > 0 and row.probe_seconds > _FIRST_PROBE_SECONDS
