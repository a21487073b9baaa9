"""With which timeouts a program waits, as its supervisor reads it from the kernel, and their end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from grader.containment import process
from grader.containment.door import Contained, Door
from grader.containment.expiry import SEIZE, can_expire, expire
from grader.containment.timeouts import Wait, waits
from grader.lab.kernel.processes import asleep

OPTION = "a.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack('ll', 6, 500_000))"
WAITS = {
    "timeout of a socket": ("a.settimeout(9.5); a.recv(1)", [9.5]),
    "select": ("select.select([a], [], [], 8.25)", [8.25]),
    "poll": ("p = select.poll(); p.register(a); p.unregister(a); p.poll(7500)", [7.5]),
    "epoll": ("e = select.epoll(); e.register(a, select.EPOLLIN); e.poll(6)", [6]),
    "SO_RCVTIMEO": (f"{OPTION}; a.recv(1)", [6.5]),
    "SO_RCVTIMEO and read": (f"{OPTION}; os.read(a.fileno(), 1)", [6.5]),
    "recv": ("a.recv(1)", []),
    "read from a pipe": ("os.read(os.pipe()[0], 1)", []),
    "select without a timeout": ("select.select([a], [], [])", []),
    "epoll without a timeout": ("e = select.epoll(); e.register(a, select.EPOLLIN); e.poll()", []),
    "two threads": (
        "threading.Thread(target=b.recv, args=(1,)).start(); select.select([a], [], [], 5)",
        [5],
    ),
    "a child": ("os.fork() or select.select([a], [], [], 4); a.recv(1)", [4]),
}


def waiting(door: Door, folder: Path, statement: str) -> Contained:
    """Start a program that says so just before it waits."""
    (folder / "program.py").write_text(
        "import os, select, socket, struct, threading\n"
        "a, b = socket.socketpair()\n"
        "print('waits')\n"
        f"{statement}\n"
    )
    return door.start(["program.py"], folder)


@pytest.mark.parametrize(("statement", "expected"), WAITS.values(), ids=WAITS)
def test_timeouts(door: Door, tmp_path: Path, statement: str, expected: list[float]) -> None:
    program = waiting(door, tmp_path, statement)
    try:
        end = time.monotonic() + 10
        while not (program.stdout() and asleep(program.pid) and program.timeouts() == expected):
            assert time.monotonic() < end, (program.timeouts(), program.stderr())
            time.sleep(0.01)
    finally:
        program.end()


RECEIVES = "\ntry:\n  a.recv(1)\nexcept OSError as error:\n  print(error.__class__.__name__)"
#: Programs that wait for an hour, and what they print once that is over.
EXPIRIES = {
    "timeout of a socket": (f"a.settimeout(3600){RECEIVES}", b"TimeoutError"),
    "SO_RCVTIMEO": (OPTION.replace("6, 500_000", "3600, 0") + RECEIVES, b"BlockingIOError"),
    "select": ("print(select.select([a, b], [], [a], 3600))", b"([], [], [])"),
    "poll": ("p = select.poll(); p.register(a, 1); print(p.poll(3600_000))", b"[]"),
    "epoll": ("e = select.epoll(); e.register(a, 1); print(e.poll(3600))", b"[]"),
    "a thread": (
        "threading.Thread(target=lambda: print(select.select([a], [], [], 3600))).start()",
        b"([], [], [])",
    ),
    "a child": (
        "os.fork() or print(select.select([a], [], [], 3600)); print('child', os.wait()[1])",
        b"([], [], [])",
    ),
}


@pytest.mark.skipif(not can_expire(), reason="needs the machine's registers")
@pytest.mark.parametrize(("statement", "printed"), EXPIRIES.values(), ids=EXPIRIES)
def test_expiry(door: Door, tmp_path: Path, statement: str, printed: bytes) -> None:
    program = waiting(door, tmp_path, statement)
    try:
        end = time.monotonic() + 10
        while program.expire() != [3600]:
            assert time.monotonic() < end, (program.timeouts(), program.stderr())
        while printed not in program.stdout():
            assert time.monotonic() < end, (program.stdout(), program.stderr())
            time.sleep(0.01)
    finally:
        program.end()


SIGNALLED = """
import select, signal
signal.signal(signal.SIGUSR1, lambda *_: print("handled", flush=True))
print("waits", flush=True)
select.select([], [], [], 3600)
"""


@pytest.mark.skipif(not can_expire(), reason="needs the machine's registers")
def test_expiry_takes_no_signal_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that comes once the thread is traced stops it, and waits for the tracer's word."""
    program = subprocess.Popen([sys.executable, "-c", SIGNALLED], stdout=subprocess.PIPE, text=True)
    assert program.stdout
    try:
        assert program.stdout.readline() == "waits\n"
        wait = its_wait(program.pid)
        call = process.call

        def signalled_once_seized(number: int, *arguments: Any) -> int:
            result = call(number, *arguments)
            if arguments[0] == SEIZE:
                program.send_signal(signal.SIGUSR1)
                while state(program.pid) != "t":
                    time.sleep(0.001)
            return result

        monkeypatch.setattr(process, "call", signalled_once_seized)
        assert not expire(wait)
        monkeypatch.undo()
        assert expire(its_wait(program.pid))
        assert program.wait(10) == 0
        assert program.stdout.read() == "handled\n"
    finally:
        program.kill()
        program.stdout.close()
        program.wait()


def its_wait(pid: int) -> Wait:
    """Give the call with which a process waits, once it does."""
    while not (found := waits([pid])):
        time.sleep(0.001)
    return found[0]


def state(pid: int) -> str:
    """Give the state of a process as the kernel writes it."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


#: A thread waits in pselect6(2), with a timeout of which one half is taken away meanwhile.
HALF_GONE = """
import ctypes, mmap, time
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
page = mmap.PAGESIZE
pages = libc.mmap(None, ctypes.c_size_t(2 * page), 3, 0x22, -1, ctypes.c_size_t(0))
ctypes.c_int64.from_address(pages + page - 8).value = 9
wait = lambda: libc.syscall(270, 0, None, None, None, ctypes.c_void_p(pages + page - 8), None)
threading.Thread(target=wait).start()
while open(f"/proc/self/task/{threading.enumerate()[1].native_id}/syscall").read()[:3] != "270":
    pass
libc.munmap(ctypes.c_void_p(pages + page), ctypes.c_size_t(page))
print("gone")
select.select([a], [], [], 5)
"""


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="has the call's number there")
def test_a_timeout_that_is_gone(door: Door, tmp_path: Path) -> None:
    program = waiting(door, tmp_path, HALF_GONE)
    try:
        end = time.monotonic() + 10
        while b"gone" not in program.stdout() or program.timeouts() != [5]:
            assert time.monotonic() < end, (program.timeouts(), program.stderr())
            time.sleep(0.01)
    finally:
        program.end()


def test_one_whose_program_has_ended_has_none(door: Door, tmp_path: Path) -> None:
    program = waiting(door, tmp_path, "")
    while program.exit is None:
        program.update()
    assert program.timeouts() == []
    program.end()
    assert str(program.exit) == "ended with status 0"
