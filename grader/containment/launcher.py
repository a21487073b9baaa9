"""A small process, started once, that starts supervisors fast.

Forking a small single-threaded process is quick and safe; forking the grader, which has threads and
a test runner in memory, is neither. Requests come over a socket of whole messages (SOCK_SEQPACKET),
each with four descriptors: standard input, output and error, and the job's control socket. The first
message goes the other way and says which layers of containment there are.
"""

from __future__ import annotations

import gc
import os
import select
import socket
import sys
import traceback
from contextlib import suppress

from grader.containment import layers as layers_of_machine
from grader.containment import scratch, tree
from grader.containment.entry import Outfit, interpreter
from grader.containment.job import Job
from grader.containment.process import become_subreaper
from grader.containment.supervisor import child_alarm, supervise

MAX_MESSAGE_BYTES = 1 << 18


class Launcher:
    """Starts a supervisor per request.

    Args:
        requests: where requests come in.
        alarm: what `child_alarm` gave.
        outfit: what contains the programs.
        scratch_root: where their scratch folders go.
    """

    def __init__(
        self, requests: socket.socket, alarm: int, outfit: Outfit, scratch_root: str
    ) -> None:
        self._requests = requests
        self._alarm = alarm
        self._outfit = outfit
        self._scratch_root = scratch_root
        self._supervisors: set[int] = set()

    def serve(self) -> None:
        """Serve until the grader closes its end; then end everything."""
        become_subreaper()
        poll = select.poll()
        poll.register(self._requests, select.POLLIN)
        poll.register(self._alarm, select.POLLIN)
        with suppress(BrokenPipeError):  # the grader is gone already, which shows below
            self._requests.send(self._outfit.layers.encode())
        while True:
            ready = [fd for fd, _events in poll.poll()]
            if self._alarm in ready:
                with suppress(BlockingIOError):
                    os.read(self._alarm, 4096)
                self._reap()
            if self._requests.fileno() in ready and not self._take():
                break
        tree.end_all()

    def _take(self) -> bool:
        """Take a request; tell whether there was one."""
        try:
            message, fds, _flags, _address = socket.recv_fds(self._requests, MAX_MESSAGE_BYTES, 4)
        except ConnectionResetError:  # the grader is gone, and had not read the first message
            return False
        for fd in fds:
            os.set_inheritable(fd, False)  # received ones are, and the program must not see them
        if message:
            self._supervisors.add(self._fork_supervisor(message, fds))
        for fd in fds:
            os.close(fd)
        return bool(message)

    def _fork_supervisor(self, message: bytes, fds: list[int]) -> int:
        pid = os.fork()
        if pid:
            return pid
        try:
            self._requests.close()
            os.setsid()
            control = socket.socket(fileno=fds[3])
            job = Job.decode(message)
            supervise(job, fds[:3], control, self._outfit, self._scratch_root)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)

    def _reap(self) -> None:
        """Reap supervisors that are done, and end what one that was killed has left behind."""
        with suppress(ChildProcessError):
            while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG):
                self._supervisors.discard(ended.si_pid)
        if set(tree.children(os.getpid())) - self._supervisors:
            tree.end_all(keep=self._supervisors)


def main(requests: int, root: str, off: str, project: str) -> None:
    """Run the launcher.

    Args:
        requests: the descriptor of its socket.
        root: the run's folder, with `python` and `homes` in it; it is removed if the grader dies.
        off: the layers to leave out, with commas between them.
        project: the folder of this project, which programs don't see.
    """
    grader = os.getppid()
    needed = [sys.base_prefix, root, *interpreter()]
    layers = layers_of_machine.put_on(needed, [project], off.split(","))
    alarm = child_alarm()
    gc.freeze()  # children share the pages of what is there already
    gc.disable()
    launcher = Launcher(socket.socket(fileno=requests), alarm, Outfit.of(layers), f"{root}/homes")
    launcher.serve()
    if os.getppid() != grader:
        scratch.remove(root)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
