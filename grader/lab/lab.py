"""The bench that checks of one worker share, and the lab that each check has for itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Protocol

from grader.containment.door import Door
from grader.lab.kernel import processes
from grader.lab.kernel.processes import Process
from grader.lab.patience import Deadline
from grader.lab.reactor import Reactor
from grader.lab.transcript import PromiseBrokenError, Transcript

_LONGEST_WAIT_SECONDS = 60.0
#: Makes a lower-case letter of any byte.
_LETTERS = bytes(ord("a") + byte % 26 for byte in range(256))


class Running(Protocol):
    """A program that runs, as the bench sees it."""

    @property
    def pid(self) -> int:
        """The process that was started."""

    @property
    def supervisor(self) -> int:
        """The process above it."""

    def processes(self) -> list[Process]:
        """Look at every process of the program."""

    def traceback(self) -> str | None:
        """Give the last line of a traceback on standard error."""

    def end(self) -> None:
        """End the program with all that it started."""


@dataclass
class Bench:
    """What outlives a check: the door for programs, the event loop, the programs that run.

    Args:
        door: through which programs are started.
        kept: gives the programs that lie ready for other checks.
    """

    door: Door
    kept: Callable[[], AbstractSet[Running]] = frozenset
    reactor: Reactor = field(default_factory=Reactor)
    running: set[Running] = field(default_factory=set)
    #: What was found out about a student's files once for all checks, by path.
    known: dict[Path, object] = field(default_factory=dict)

    def clear(self) -> None:
        """End every program but those that are kept for other checks."""
        for program in self.at_work():
            program.end()

    def at_work(self) -> set[Running]:
        """Give the programs that run for the present check."""
        return self.running - self.kept()

    def activity(self) -> processes.Activity:
        """Look at what the programs do."""
        pids = [process.pid for program in self.running for process in program.processes()]
        return processes.activity(pids, [program.supervisor for program in self.running])


@dataclass
class Lab:
    """What one check does and sees goes through here, into its transcript.

    Args:
        bench: shared with other checks.
        folder: the student's files of this exercise.
        random: for whatever is to be drawn anew at each run, from the run's seed.
    """

    bench: Bench
    folder: Path
    random: Random
    transcript: Transcript = field(default_factory=Transcript)
    #: What a student is told once the check has passed.
    remark: str = ""

    def note(self, line: str) -> None:
        """Add a line to the transcript."""
        self.transcript.note(line)

    def compared(self) -> None:
        """Count a comparison that a check made without `expect`."""
        self.transcript.comparisons += 1

    def wait(
        self,
        until: Callable[[], bool],
        seconds: float = 2.0,
        progress: Callable[[], object] = lambda: None,
    ) -> bool:
        """Wait for a condition while all clients are driven.

        Args:
            until: the condition, which is looked at often.
            seconds: how long a right program may need on an idle machine.
            progress: what shows that the program is getting on: each time that it has changed at
                the end of the time, there is as much time again, up to a minute in all.

        Returns:
            Whether the condition came true in time.
        """
        end = time.monotonic() + _LONGEST_WAIT_SECONDS
        before = progress()
        while not self.bench.reactor.wait(until, Deadline(seconds, self.bench.activity)):
            before, last = progress(), before
            if before == last or time.monotonic() > end:
                return False
        return True

    def expect(
        self, holds: bool, expected: str, observed: str | Callable[[], str], why: str = ""
    ) -> None:
        """Hold what was observed against what was promised.

        Args:
            holds: whether it is as promised.
            expected: what was promised.
            observed: what was observed; a function is called if it doesn't hold.
            why: what a student has to know.

        Raises:
            PromiseBrokenError: if it doesn't hold.
        """
        self.compared()
        if not holds:
            said = observed if isinstance(observed, str) else observed()
            raise PromiseBrokenError(expected, said, why)

    def expect_soon(
        self,
        until: Callable[[], bool],
        expected: str,
        observed: Callable[[], str],
        why: str = "",
        seconds: float = 2.0,
    ) -> None:
        """Expect a condition to come true; `observed` is asked only if it doesn't.

        Raises:
            PromiseBrokenError: if it is not true at the deadline.
        """
        self.compared()
        if not self.wait(until, seconds):
            raise PromiseBrokenError(f"{expected} within {seconds:g} s", observed(), why)

    def complaints(self) -> list[str]:
        """Give the tracebacks that programs of this check wrote, a line each."""
        programs = sorted(self.bench.at_work(), key=lambda program: program.pid)
        return [said for program in programs if (said := program.traceback())]

    def let_pass(self, seconds: float) -> None:
        """Let time pass while clients are driven, for what can only be measured over time."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= end, seconds)

    def text(self, size: int) -> bytes:
        """Draw a line of `size` bytes: lower-case letters and a newline."""
        return self.random.randbytes(size - 1).translate(_LETTERS) + b"\n"
