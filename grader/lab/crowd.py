"""Clients in any number, and what is expected of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from grader.lab.client import Client
from grader.lab.functions.show import differs_at
from grader.lab.lab import Lab
from grader.lab.transcript import PromiseBrokenError

_ANY_CLIENT = "A client has to get its echo whatever other clients did before it."


class Crowd:
    """Some clients of one server.

    Args:
        lab: the check that uses them.
        clients: the clients, in the order in which they came.
        fate: says how the server is, for the message if it fails them.
    """

    def __init__(self, lab: Lab, clients: Sequence[Client], fate: Callable[[], str]) -> None:
        self._lab = lab
        self.clients = list(clients)
        self._fate = fate

    def __iter__(self) -> Iterator[Client]:
        return iter(self.clients)

    def __len__(self) -> int:
        return len(self.clients)

    def __getitem__(self, index: int) -> Client:
        return self.clients[index]

    def part(self, start: int, stop: int | None = None) -> Crowd:
        """Give some of the clients as a crowd of their own."""
        return Crowd(self._lab, self.clients[start:stop], self._fate)

    @property
    def name(self) -> str:
        """`1 client` or `20 clients`."""
        return f"{len(self)} client{'s' if len(self) != 1 else ''}"

    def expect_connected(self, why: str = "", seconds: float = 2.0) -> Crowd:
        """Expect every client to be connected, which the kernel does before any accept."""
        self._expect(
            lambda client: client.connected, f"{self.name} connected", seconds, why,
            lambda client: f"was not connected ({client.error or 'no answer'})",
        )  # fmt: skip
        return self

    def expect_echo(self, why: str = "", seconds: float = 2.0) -> Crowd:
        """Expect each client to get back what it has sent so far, and nothing else."""
        self._expect(
            lambda client: len(client.received) >= len(client.sent),
            f"{self.name} got back what was sent", seconds, why, _difference,
        )  # fmt: skip
        for number, client in enumerate(self.clients, 1):
            if client.received != client.sent:
                raise PromiseBrokenError(
                    "each client gets back its own bytes, in order, and nothing else",
                    f"client {number} {_difference(client)}",
                    why,
                )
        return self

    def expect_end_of_file(self, why: str = "", seconds: float = 2.0) -> Crowd:
        """Expect the server to close every connection in order: FIN, not RST."""
        self._expect(
            lambda client: client.end_of_file, "the connection ended with end-of-file (FIN)",
            seconds, why, lambda client: f"saw {_ending(client)}",
        )  # fmt: skip
        return self

    def send(self, size: int) -> Crowd:
        """Let each client send a line of its own."""
        for client in self.clients:
            client.send(self._lab.text(size))
        return self

    def round_trip(self, size: int = 64, why: str = "", seconds: float = 2.0) -> Crowd:
        """Let each client send a line of its own and expect it back."""
        self.send(size).expect_echo(why, seconds)
        self._lab.note(f"{self.name} sent {size} bytes{' each' * (len(self) > 1)}; all came back")
        return self

    def leave(self) -> Crowd:
        """Let every client close its connection."""
        for client in self.clients:
            client.close()
        self._lab.note(f"{self.name} left")
        return self

    def reset(self) -> Crowd:
        """Let every client reset its connection (RST)."""
        for client in self.clients:
            client.reset()
        self._lab.note(f"{self.name} reset the connection (RST)")
        return self

    def _expect(
        self,
        done: Callable[[Client], bool],
        expected: str,
        seconds: float,
        why: str,
        describe: Callable[[Client], str],
    ) -> None:
        self._lab.compared()
        pending = list(self.clients)

        def settled() -> bool:
            pending[:] = [c for c in pending if not (done(c) or _hopeless(c))]
            return not pending

        self._lab.wait(settled, seconds, lambda: sum(len(c.received) for c in self.clients))
        failed = [client for client in self.clients if not done(client)]
        failed.sort(key=lambda client: client.sent.startswith(client.received))
        if failed:
            number = self.clients.index(failed[0]) + 1
            count = f"{len(failed)} of {self.name} did not: " if len(self) > 1 else ""
            raise PromiseBrokenError(
                f"{expected} within {seconds:g} s",
                f"{count}client {number} {describe(failed[0])}; {self._fate()}",
                why or _ANY_CLIENT,
            )


def _hopeless(client: Client) -> bool:
    """Tell whether nothing that can still arrive makes this client's echo right."""
    return client.error is not None or client.end_of_file or client.strayed


def _ending(client: Client) -> str:
    if client.error:
        return f"an error: {client.error.strerror}"
    return "end-of-file" if client.end_of_file else "the connection still open"


def _difference(client: Client) -> str:
    """Say how what a client received differs from what it sent."""
    sent, received = bytes(client.sent), bytes(client.received)
    same = differs_at(received, sent)
    if same is not None:
        return (
            f"sent {len(sent)} bytes and got {len(received)}; from byte {same} on it got "
            f"{_excerpt(received[same:])} for {_excerpt(sent[same:])}"
        )
    if len(received) > len(sent):
        extra = _excerpt(received[len(sent) :])
        return f"got {len(received) - len(sent)} bytes more than it sent: {extra}"
    return f"got {len(received)} of {len(sent)} bytes back, and {_ending(client)}"


def _excerpt(data: bytes) -> str:
    return repr(data[:16]) + ("..." if len(data) > 16 else "")
