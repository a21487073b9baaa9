"""The parent of one student's program: starts it, says how it ended, leaves nothing behind.

It runs in a process of its own, forked by the launcher. It speaks with the grader over a control
socket, in JSON messages; end-of-file on that socket means that the grader is gone. The grader may
ask with which timeouts the program waits, and let their time be up: that takes the right to trace it,
which Yama gives to a program's ancestors only.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
from contextlib import suppress
from typing import Any

from grader.containment import landlock, process, scratch, tree, user, view
from grader.containment.entry import Cell, Outfit, become
from grader.containment.expiry import expire
from grader.containment.job import Job
from grader.containment.layers import Layers
from grader.containment.timeouts import waits
from grader.containment.watch import Watch

#: What the grader sends to be told with which timeouts the program waits, and to let them be over.
TIMEOUTS, EXPIRE = b"timeouts", b"expire"


def child_alarm() -> int:
    """Give a descriptor that becomes readable whenever a child changes state."""
    readable, writable = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    return readable


def supervise(
    job: Job,
    stdio: list[int],
    control: socket.socket,
    outfit: Outfit,
    scratch_root: str,
) -> None:
    """Run a job to its end: until the program is told to end, or the grader goes away.

    Args:
        job: what to run.
        stdio: descriptors for its standard input, output and error.
        control: the socket to the grader.
        outfit: what contains it.
        scratch_root: where its scratch folder goes.
    """
    layers = outfit.layers
    process.become_subreaper()
    alarm = child_alarm()
    uid = (job.uid or user.draw()) if layers.user else None
    folder = _make_scratch(job, layers, scratch_root, uid)
    scoped = layers.landlock >= landlock.SCOPE_ABI and _scope_signals()
    pid = _start(job, stdio, control, Cell(outfit, folder, uid))
    for fd in stdio:
        os.close(fd)
    if pid is not None:
        _follow(pid, control, alarm, Watch(job.limits, None if layers.view else folder), scoped)
    tree.end(scoped)
    if not layers.view:
        scratch.remove(folder)


def _follow(pid: int, control: socket.socket, alarm: int, watch: Watch, scoped: bool) -> None:
    """Report what becomes of the program, until it is to be ended."""
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(alarm, select.POLLIN)
    exceeded = ""
    while True:
        ready = [fd for fd, _events in poll.poll(None if exceeded else watch.pause() * 1000)]
        if control.fileno() in ready and not _asked(control):
            return
        if alarm in ready:
            with suppress(BlockingIOError):
                os.read(alarm, 4096)
            _reap(pid, control)
        if not exceeded and not watch.pause():
            exceeded = watch.look()
            if exceeded:
                _tell(control, exceeded=exceeded)
                tree.end(scoped)


def _make_scratch(job: Job, layers: Layers, root: str, uid: int | None) -> str:
    if layers.view:
        owner = os.geteuid() if uid is None else uid
        view.mount_scratch(root, owner, job.limits.scratch_bytes, job.limits.scratch_files)
        return root
    return scratch.make(root, uid)


def _scope_signals() -> bool:
    """Confine signals to this process and those below it; tell whether that is really so."""
    launcher = os.getppid()
    os.kill(launcher, 0)
    process.give_up_new_privileges()
    landlock.scope_signals()
    try:
        os.kill(launcher, 0)
    except PermissionError:
        return True
    return False


def _start(job: Job, stdio: list[int], control: socket.socket, cell: Cell) -> int | None:
    failure_read, failure_write = os.pipe2(os.O_CLOEXEC)
    pid = os.fork()
    if pid == 0:
        try:
            become(job, stdio, cell)
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
    _tell(control, started=pid, supervisor=os.getpid(), uid=cell.uid)
    return pid


def _reap(program: int, control: socket.socket) -> None:
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


def _asked(control: socket.socket) -> bool:
    """Take what the grader sent, and answer it; tell whether it was a question."""
    with suppress(ConnectionResetError):
        question = control.recv(max(len(TIMEOUTS), len(EXPIRE)))
        if question in (TIMEOUTS, EXPIRE):
            found = waits(tree.descendants(os.getpid()))
            if question == EXPIRE:
                found = [wait for wait in found if expire(wait)]
            _tell(control, timeouts=[wait.seconds for wait in found])
            return True
    return False


def _tell(control: socket.socket, **message: Any) -> None:
    with suppress(OSError):  # the grader may be gone; ending the tree goes on without it
        control.send(json.dumps(message).encode())
