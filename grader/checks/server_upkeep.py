"""What an echo server outlives, gives back and leaves alone."""

from __future__ import annotations

from grader.lab.client import Client
from grader.lab.crowd import Crowd
from grader.lab.kernel import processes, tcp
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.server import Server

#: What an idle server may use of one core. One that waits in the kernel uses nothing at all.
IDLE_SHARE = 0.01
IDLE_WINDOW_SECONDS = 0.2
IDLE_WINDOWS = 3
ASLEEP_SECONDS = 0.05
#: Some give a client up only after a few timeouts in a row.
TIMEOUTS_IN_A_ROW = 5
#: Where a timeout can't be made to be over, one that is longer than this is not waited for.
LONGEST_SILENCE_SECONDS = 10.0


@promise(after="one_after_another")
def test_survives_reset(server: Server, lab: Lab) -> None:
    """A client that resets its connection takes down neither the server nor another client."""
    why = (
        "After a client's RST, recv or send on its connection raises ConnectionResetError or "
        "BrokenPipeError. That ends this connection, and nothing else."
    )
    for disturb in (_reset_while_idle, _reset_with_data, _reset_after_fin, _reset_while_sending):
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


def _reset_after_fin(server: Server, lab: Lab, victim: Crowd) -> None:
    """In CLOSE_WAIT, a RST makes what comes next fail with EPIPE, and not with ECONNRESET."""
    with server.program.paused(whole=True):
        victim.send(64)
        victim[0].half_close()
        lab.wait(lambda: server.state_of(victim[0]) in ("CLOSE_WAIT", ""))
        lab.note("the client sent 64 bytes and FIN that wait to be read")
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
        server.state_of(client) == "ESTABLISHED",
        "a client that says nothing stays connected",
        lambda: f"the server has closed its connection; {server.fate()}",
        "A client may think for as long as it likes before it sends again: that nothing came in "
        "time is no reason to close its connection"
        f"{server.where('settimeout', 'setdefaulttimeout')}.",
    )


def _expect_idle(server: Server, lab: Lab, situation: str) -> None:
    """Expect one window without work; a server may still be busy with what was before.

    One that got no core did no work either. It is asleep at the end only if it has none to do.
    """
    window = f"{IDLE_WINDOW_SECONDS * 1000:.0f} ms"
    for _ in range(IDLE_WINDOWS):
        used = _used_in_window(server, lab)
        idle = (
            used.running < IDLE_SHARE * IDLE_WINDOW_SECONDS
            and used.running + used.waiting < IDLE_WINDOW_SECONDS / 2
            and lab.wait(server.asleep, ASLEEP_SECONDS)
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

    def kept() -> bool:
        return server.state_of(client) == "ESTABLISHED"

    timeouts = server.program.timeouts()
    if not timeouts:
        return
    longest = max(timeouts)
    lab.note(f"the server waits with a timeout of {longest:g} s")
    times = 0
    while times < TIMEOUTS_IN_A_ROW and kept() and server.program.expire():
        times += 1
        lab.wait(lambda: server.asleep() or server.program.ended(), 1.0)
    if times:
        lab.note(f"the grader ended that wait as if its time was up ({times} in a row)")
    elif longest <= LONGEST_SILENCE_SECONDS:
        lab.wait(lambda: not kept(), longest + IDLE_WINDOW_SECONDS)
        lab.note("the clients said nothing for longer")


def _used_in_window(server: Server, lab: Lab) -> processes.CpuUse:
    pids = [process.pid for process in server.processes()]
    before = processes.cpu_use(pids)
    lab.let_pass(IDLE_WINDOW_SECONDS)
    return processes.cpu_use(pids) - before
