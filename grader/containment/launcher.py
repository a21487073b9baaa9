"""A small process, started once, that starts supervisors fast.

Forking a small single-threaded process is quick and safe; forking the grader, which has threads and
a test runner in memory, is neither. Requests come over a socket of whole messages (SOCK_SEQPACKET),
each with four descriptors: standard input, output and error, and the job's control socket.
"""

from __future__ import annotations

import os
import select
import socket
import sys
import traceback
from contextlib import suppress

from grader.containment import tree
from grader.containment.process import become_subreaper
from grader.containment.supervisor import Job, child_alarm, supervise

MAX_MESSAGE_BYTES = 1 << 18


def serve(requests: socket.socket) -> None:
    """Start a supervisor per request until the grader closes its end; then end everything."""
    become_subreaper()
    alarm = child_alarm()
    supervisors: set[int] = set()
    poll = select.poll()
    poll.register(requests, select.POLLIN)
    poll.register(alarm, select.POLLIN)
    while True:
        ready = [fd for fd, _events in poll.poll()]
        if alarm in ready:
            with suppress(BlockingIOError):
                os.read(alarm, 4096)
            _reap(supervisors)
        if requests.fileno() in ready:
            message, fds, _flags, _address = socket.recv_fds(requests, MAX_MESSAGE_BYTES, 4)
            for fd in fds:
                os.set_inheritable(
                    fd, False
                )  # received ones are, and the program must not see them
            if not message:
                break
            supervisors.add(_fork_supervisor(message, fds, requests))
            for fd in fds:
                os.close(fd)
    tree.end_all()


def _fork_supervisor(message: bytes, fds: list[int], requests: socket.socket) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        requests.close()
        os.setsid()
        control = socket.socket(fileno=fds[3])
        supervise(Job.decode(message), fds[:3], control)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _reap(supervisors: set[int]) -> None:
    """Reap supervisors that are done, and end what one that was killed has left behind."""
    while True:
        try:
            pid, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == 0:
            break
        supervisors.discard(pid)
    if set(tree.children(os.getpid())) - supervisors:
        tree.end_all(keep=supervisors)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
