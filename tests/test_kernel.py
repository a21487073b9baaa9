"""The kernel's view, against second opinions."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import psutil
import pytest

from grader.containment import tree
from grader.lab import ports
from grader.lab.kernel import processes, tcp


def eventually(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.002)
    return True


def test_a_process_is_as_psutil_sees_it() -> None:
    seen = processes.look(os.getpid())
    other = psutil.Process()
    assert seen
    assert (seen.pid, seen.parent, seen.threads) == (other.pid, other.ppid(), other.num_threads())


def test_a_zombie_is_one_until_it_is_waited_for() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    assert eventually(lambda: bool((p := processes.look(child.pid)) and p.zombie))
    assert child.pid in [p.pid for p in processes.below(os.getpid())]
    child.wait()
    assert processes.look(child.pid) is None


def test_an_orphan_is_seen_while_it_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its parent ends between the looks at the parent's parent and at the parent."""
    reaper = """if 1:
        import ctypes, os, signal
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
        if os.fork() == 0:
            os.fork()
        signal.pause()
    """
    program = subprocess.Popen([sys.executable, "-c", reaper])
    try:
        assert eventually(lambda: len(processes.below(program.pid)) == 2)
        parent, orphan = (process.pid for process in processes.below(program.pid))
        read = tree.children

        def children(pid: int) -> list[int]:
            if pid == parent:
                os.kill(parent, signal.SIGKILL)
                assert eventually(lambda: orphan in read(program.pid))
            return read(pid)

        monkeypatch.setattr(tree, "children", children)
        assert orphan in [process.pid for process in processes.below(program.pid)]
    finally:
        for process in psutil.Process(program.pid).children(recursive=True):
            process.kill()
        program.kill()
        program.wait()


def test_a_name_with_brackets_is_read_right() -> None:
    child = os.fork()
    if child == 0:
        with open("/proc/self/comm", "w") as file:
            file.write("a) R (b")
        signal.pause()
        os._exit(0)
    try:
        assert eventually(lambda: psutil.Process(child).name() == "a) R (b")
        seen = processes.look(child)
        assert seen
        assert (seen.parent, seen.state) == (os.getpid(), "S")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_a_process_with_threads_is_stopped_when_all_of_them_are() -> None:
    program = (
        "import threading, time\n"
        "for _ in range(5): threading.Thread(target=time.sleep, args=(60,)).start()"
    )
    child = subprocess.Popen([sys.executable, "-c", program])
    try:
        assert eventually(lambda: bool((p := processes.look(child.pid)) and p.threads == 6))
        assert not processes.stopped(child.pid)
        child.send_signal(signal.SIGSTOP)
        assert eventually(lambda: processes.stopped(child.pid))
    finally:
        child.kill()
        child.wait()


def test_a_process_is_asleep_when_it_waits_and_neither_runs_nor_is_stopped() -> None:
    child = subprocess.Popen([sys.executable, "-c", "while input() == 'spin': sum(range(1 << 62))"],
                             stdin=subprocess.PIPE)  # fmt: skip
    assert child.stdin
    try:
        assert eventually(lambda: processes.asleep(child.pid))
        child.send_signal(signal.SIGSTOP)
        assert eventually(lambda: not processes.asleep(child.pid))
        child.send_signal(signal.SIGCONT)
        assert eventually(lambda: processes.asleep(child.pid))
        child.stdin.write(b"spin\n")
        child.stdin.flush()
        assert eventually(lambda: (p := processes.look(child.pid)) is not None and p.state == "R")
        assert not processes.asleep(child.pid)
    finally:
        child.kill()
        child.communicate()


def test_descriptors_and_sockets_of_a_process() -> None:
    with socket.socket() as sock:
        links = processes.descriptors(os.getpid())
        assert links[sock.fileno()].startswith("socket:")
        assert os.fstat(sock.fileno()).st_ino in processes.socket_inodes(os.getpid())
        assert len(links) == psutil.Process().num_fds() - 1  # it counts the one it lists with


def test_cpu_use_tells_a_spinning_process_from_a_sleeping_one() -> None:
    spinning = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    sleeping = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        assert eventually(
            lambda: all(
                (p := processes.look(child.pid)) and p.state == state
                for child, state in ((spinning, "R"), (sleeping, "S"))
            )
        )

        def told_apart() -> bool:
            before = {p.pid: processes.cpu_use([p.pid]) for p in (spinning, sleeping)}
            time.sleep(0.2)
            used = {p.pid: processes.cpu_use([p.pid]) - before[p.pid] for p in (spinning, sleeping)}
            busy = used[spinning.pid]
            return busy.running + busy.waiting > 0.15 and used[sleeping.pid].running == 0

        assert eventually(told_apart)
    finally:
        for child in (spinning, sleeping):
            child.kill()
            child.wait()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_both_tables_say_the_same(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection((host, port)) as client:
            client.send(b"12345")
            assert eventually(lambda: any(row.receive_queue == 5 for row in tcp.on_port(port)))
            from_proc = [row for row in tcp.from_proc() if row.local_port == port]

            def facts(row: tcp.Row) -> tuple[object, ...]:
                return row.state, row.local_host, row.remote_host, row.remote_port, row.inode

            assert sorted(map(facts, tcp.on_port(port))) == sorted(map(facts, from_proc))
            assert {row.state for row in from_proc} == {"LISTEN", "ESTABLISHED"}
            listening = next(row for row in tcp.listeners() if row.local_port == port)
            assert listening.receive_queue == 1
            assert listening.inode == os.fstat(listener.fileno()).st_ino


def _without_netlink(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object, **_named: object) -> list[tcp.Row]:
        raise PermissionError

    monkeypatch.setattr(tcp, "from_netlink", refused)


@pytest.mark.parametrize("netlink", [True, False])
@pytest.mark.parametrize("first", ["client", "server"])
def test_a_port_is_not_free_until_no_row_has_it(
    first: str, netlink: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not netlink:
        _without_netlink(monkeypatch)
    used, unused = ports.reserve(), ports.reserve()
    with socket.create_server(("127.0.0.1", used.number)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _address = listener.accept()
        ends = (client, server) if first == "client" else (server, client)
        for end in ends:
            end.close()
    used.release()
    unused.release()
    (row,) = (row for row in tcp.ipv4({used.number}) if row.state == "TIME_WAIT")
    assert (row.local_port == used.number) == (first == "server")
    offers = iter([[used.number], [unused.number]])
    monkeypatch.setattr(ports, "_outside_ephemeral_range", lambda: next(offers))
    with pytest.raises(ports.NoPortError):
        ports.reserve(tries=1)
    ports.reserve(tries=1).release()


def test_the_table_without_netlink(monkeypatch: pytest.MonkeyPatch) -> None:
    _without_netlink(monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert [row.local_port for row in tcp.listeners() if row.local_port == port] == [port]
        assert [row.state for row in tcp.on_port(port)] == ["LISTEN"]


@pytest.mark.parametrize("netlink", [True, False])
def test_a_closed_window_is_probed(netlink: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not netlink:
        _without_netlink(monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), listener.accept()[0] as sender:

            def probed_in() -> float:
                return max(row.probe_seconds for row in tcp.on_port(port))

            sender.send(b"a few bytes")
            assert probed_in() == 0
            sender.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    sender.send(bytes(1 << 16))
            assert eventually(lambda: 0 < probed_in() <= 0.2)
            assert eventually(lambda: 0.2 < probed_in() <= 0.4)


def test_threads_are_counted() -> None:
    before = processes.look(os.getpid())
    stop = threading.Event()
    threads = [threading.Thread(target=stop.wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    during = processes.look(os.getpid())
    stop.set()
    for thread in threads:
        thread.join()
    assert before
    assert during
    assert during.threads == before.threads + 3
