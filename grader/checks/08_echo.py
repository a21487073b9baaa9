"""08_echo: an echo server for one client after the other, and a client for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass

import pytest

from grader.checks.server_echo import (  # noqa: F401
    COMMANDS,
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
from grader.checks.usage import (
    LAST_PORT,
    expect_port_taken,
    expect_usage,
    run_at_first,
)
from grader.lab import ports
from grader.lab.feeder import Feeder
from grader.lab.fixtures import Subject, program_file
from grader.lab.lab import Lab
from grader.lab.peer import Peer
from grader.lab.program import Program
from grader.lab.promise import promise
from grader.lab.transcript import PromiseBrokenError


@dataclass
class ClientRun:
    """The student's client at work against a peer of the grader's."""

    lab: Lab
    program: Program
    peer: Peer
    given: bytes

    def bytes_passed_on(self) -> int:
        """Count the bytes that the client has sent."""
        return len(self.peer.exchange.received) if self.peer.exchange else 0

    def echo_in_step(self, size: Callable[[], int], unread: int = 0) -> None:
        """Send back what comes in, piece by piece, as the client reads it.

        Args:
            size: gives the largest size of the next piece, in bytes.
            unread: how many bytes may be on their way before it is made sure that the client has
                read them.
        """
        on_their_way = 0

        def step() -> bool:
            nonlocal on_their_way
            exchange = self.peer.exchange
            if exchange is None or exchange.closed:
                return self.program.ended()
            if on_their_way > unread and not exchange.unread_by_client():
                on_their_way = 0
            if on_their_way <= unread:
                piece = exchange.echo_next(size())
                on_their_way += piece
                if not piece and exchange.finished and not exchange.unread_by_client():
                    exchange.close()
            return self.program.ended()

        self.lab.wait(step, progress=self.bytes_passed_on)

    def expect_output(self, why: str, seconds: float = 1.0) -> None:
        """Expect the client to end with status 0, having printed what the peer sent back."""
        self.lab.wait(lambda: bool(self.peer.exchange) or self.program.ended(), seconds)
        if not self.peer.exchange:
            where = f"{self.peer.host} port {self.peer.port}"
            why = f"The client has to connect where its command line says: to {where}."
        self.program.expect_exit(0, seconds, why, self.bytes_passed_on)
        received = bytes(self.peer.exchange.received) if self.peer.exchange else b""
        _expect_bytes(
            self.lab,
            f"the server has the {len(self.given)} bytes of standard input",
            self.given,
            received,
            why,
        )
        expect_printed(self.lab, self.given, self.program.stdout(), why)


@pytest.fixture
def client(lab: Lab, subject: Subject) -> str:
    """The client's file name."""
    return program_file(lab, subject, "client")


@pytest.fixture
def start_client(lab: Lab, client: str) -> Iterator[Callable[..., ClientRun]]:
    """Starts the client with bytes on its standard input, and a peer for it to connect to.

    The peer closes only once the client was ended: what it would say about that is not its fault.
    """
    with ExitStack() as stack:

        def start(given: bytes, *, echo: bool = True, narrow: bool = False) -> ClientRun:
            reactor = lab.bench.reactor
            host = ports.loopback(lab.random)
            peer = stack.enter_context(closing(Peer(reactor, host, narrow=narrow, echo=echo)))
            feeder = stack.enter_context(closing(Feeder(reactor, given)))
            program = Program(lab, [client, host, str(peer.port)], lab.folder, feeder.read_end)
            stack.callback(program.end)
            lab.note(f"`{program.command}` started, with {len(given)} bytes on standard input")
            return ClientRun(lab, program, peer, given)

        yield start


@promise(points=2)
def test_client_echoes(lab: Lab, start_client: Callable[..., ClientRun]) -> None:
    """The client sends standard input and prints what comes back, until end-of-file."""
    lines = b"".join(lab.text(size) for size in (6, 1, 40, 200))
    run = start_client(lines)
    run.expect_output(
        "Send what comes on standard input, print what the server sends back, nothing else, and "
        "exit with status 0 when standard input is at its end and every byte came back."
    )


@promise(after="client_echoes")
def test_client_binary(lab: Lab, start_client: Callable[..., ClientRun]) -> None:
    """The client passes on every byte value, with or without a newline at the end."""
    every_value = list(range(256))
    lab.random.shuffle(every_value)
    words = b"".join(word + b"\n" for word in COMMANDS)
    run = start_client(words + bytes(every_value))
    run.expect_output(
        "Bytes are not text: read sys.stdin.buffer and write sys.stdout.buffer, and don't count "
        "on a newline at the end. No word means anything to the client."
    )


@promise(after="client_echoes")
def test_client_fragments(lab: Lab, start_client: Callable[..., ClientRun]) -> None:
    """The client prints the whole reply, also when it comes in dribbles."""
    lines = lab.text(30) + lab.text(50)
    why = (
        "TCP keeps the bytes and their order, not the pieces in which they were sent: one recv may "
        "give a part of the reply. Go on until all of it has come."
    )
    run = start_client(lines, echo=False)
    run.echo_in_step(lambda: lab.random.randrange(1, 4))
    lab.note("the reply came in pieces of 1 to 3 bytes, each once the last one was read")
    run.expect_output(why)


@promise(after="client_echoes")
def test_client_large(lab: Lab, start_client: Callable[..., ClientRun]) -> None:
    """The client passes on 1 MiB without a deadlock."""
    given = lab.random.randbytes(1 << 20)
    run = start_client(given, echo=False, narrow=True)
    run.echo_in_step(lambda: 1 << 14, unread=(1 << 14) - 1)
    lab.note("the server sent back each 16 KiB and read on once the client had read them")
    run.expect_output(
        "Every byte that comes back has to be printed, in order."
        if run.program.ended()
        else "A client that sends everything before it reads anything stops: the server waits "
        "for the client to read, the client for the server to take more. Read as you send."
    )


@promise(after="client_echoes")
def test_client_server_closes(lab: Lab, start_client: Callable[..., ClientRun]) -> None:
    """The client ends when the server closes the connection too early, and prints what it got."""
    why = (
        "recv gives b'' when the server has closed the connection, now and at every later call. "
        "The client has to end then, whatever it was still waiting for."
    )
    given = lab.text(40)
    run = start_client(given, echo=False)
    lab.wait(lambda: bool(run.peer.exchange and run.peer.exchange.received), 4)
    exchange = run.peer.exchange
    lab.expect(exchange is not None, "the client connects", run.program.fate, why)
    assert exchange
    lab.wait(lambda: len(exchange.received) >= len(given))
    part = lab.text(10)
    exchange.send(part)
    lab.wait(lambda: not exchange.unread_by_client())
    exchange.close()
    lab.note(f"the server read {len(exchange.received)} bytes, sent 10 others and closed")
    lab.expect_soon(
        run.program.ended, "the client ends", lambda: run.program.fate(), why, seconds=2
    )
    lab.expect(
        run.program.traceback() is None,
        "no traceback on standard error",
        run.program.fate,
        why,
    )
    expect_printed(lab, part, run.program.stdout(), why)


@promise(after="client_echoes")
def test_client_refused(lab: Lab, client: str) -> None:
    """When nobody listens, the client says so on standard error and exits with status 1."""
    port = ports.reserve()
    why = (
        "connect raises ConnectionRefusedError when no socket listens on that port. Say so in a "
        "line on standard error, and exit with status 1."
    )
    try:
        program = Program(lab, [client, "127.0.0.1", str(port.number)], lab.folder)
        program.expect_exit(1, 4, why)
        lab.expect(
            bool(program.stderr().strip()),
            "a line on standard error",
            "standard error is empty",
            why,
        )
    finally:
        port.release()


@promise()
def test_client_usage(lab: Lab, client: str) -> None:
    """Without a host and a usable port, the client prints how to use it and exits with status 2."""
    first = run_at_first(lab, [client], lab.folder)
    last = Program(lab, [client, "127.0.0.1", str(LAST_PORT)], lab.folder)
    cases = (["127.0.0.1"], ["127.0.0.1", "echo?"], ["127.0.0.1", "65536"])
    expect_usage(lab, [first, *(Program(lab, [client, *case], lab.folder) for case in cases)])
    expect_port_taken(lab, last)


def expect_printed(lab: Lab, wanted: bytes, printed: bytes, why: str) -> None:
    """Expect what the server sent back on standard output, and nothing else."""
    expected = f"standard output has the {len(wanted)} bytes that the server sent back"
    _expect_bytes(lab, expected, wanted, printed, why)


def _expect_bytes(lab: Lab, expected: str, wanted: bytes, found: bytes, why: str) -> None:
    """Expect bytes to be those that are wanted, and say where they begin to differ."""
    lab.compared()
    if found != wanted:
        same = next((i for i, (a, b) in enumerate(zip(wanted, found)) if a != b), None)  # noqa: B905
        detail = (
            f"; from byte {same} on it is {found[same:][:16]!r}, not {wanted[same:][:16]!r}"
            if same is not None
            else ""
        )
        raise PromiseBrokenError(expected, f"it has {len(found)} bytes{detail}", why)
