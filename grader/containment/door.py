"""The grader's side of containment: start a program, follow it, read its output, end it."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.containment import tree
from grader.containment.job import Job
from grader.containment.layers import SWITCH, Layers
from grader.containment.limits import SERVER, Limits
from grader.containment.supervisor import EXPIRE, TIMEOUTS

#: Every process of a student's carries this name in its environment.
MARKER = "SOCKLAB_PROGRAM"
_ROOT = Path(__file__).parents[2]
_LAUNCHER = """
import runpy, sys
sys.path.insert(0, sys.argv[-1])
runpy.run_module("grader.containment.launcher", run_name="__main__")
"""
#: How long a start may take, and how long a supervisor may take to answer or to end its tree.
_START_SECONDS, _MOST_SECONDS = 60, 10
#: Who says nothing for so long may have been stopped by a program, if nothing keeps it from that.
_STOPPED_SECONDS = 0.5
_PYTHON_FLAGS = ("-u", "-s", "-E", "-B")


class ContainmentError(Exception):
    """The machine or the grader could not run a program; never the student's fault."""


@dataclass(frozen=True)
class Exit:
    """How a program ended: its exit status, or the signal that killed it."""

    status: int | None
    signal: int | None
    cpu_seconds: float
    #: What it exceeded, so that it was ended for it; empty if it ended by itself.
    exceeded: str = ""

    @classmethod
    def of(cls, wait_status: int, cpu_seconds: float) -> Exit:
        """Read a status as wait(2) gives it."""
        if os.WIFSIGNALED(wait_status):
            return cls(None, os.WTERMSIG(wait_status), cpu_seconds)
        return cls(os.WEXITSTATUS(wait_status), None, cpu_seconds)

    def __str__(self) -> str:
        if self.exceeded:
            return f"{self.exceeded}, and was ended"
        if self.signal == signal.SIGXCPU:
            return "used more CPU time than it may, and was ended"
        if self.signal is not None:
            return f"was killed by {signal.Signals(self.signal).name}"
        return f"ended with status {self.status}"


class Contained:
    """One program that was started through the door, and everything that it starts."""

    def __init__(
        self, control: socket.socket, output: tuple[int, int], limits: Limits, launcher: int
    ) -> None:
        self._control = control
        self._output = output
        self._limits = limits
        self._ended = False
        self._timeouts: list[float] | None = None
        #: What was written on standard output and standard error, once the program was ended.
        self._written: list[bytes] | None = None
        self.exit: Exit | None = None
        started = self._start(launcher)
        self.pid: int = started["started"]
        #: The supervisor's process id: everything of the student's is below it.
        self.supervisor: int = started["supervisor"]
        #: The user that it runs as; None if it is the grader's own.
        self.uid: int | None = started["uid"]

    def fileno(self) -> int:
        """Give a descriptor that is readable when the program's state changes."""
        return self._control.fileno()

    def update(self) -> None:
        """Take in what the supervisor has said since the last call; never blocks."""
        while not self._ended and self._heard(0):
            message = self._receive()
            if message is None:
                self._ended = True
                if self.exit is None:  # it took its supervisor down; the launcher ends the rest
                    self.exit = Exit(None, signal.SIGKILL, 0.0)
            elif "exceeded" in message:
                self.exit = Exit(None, signal.SIGKILL, 0.0, message["exceeded"])
            elif "exited" in message:
                self.exit = Exit.of(message["exited"], message["cpu_seconds"])
            else:
                self._timeouts = message["timeouts"]

    def stdout(self) -> bytes:
        """Give what the program wrote on its standard output so far."""
        return self._read(0)

    def stderr(self) -> bytes:
        """Give what the program wrote on its standard error so far."""
        return self._read(1)

    def output_full(self) -> bool:
        """Tell whether the program ran into the cap on its output."""
        return any(len(self._read(which)) >= self._limits.file_bytes for which in (0, 1))

    def timeouts(self) -> list[float]:
        """Give the timeouts (seconds) with which the program's threads wait for descriptors now.

        None are given if the supervisor doesn't answer, or its kernel doesn't show them.
        """
        return self._ask(TIMEOUTS)

    def expire(self) -> list[float]:
        """Let calls of the program's threads return as if their time was up; give the timeouts.

        None are given where that can't be done.
        """
        return self._ask(EXPIRE)

    def end(self) -> None:
        """End the program and all that it started, and wait until that is done."""
        with suppress(OSError):
            self._control.send(b"end")
        self._until(lambda: self._ended)
        if not self._ended:  # it is stuck: the launcher ends its children
            with suppress(OSError):
                os.kill(self.supervisor, signal.SIGKILL)
        self._control.close()
        self._written = [self._read(which) for which in (0, 1)]
        for fd in self._output:
            os.close(fd)

    def _ask(self, question: bytes) -> list[float]:
        self._timeouts = None
        with suppress(OSError):
            self._control.send(question)
        self._until(lambda: self._ended or self._timeouts is not None)
        return self._timeouts or []

    def _until(self, done: Callable[[], bool]) -> None:
        """Take in what the supervisor says until something holds, or it takes too long."""
        deadline = time.monotonic() + _MOST_SECONDS
        while not done() and self._wait(deadline, lambda: [self.supervisor]):
            self.update()

    def _start(self, launcher: int) -> dict[str, Any]:
        """Wait until the program was started. Until then, its supervisor is one of several."""
        deadline = time.monotonic() + _START_SECONDS
        if not self._wait(deadline, lambda: [launcher, *tree.children(launcher)]):
            raise ContainmentError(f"a program was not started within {_START_SECONDS} s")
        message = self._receive()
        if message is None:
            raise ContainmentError("the supervisor of a program went away before starting it")
        if "failed" in message:
            raise ContainmentError(f"a program could not be started: {message['failed']}")
        return message

    def _wait(self, deadline: float, senders: Callable[[], Sequence[int]]) -> bool:
        """Wait for those who are to say something, or to close; tell whether it came in time."""
        seconds = _STOPPED_SECONDS
        while not self._heard(seconds):
            if time.monotonic() > deadline:
                return False
            for pid in senders():
                with suppress(OSError):
                    os.kill(pid, signal.SIGCONT)
            seconds = 0.1
        return True

    def _heard(self, seconds: float) -> bool:
        """Wait until there is something from the supervisor; poll(2), for any descriptor's number."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def _read(self, which: int) -> bytes:
        if self._written is not None:
            return self._written[which]
        fd = self._output[which]
        return os.pread(fd, min(os.fstat(fd).st_size, self._limits.file_bytes), 0)

    def _receive(self) -> dict[str, Any] | None:
        with suppress(ConnectionResetError):
            if message := self._control.recv(1 << 16):
                content = json.loads(message)
                assert isinstance(content, dict)
                return content
        return None


class Door:
    """Starts programs. One per run of the grader; its workers share it."""

    def __init__(self) -> None:
        #: A folder for the run's files; it goes with `close`.
        self.scratch = Path(tempfile.mkdtemp(prefix="socklab-")).resolve()
        self._layers: Layers | None = None
        self._python = _bare_python(self.scratch / "python")
        (self.scratch / "homes").mkdir()
        _open_to_others(self.scratch)
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._launcher = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", "-B", "-c", _LAUNCHER, str(theirs.fileno())),
                *(str(self.scratch), os.environ.get(SWITCH, ""), str(_ROOT)),
            ],
            pass_fds=[theirs.fileno()],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            env={},
        )
        theirs.close()

    def start(
        self,
        command: Sequence[str],
        folder: Path,
        *,
        stdin: int | None = None,
        limits: Limits = SERVER,
        ports: Sequence[int] = (),
        uid: int | None = None,
    ) -> Contained:
        """Start a student's program.

        Args:
            command: the program's file name and its arguments. A name that ends in `.py` is run by
                a Python with nothing but the standard library, and so is the program text that
                comes after `-c`.
            folder: where the program runs and finds its files.
            stdin: a descriptor for its standard input; without one it reads end-of-file.
            limits: what it may use.
            ports: the TCP ports that it may listen on and connect to.
            uid: the user of another program, to run as the same one.

        Raises:
            ContainmentError: if the machine could not start it.
        """
        argv = list(command)
        if argv[0] == "-c" or argv[0].endswith(".py"):
            argv = [str(self._python), *_PYTHON_FLAGS, *argv]
        job = Job(argv, str(folder), self._environment(), limits, [*ports], [*ports], uid)
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        output = (os.memfd_create("stdout"), os.memfd_create("stderr"))
        with open(os.devnull, "rb") as null, theirs:
            source = null.fileno() if stdin is None else stdin
            try:
                socket.send_fds(self._requests, [job.encode()], [source, *output, theirs.fileno()])
            except OSError as error:
                raise ContainmentError(f"the launcher of programs is gone: {error}") from error
        return Contained(control, output, limits, self._launcher.pid)

    def layers(self) -> Layers:
        """Say what keeps programs in bounds on this machine; to be called before workers are forked.

        Raises:
            ContainmentError: if the launcher could not start.
        """
        if self._layers is None:
            message = self._requests.recv(1 << 16)
            if not message:
                raise ContainmentError("the launcher of programs could not start")
            self._layers = Layers.decode(message)
        return self._layers

    def close(self) -> None:
        """End everything that was started, and remove the scratch folder."""
        self._requests.close()
        self._launcher.send_signal(signal.SIGCONT)  # a program may have stopped it
        try:
            self._launcher.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._launcher.kill()
        if self._launcher.wait() != 0:
            tree.end_marked(f"{MARKER}={self.scratch.name}".encode())
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            MARKER: self.scratch.name,
        }


def _open_to_others(scratch: Path) -> None:
    """Let programs that run as a user of their own, if there are such, reach what they need."""
    if os.geteuid() == 0:
        for folder in (scratch, *(path for path in scratch.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        scratch.chmod(0o711)


def _bare_python(home: Path) -> Path:
    """Make a virtual environment that holds nothing, so that only the standard library is there."""
    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    (home / "bin").mkdir(parents=True)
    (home / "pyvenv.cfg").write_text(
        f"home = {base.parent}\ninclude-system-site-packages = false\n"
    )
    python = home / "bin" / "python3"
    python.symlink_to(base)
    return python
