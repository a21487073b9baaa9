"""With which timeouts a program waits, as its supervisor reads it from the kernel."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from grader.containment.door import Contained, Door
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
