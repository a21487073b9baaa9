"""The parent of one student's program: starts it, says how it ended, leaves nothing behind.

It runs in a process of its own, forked by the launcher. It speaks with the grader over a control
socket, in JSON messages; end-of-file on that socket means that the grader is gone.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from grader.containment import tree
from grader.containment.limits import Limits
from grader.containment.process import become_subreaper


@dataclass(frozen=True)
class Job:
    """One program to run: command line, folder, environment and limits."""

    argv: list[str]
    folder: str
    environment: dict[str, str]
    limits: Limits

    def encode(self) -> bytes:
        """Give the job as the message that `decode` reads."""
        return json.dumps({**vars(self), "limits": vars(self.limits)}).encode()

    @classmethod
    def decode(cls, message: bytes) -> Job:
        """Read a job from a message of `encode`."""
        fields = json.loads(message)
        return cls(**{**fields, "limits": Limits(**fields["limits"])})


def child_alarm() -> int:
    """Give a descriptor that becomes readable whenever a child changes state."""
    readable, writable = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    return readable


def supervise(job: Job, stdio: list[int], control: socket.socket) -> None:
    """Run a job to its end: until the program is told to end, or the grader goes away."""
    become_subreaper()
    alarm = child_alarm()
    pid = _start(job, stdio, control)
    for fd in stdio:
        os.close(fd)
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(alarm, select.POLLIN)
    running = pid is not None
    while running:
        for fd, _events in poll.poll():
            if fd == alarm:
                with suppress(BlockingIOError):
                    os.read(alarm, 4096)
                _reap(pid, control)
            else:
                running = False
    left = tree.end_all()
    _tell(control, ended=left)


def _start(job: Job, stdio: list[int], control: socket.socket) -> int | None:
    failure_read, failure_write = os.pipe2(os.O_CLOEXEC)
    pid = os.fork()
    if pid == 0:
        try:
            _become(job, stdio)
        except BaseException as error:  # whatever it is, it must reach the grader
            os.write(failure_write, repr(error).encode()[:4000])
        finally:
            os._exit(127)
    os.close(failure_write)
    with open(failure_read, "rb") as file:
        failure = file.read().decode()
    if failure:
        os.waitpid(pid, 0)
        _tell(control, failed=failure)
        return None
    _tell(control, started=pid, supervisor=os.getpid())
    return pid


def _become(job: Job, stdio: list[int]) -> None:
    os.setsid()
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        with suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for target, fd in enumerate(stdio):
        os.dup2(fd, target)
    os.chdir(job.folder)
    os.umask(0o077)
    job.limits.apply()
    os.execve(job.argv[0], job.argv, job.environment)


def _reap(program: int | None, control: socket.socket) -> None:
    """Reap the program, and orphans that it left to us."""
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        if pid == program:
            _tell(control, exited=status, cpu_seconds=usage.ru_utime + usage.ru_stime)


def _tell(control: socket.socket, **message: Any) -> None:
    with suppress(OSError):  # the grader may be gone; ending the tree goes on without it
        control.send(json.dumps(message).encode())
