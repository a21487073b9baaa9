"""The promises that every echo server of the course makes, whatever serves its clients."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.lab.client import Client
from grader.lab.crowd import Crowd
from grader.lab.fixtures import Subject, program_file
from grader.lab.kernel import processes, tcp
from grader.lab.lab import Lab
from grader.lab.program import Program
from grader.lab.promise import promise
from grader.lab.server import Server
from grader.lab.transcript import PromiseBrokenError

MIB = 1 << 20
#: What an idle server may use of one core. One that waits in the kernel uses nothing at all.
IDLE_SHARE = 0.01
IDLE_WINDOW_SECONDS = 0.2
IDLE_WINDOWS = 3
#: A timeout that is longer than this is not waited for.
LONGEST_SILENCE_SECONDS = 10.0
LAST_PORT = 65_535


@promise(points=2)
def test_echoes(server: Server) -> None:
    """Sends back what a client sends, while the client waits for it."""
    why = (
        "A client sends, then waits for the echo before it sends more. Send back what each recv "
        "gives, at once, and go on until recv gives b''."
    )
    client = server.crowd(1)
    for size in (12, 1, 500, 1024, 4096, 8192):  # the last are sizes that buffers often have
        client.round_trip(size, why)


@promise(after="echoes")
def test_binary(server: Server, lab: Lab) -> None:
    """Echoes every byte value, with or without a newline."""
    values = [value for value in range(256) if value != ord("\n")]
    lab.random.shuffle(values)
    client = server.crowd(1)
    for data, what in ((bytes(values), "each byte value but newline"), (b"\n\0\r\n", "newlines")):
        client[0].send(data)
        lab.note(f"the client sent {what}: {len(data)} bytes")
        client.expect_echo(
            "Bytes are not text: don't decode, strip or split them, and don't wait for a newline."
        )


@promise(points=2, after="echoes")
def test_large(server: Server, lab: Lab) -> None:
    """Echoes several MiB to a client that sends faster than it reads."""
    client = server.crowd(1, narrow=True)
    server.clogged_by(client, lab.random.randbytes(3 * MIB))
    with server.program.paused(whole=True):
        pass
    client[0].read(True)
    lab.note(f"the client reads now: {len(client[0].sent)} bytes are to come back")
    client.expect_echo(
        "send may take only a part of what it is given, when the buffer is full or a signal comes; "
        f"what it returns says how much{server.where('send')}. The rest has to be sent as well.",
    )


@promise(after="echoes")
def test_half_close(server: Server, lab: Lab) -> None:
    """After the client's FIN, sends the rest of the echo and then end-of-file."""
    client = server.crowd(1).round_trip(16)
    with server.program.paused(whole=True):
        client.send(40_000)
        client[0].half_close()
        arrived = lab.wait(lambda: server.state_of(client[0]) in ("CLOSE_WAIT", ""))
        lab.note("the client sent 40000 bytes and FIN" + " that wait to be read" * arrived)
    why = (
        "A FIN closes one direction only: the client still reads. recv gives b'' once everything "
        "before the FIN was read; only then close, after the last byte was sent back."
    )
    client.expect_echo(why)
    client.expect_end_of_file(why)


@promise(after="echoes")
def test_one_after_another(server: Server) -> None:
    """Serves one client after another."""
    for _ in range(8):
        server.crowd(1).round_trip(
            32, "When a client has left, the server has to go back to accept."
        ).leave()


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
    client.expect_end_of_file()
    client.leave()
    if not lab.wait(lambda: any(row.state == "TIME_WAIT" for row in tcp.on_port(server.port))):
        raise RuntimeError("the kernel shows no connection in TIME_WAIT")
    lab.note("the server was killed; the kernel keeps its connection in TIME_WAIT")
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


def run_at_first(lab: Lab, command: Sequence[str], folder: Path) -> Program:
    """Run a program that ends at once, before others are started for nothing: it may be a stub."""
    program = Program(lab, command, folder)
    lab.wait(program.ended, 4)
    program.check_written()
    return program


def expect_usage(lab: Lab, programs: list[Program]) -> None:
    """Expect each of some programs, started with unusable arguments, to say how to use it."""
    why = (
        "Look at the arguments before anything else. If they can't be used, print a line with the "
        "word `usage` on standard error and exit with status 2."
    )
    lab.wait(lambda: all(program.ended() for program in programs), 4)
    for program in programs:
        program.expect_exit(2, 4, why)
        lab.expect(
            "usage" in program.stderr().lower(),
            f"{program.command!r} prints a line with `usage` on standard error",
            f"standard error has {program.stderr()[:200]!r}",
            why,
        )


def expect_port_taken(lab: Lab, program: Program) -> None:
    """Expect a program that was started with the last port there is to take that for a port.

    Whether it can listen there, or connect, is another question.
    """
    lab.wait(lambda: program.ended() or bool(tcp.on_port(LAST_PORT)))
    lab.expect(
        program.status != 2,
        f"{program.command!r} is no wrong usage: {LAST_PORT} is a port",
        program.fate,
        "Ports are 16 bits wide: from 1 to 65535, both included.",
    )


@promise(after="one_after_another")
def test_survives_reset(server: Server, lab: Lab) -> None:
    """A client that resets its connection takes down neither the server nor another client."""
    why = (
        "After a client's RST, recv or send on its connection raises ConnectionResetError or "
        "BrokenPipeError. That ends this connection, and nothing else."
    )
    for disturb in (_reset_while_idle, _reset_with_data, _reset_while_sending):
        victim = server.crowd(1, narrow=True).round_trip(16, why)
        other = server.crowd(1)
        disturb(server, lab, victim)
        other.round_trip(16, why).leave()
    with server.program.paused(whole=True):
        server.crowd(1).reset()  # before it was accepted
    server.crowd(1).round_trip(16, why)

    def busy() -> list[int]:
        return [process.pid for process in server.others() if not processes.asleep(process.pid)]

    lab.expect_soon(
        lambda: not busy(),
        "no process is busy with a client that has reset its connection",
        lambda: f"still busy: {', '.join(f'pid {pid}' for pid in busy())}",
        f"{why} Whoever tries again will do so for ever.",
    )


def _reset_while_idle(server: Server, lab: Lab, victim: Crowd) -> None:
    victim.reset()


def _reset_with_data(server: Server, lab: Lab, victim: Crowd) -> None:
    with server.program.paused(whole=True):
        victim.send(64)
        lab.wait(lambda: not victim[0].unsent)
        victim.reset()


def _reset_while_sending(server: Server, lab: Lab, victim: Crowd) -> None:
    server.clogged_by(victim)
    victim.reset()


@promise(after="one_after_another")
def test_closes_connection(server: Server, lab: Lab) -> None:
    """Closes each connection when its client has left: none stays in CLOSE_WAIT."""
    server.crowd(1).round_trip(16).leave()
    silent = server.crowd(1).leave()
    finished = server.crowd(1).round_trip(16)
    finished[0].half_close()
    finished.expect_end_of_file("recv gives b'' when the client has finished; close then.")
    finished.leave()

    def waiting() -> list[tcp.Row]:
        return [row for row in server.connections() if row.state == "CLOSE_WAIT"]

    lab.expect_soon(
        lambda: not waiting(),
        f"no connection in CLOSE_WAIT after {2 + len(silent)} clients have left",
        lambda: f"{len(waiting())} in CLOSE_WAIT; {server.fate()}",
        "CLOSE_WAIT: the client's FIN has arrived, and the server has not closed its end. It lasts "
        "until it does, or ends.",
    )
    server.crowd(1).round_trip(16)


@promise(after="closes_connection")
def test_no_fd_growth(server: Server, lab: Lab) -> None:
    """After many connections the server holds the descriptors that it held at the start."""
    server.crowd(1).round_trip(16).leave()
    lab.wait(lambda: not server.connections(), 0.5)
    start = server.descriptors()
    lab.note(f"after a first client, pid {server.pid} holds {start} descriptors")
    for _ in range(5):
        server.crowd(1).round_trip(16).leave()
        server.crowd(1).round_trip(16).reset()
        server.crowd(1).leave()
    lab.expect_soon(
        lambda: server.descriptors() <= start,
        f"{start} descriptors in pid {server.pid} after 15 more clients have left",
        lambda: f"{_held(server)}; {server.fate()}",
        "Each accept gives a new descriptor, and the server has to close it on every way out: when "
        "the client leaves, when it resets the connection, when it says nothing at all.",
    )
    server.crowd(1).round_trip(16)


def _held(server: Server) -> str:
    links = sorted(processes.descriptors(server.pid).items())
    newest = ", ".join(f"{fd} is {link}" for fd, link in links[-8:])
    return f"{len(links)} descriptors, the last of them: {newest}"


@promise(after="one_after_another")
def test_idle_cpu(server: Server, lab: Lab) -> None:
    """Burns no CPU while nothing happens, with idle clients, which stay connected, and without."""
    _expect_idle(server, lab, "no client is connected")
    client = server.crowd(1).round_trip(16)[0]
    server.crowd(1)
    _expect_idle(server, lab, "2 clients are connected and say nothing")
    _outlast_timeouts(server, lab, client)
    lab.expect(
        not (client.end_of_file or client.error),
        "a client that says nothing stays connected",
        lambda: f"the server has closed its connection; {server.fate()}",
        "A client may think for as long as it likes before it sends again: that nothing came in "
        "time is no reason to close its connection"
        f"{server.where('settimeout', 'setdefaulttimeout')}.",
    )


def _expect_idle(server: Server, lab: Lab, situation: str) -> None:
    """Expect one window without work; a server may still be busy with what was before."""
    window = f"{IDLE_WINDOW_SECONDS * 1000:.0f} ms"
    for _ in range(IDLE_WINDOWS):
        used = _used_in_window(server, lab)
        idle = (
            used.running < IDLE_SHARE * IDLE_WINDOW_SECONDS
            and used.running + used.waiting < IDLE_WINDOW_SECONDS / 2
        )
        if idle:
            break
    milliseconds = f"{used.running * 1000:.1f} ms of CPU in {window}"
    lab.note(f"while {situation}, the server used {milliseconds}")
    lab.expect(
        idle,
        f"less than {IDLE_SHARE:.0%} of a core while {situation}",
        f"{milliseconds}, and {used.waiting * 1000:.0f} ms of waiting for a core; no less in "
        f"{IDLE_WINDOWS} windows",
        "Let the kernel wait for you: a blocking accept or recv sleeps until there is something to "
        "do. A loop that asks again and again burns a core, and a battery.",
    )


def _outlast_timeouts(server: Server, lab: Lab, client: Client) -> None:
    """Let a client be silent for longer than the server waits, if that waits with a timeout."""
    timeouts = [each for each in server.program.timeouts() if each <= LONGEST_SILENCE_SECONDS]
    if timeouts:
        longest = max(timeouts)
        lab.wait(lambda: client.end_of_file or bool(client.error), longest + IDLE_WINDOW_SECONDS)
        lab.note(
            f"the server waits with a timeout of {longest:g} s; the clients say nothing for longer"
        )


def _used_in_window(server: Server, lab: Lab) -> processes.CpuUse:
    pids = [process.pid for process in server.processes()]
    before = processes.cpu_use(pids)
    lab.let_pass(IDLE_WINDOW_SECONDS)
    return processes.cpu_use(pids) - before


# Promises of servers that serve many clients at the same time.


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
