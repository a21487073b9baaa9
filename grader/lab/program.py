"""A student's program while it runs, and what can be said of how it ended."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from grader.containment import tree
from grader.containment.door import Contained
from grader.containment.limits import SERVER, Limits
from grader.lab.kernel import processes
from grader.lab.kernel.processes import Process
from grader.lab.lab import Lab
from grader.lab.transcript import PromiseBrokenError, not_written

_BOUNDS = (
    "A program under grading may read its own folder, write in the folder that HOME names, and use "
    "the TCP ports on its command line"
)
_NOT_IMPLEMENTED = re.compile(r"NotImplementedError(?:: (.*?))?(?: \(([^()]*:\d+)\))?$")
_FRAME = re.compile(r'File "(?:[^"]*/)?([^"/]+)", line (\d+)')


class Program:
    """One started program.

    Args:
        lab: the check that uses it.
        command: file name and arguments, as a student would type them.
        folder: where its files are.
        stdin: a descriptor for its standard input.
        limits: what it may use.
        beside: a program whose user this one shares, as if the same student had started both.
    """

    def __init__(
        self,
        lab: Lab,
        command: Sequence[str],
        folder: Path,
        stdin: int | None = None,
        limits: Limits = SERVER,
        beside: Program | None = None,
    ):
        self.lab = lab
        self.name = command[0]
        self.folder = folder
        self.command = " ".join(command)
        self._contained: Contained = lab.bench.door.start(
            command,
            folder,
            stdin=stdin,
            limits=limits,
            ports=_ports(command),
            uid=beside._contained.uid if beside else None,
        )
        self._over = False
        self._heard = 0
        lab.bench.running.add(self)

    @property
    def pid(self) -> int:
        """The process that was started."""
        return self._contained.pid

    @property
    def supervisor(self) -> int:
        """The process above it, which says how it ended."""
        return self._contained.supervisor

    def processes(self) -> list[Process]:
        """Look at every process of the program: itself, its children, and orphans of theirs."""
        return processes.below(self.supervisor)

    def timeouts(self) -> list[float]:
        """Give the timeouts (seconds) with which its threads wait for descriptors, poll(2) or so."""
        return self._contained.timeouts()

    def expire(self) -> list[float]:
        """Let those waits return as if their time was up; give the timeouts (seconds) that they had.

        None are given where that can't be done: the machine is no x86-64, or tracing is not allowed.
        """
        return self._contained.expire()

    def ended(self) -> bool:
        """Tell whether the process that was started has ended."""
        self._contained.update()
        return self._contained.exit is not None

    @property
    def status(self) -> int | None:
        """The exit status; None while it runs, or if a signal killed it."""
        return self._contained.exit.status if self.ended() and self._contained.exit else None

    def stdout(self) -> bytes:
        """Give what it wrote on standard output so far."""
        return self._contained.stdout()

    def stderr(self) -> str:
        """Give what it wrote on standard error since it was started, or handed to this check."""
        return self._contained.stderr()[self._heard :].decode(errors="replace")

    def hand_to(self, lab: Lab) -> None:
        """Let another check use the program; what it said so far is none of that check's business."""
        self.lab = lab
        self._heard = len(self._contained.stderr())

    @contextmanager
    def paused(self, *, whole: bool = False) -> Iterator[None]:
        """Stop the process (SIGSTOP) for the time of a block, or the program with all its processes.

        A signal that stops and continues a program is what Ctrl-Z and `fg` send: it must do no harm.
        """
        pids = [p.pid for p in self.processes() if not p.zombie] if whole else [self.pid]
        name = f"pid {self.pid}" + (" and its children" if len(pids) > 1 else "")
        try:
            tree.send(signal.SIGSTOP, pids)
            self.lab.wait(lambda: all(map(processes.stopped, pids)) or self.ended(), seconds=2)
            self.lab.note(f"{name} paused (SIGSTOP)")
            yield
        finally:
            tree.send(signal.SIGCONT, pids)
        self.lab.note(f"{name} resumed (SIGCONT)")

    def terminate(self) -> None:
        """Send SIGTERM to the process that was started, and to it alone."""
        tree.send(signal.SIGTERM, [self.pid])
        self.lab.note(f"SIGTERM sent to pid {self.pid}")

    def end(self) -> None:
        """End the program with all that it started; nothing happens the second time."""
        if not self._over:
            self._over = True
            self._contained.end()
            self.lab.bench.running.discard(self)

    def traceback(self) -> str | None:
        """Give the last line of a traceback on standard error and the student's line it is about."""
        text = self.stderr()
        if "Traceback (most recent call last)" not in text and "SyntaxError" not in text:
            return None
        lines = [line for line in text.splitlines() if line.strip()]
        last = next((line for line in reversed(lines) if re.match(r"[^\W\d][\w.]*(:|$)", line)), "")
        own = [
            f"{file}:{line}" for file, line in _FRAME.findall(text) if (self.folder / file).exists()
        ]
        return f"{last[:300]} ({own[-1]})" if own else last[:300]

    def fate(self) -> str:
        """Say in a sentence how the program ended, or that it runs; it may just be about to end."""
        self.lab.wait(self.ended, 0.1)
        if not self.ended():
            state = "stopped (SIGSTOP)" if processes.stopped(self.pid) else "still running"
            return f"{self.name} is {state}"
        said = self.traceback() or _last_line(self.stderr())
        if self._contained.output_full():
            said = "it printed more than 16 MiB, which is the limit"
        elif said.startswith("PermissionError"):
            said += f". {_BOUNDS}"
        return f"{self.name} {self._contained.exit}" + (f": {said}" if said else "")

    def check_written(self) -> None:
        """Fail in a friendly way if the program is a stub still.

        Raises:
            NotBegunError: if it ended with a stub's NotImplementedError.
        """
        found = _NOT_IMPLEMENTED.match(self.traceback() or "")
        if found and (stub := not_written(self.name, found[1] or "", found[2] or "")):
            self.lab.compared()
            raise stub

    def expect_exit(
        self,
        status: int,
        seconds: float,
        why: str,
        progress: Callable[[], object] = lambda: None,
    ) -> None:
        """Expect the program to end by itself with an exit status, and without a traceback."""
        expected = f"{self.command!r} ends with status {status}"
        if not self.lab.wait(self.ended, seconds, progress):
            self.lab.compared()
            raise PromiseBrokenError(expected, self.fate(), why)
        self.check_written()
        self.lab.note(f"`{self.command}`: {self.fate()}")
        self.lab.expect(self.traceback() is None, "no traceback on standard error", self.fate, why)
        self.lab.expect(self.status == status, expected, self.fate, why)


def _ports(command: Sequence[str]) -> list[int]:
    """Give the ports that a command line names: a program may use those, and no others."""
    return [int(word) for word in command[1:] if word.isdecimal() and 0 < int(word) < 1 << 16]


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""
