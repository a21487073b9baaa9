"""How long processes let the kernel wait: poll(2) and its kin, or recv(2) with SO_RCVTIMEO."""

from __future__ import annotations

import os
import socket
import stat
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from grader.containment import process

#: By machine, the calls' numbers, each with the place of the argument that says how long to wait,
#: and its unit: milliseconds; the address of two numbers, seconds and parts of them; or the descriptor
#: of a socket that has an option for that.
_CALLS = {
    "x86_64": {
        0: (0, "socket"),  # read
        7: (2, "ms"),  # poll
        23: (4, "us"),  # select
        43: (0, "socket"),  # accept
        45: (0, "socket"),  # recvfrom
        47: (0, "socket"),  # recvmsg
        232: (3, "ms"),  # epoll_wait
        270: (4, "ns"),  # pselect6
        271: (2, "ns"),  # ppoll
        281: (3, "ms"),  # epoll_pwait
        288: (0, "socket"),  # accept4
        441: (3, "ns"),  # epoll_pwait2
    },
    "aarch64": {
        22: (3, "ms"),  # epoll_pwait
        63: (0, "socket"),  # read
        72: (4, "ns"),  # pselect6
        73: (2, "ns"),  # ppoll
        202: (0, "socket"),  # accept
        207: (0, "socket"),  # recvfrom
        212: (0, "socket"),  # recvmsg
        242: (0, "socket"),  # accept4
        441: (3, "ns"),  # epoll_pwait2
    },
}
#: pidfd_getfd(2), by the same number on every machine.
_PIDFD_GETFD = 438
_TIMEVAL = struct.Struct("@ll")
_PER_SECOND = {"us": 1e6, "ns": 1e9}


@dataclass(frozen=True)
class Wait:
    """A thread's call that waits with a timeout."""

    thread: int
    #: The system call, and its arguments.
    number: int
    arguments: tuple[int, ...]
    seconds: float
    #: Whether the timeout is an option of the socket that it waits on.
    by_socket: bool


def waits(pids: Iterable[int]) -> list[Wait]:
    """Give the calls with which threads of processes wait at this moment, if they have a timeout.

    The kernel shows a thread's call and its arguments to those who may trace it (proc_pid_syscall(5)).
    """
    calls = _CALLS.get(os.uname().machine, {})
    found = []
    for pid in pids:
        with suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):
                with suppress(OSError, ValueError, OverflowError, struct.error):
                    found.append(_wait(pid, int(task), calls))
    return [wait for wait in found if wait.seconds > 0]


def _wait(pid: int, thread: int, calls: dict[int, tuple[int, str]]) -> Wait:
    """Give a thread's call; its timeout is 0 if it has none.

    Raises:
        OSError: if the kernel doesn't show it.
        ValueError: if the thread runs.
        OverflowError, struct.error: if the address is not that of a timeout any more.
    """
    with open(f"/proc/{pid}/task/{thread}/syscall") as file:
        number, *arguments = (int(word, 0) for word in file.read().split())
    place, unit = calls.get(number, (0, ""))
    value = arguments[place]
    seconds = 0.0
    if unit == "ms":
        milliseconds = value & 0xFFFF_FFFF
        seconds = milliseconds / 1000 if milliseconds < 1 << 31 else 0.0
    elif unit == "socket":
        seconds = _of_socket(pid, value)
    elif unit and value:
        with open(f"/proc/{pid}/task/{thread}/mem", "rb", buffering=0) as memory:
            memory.seek(value)
            whole, parts = struct.unpack("=qq", memory.read(16))
        seconds = whole + parts / _PER_SECOND[unit]
    return Wait(thread, number, tuple(arguments[:6]), seconds, unit == "socket")


def _of_socket(pid: int, descriptor: int) -> float:
    """Give the time (seconds) after which a call that waits on a process's socket gives up.

    Raises:
        OSError: if the descriptor can't be looked at.
    """
    pidfd = os.pidfd_open(pid)
    try:
        copy = process.call(_PIDFD_GETFD, pidfd, descriptor, 0)
    finally:
        os.close(pidfd)
    if not stat.S_ISSOCK(os.fstat(copy).st_mode):
        os.close(copy)
        return 0
    with socket.socket(fileno=copy) as sock:
        option = sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL.size)
    seconds, microseconds = _TIMEVAL.unpack(option)
    return float(seconds + microseconds / 1e6)
