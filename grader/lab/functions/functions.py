"""A student's functions, called in a process of their own, many calls at a time."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.containment.limits import MIB, Limits
from grader.lab.functions import wire
from grader.lab.functions.channel import Channel
from grader.lab.functions.show import text
from grader.lab.functions.wire import Died, GarbledError, Outcome, Raised, parse
from grader.lab.lab import Lab
from grader.lab.ports import Port
from grader.lab.program import Program
from grader.lab.transcript import PromiseBrokenError, not_written

_HERE = Path(__file__).parent
_RUNNER = (_HERE / "runner.py").read_text(encoding="utf-8")
_TRAPS = (_HERE / "traps.py").read_text(encoding="utf-8")
_FORKS = (_HERE / "forks.py").read_text(encoding="utf-8")
#: The empty first entry of `sys.path` is the student's folder; what the runner imports isn't there.
_BOOT = (
    "import sys; sys.path.pop(0); "
    f"exec(compile({_RUNNER!r}, '<runner>', 'exec'), {{'__name__': '__main__'}})"
)
_LIMITS = Limits(cpu_seconds=20, data_bytes=512 * MIB, descriptors=64, processes=16, tasks=64)
_IMPORT_SECONDS = 4.0
_BATCH_SECONDS = 4.0
#: A call that ends its process costs a start; the calls after it are made in a new process.
_MAX_STARTS = 3


@dataclass(frozen=True)
class Call:
    """One call: the function's name, and its arguments by position."""

    function: str
    arguments: tuple[object, ...]

    def __str__(self) -> str:
        return self.text()

    @property
    def kind(self) -> str:
        """What it is that is called, for messages."""
        return "function"

    def content(self) -> list[Any]:
        """Make the call plain enough for JSON."""
        return [self.function, wire.encode(list(self.arguments))[1:]]

    def text(self, decimal: bool = False) -> str:
        """Write the call as one would type it."""
        arguments = ", ".join(text(argument, decimal) for argument in self.arguments)
        return f"{self.function}({arguments})"


def call(function: str, *arguments: object) -> Call:
    """Say which function is to be called with which arguments."""
    return Call(function, arguments)


class Functions:
    """The functions of one file.

    Args:
        lab: the check that calls them.
        file: the file's name.
        given: constants that take the place of the file's own, by name.
        off_limits: names that can't be used at run time (see `traps`).
        forked: calls are made in forks of the process (see `series`), and not by `call`.
        ports: the TCP ports that the functions may use.
    """

    def __init__(
        self,
        lab: Lab,
        file: str,
        given: Mapping[str, str] | None = None,
        off_limits: Sequence[str] = (),
        forked: bool = False,
        ports: Sequence[Port] = (),
    ) -> None:
        self._lab = lab
        self.file = file
        self.ports = ports
        self._order = {
            "file": file,
            "given": dict(given or {}),
            "traps": _TRAPS if off_limits else "",
            "off_limits": list(off_limits),
            "forks": _FORKS if forked else "",
        }
        #: The student's process; None before the first call.
        self.program: Program | None = None
        self._channel: Channel | None = None
        self._objects = 0
        #: Objects up to this number went with the process that they lived in.
        self._gone = 0

    def next_object(self) -> int:
        """Give the number of an object that is to be made."""
        self.object_is_gone(self._objects)
        self._objects += 1
        return self._objects

    def object_is_gone(self, number: int) -> bool:
        """Tell whether the process that an object lived in has ended."""
        if self._channel and self._channel.closed:
            self._gone = self._objects
        return number <= self._gone

    def hand_to(self, lab: Lab) -> None:
        """Let another check use the functions."""
        self._lab = lab
        if self.program:
            self.program.hand_to(lab)

    def call(self, calls: Sequence[Call], starts: int = _MAX_STARTS) -> list[Outcome]:
        """Make calls, and give their outcomes in the same order.

        Args:
            calls: what to call.
            starts: the processes that they may be made in; the next one is started when one ends.

        Raises:
            PromiseBrokenError: if the file can't be imported or lacks a function.
            NotBegunError: if a function is not written yet.
        """
        outcomes: list[Outcome] = []
        for _ in range(starts):
            outcomes += self._call(calls[len(outcomes) :])
            if len(outcomes) == len(calls):
                break
        missing = Died("was not called, because others ended the process", False)
        return outcomes + [missing] * (len(calls) - len(outcomes))

    def used(self) -> list[tuple[str, str]]:
        """Give the names off limits that were used so far, each with the student's file and line."""
        found = []
        for line in self._channel.notices if self._channel else []:
            match parse(line):
                case _, [str(name), str(where)]:
                    found.append((name, where))
        return found

    def fork(self, fds: Sequence[int]) -> int:
        """Fork the student's process, hand descriptors to the fork, and give its process id.

        Raises:
            PromiseBrokenError: if the file can't be imported, or spoils the process.
        """
        self._ready().send_fds(b'["fork"]\n', fds)
        pid = self._told("forked", _BATCH_SECONDS)
        assert self.program
        if pid is None or pid not in [process.pid for process in self.program.processes()]:
            self._lab.compared()
            raise PromiseBrokenError(
                f"the functions of {self.file} can be called",
                "the process that had imported it does not answer any more",
                "What the file does while it is imported must leave Python as it is.",
            )
        return pid

    def wait_for_fork(self, seconds: float) -> int | None:
        """Give the status of the fork that has ended, as wait(2) does; None if it goes on."""
        return self._told("ended", seconds)

    def _told(self, what: str, seconds: float) -> int | None:
        """Wait for a line that tells a number."""
        channel = self._channel
        assert channel
        self._lab.wait(lambda: bool(channel.lines) or channel.closed, seconds)
        line = channel.lines.pop(0) if channel.lines else b""
        with suppress(GarbledError):
            match parse(line):
                case kind, [int(number)] if kind == what:
                    return number
        return None

    def ready(self) -> bool:
        """Tell whether the student's process was started and goes on."""
        return self._channel is not None and not self._channel.closed

    def _ready(self) -> Channel:
        return self._channel if self._channel and self.ready() else self._start()

    def _call(self, calls: Sequence[Call]) -> list[Outcome]:
        """Make calls until all are answered, or one is not, which is the last outcome then."""
        channel = self._ready()
        content = [each.content() for each in calls]
        channel.send(json.dumps(content).encode("ascii") + b"\n")
        in_time = self._lab.wait(
            lambda: len(channel.lines) >= len(calls) or channel.closed, _BATCH_SECONDS
        )
        lines, channel.lines = channel.lines, []
        outcomes = [self.outcome(*pair) for pair in zip(calls, lines, strict=False)]
        if len(lines) < len(calls):
            outcomes.append(self._death(in_time))
            self.stop()
            if not in_time:
                outcomes += [Died("was not called after that", False)] * (
                    len(calls) - len(outcomes)
                )
        elif len(lines) > len(calls):
            self.stop()
            outcomes[-1] = Died("was answered more than once")
        return outcomes

    def outcome(self, asked: Call, line: bytes) -> Outcome:
        """Read the answer to a call.

        Raises:
            PromiseBrokenError: if the function is missing.
            NotBegunError: if it is not written yet.
        """
        if line == b'["missing"]':
            self._lab.compared()
            raise PromiseBrokenError(
                f"a {asked.kind} {asked.function} in {self.file}",
                "there is none",
                f"A {asked.kind} is found by its name, which must be spelled as in the README.",
            )
        try:
            outcome = wire.outcome(line)
        except GarbledError as error:
            return Died(f"brought an answer that can't be read ({error})")
        if isinstance(outcome, Raised):
            self._expect_written(outcome)
        return outcome

    def _expect_written(self, raised: Raised) -> None:
        unfinished = "NotImplementedError" in raised.kinds
        if unfinished and (stub := not_written(self.file, raised.message, raised.where)):
            self._lab.compared()
            raise stub

    def _start(self) -> Channel:
        ours, theirs = socket.socketpair()
        words = [str(port.number) for port in self.ports]
        with theirs:
            self.program = Program(
                self._lab, ["-c", _BOOT, *words], self._lab.folder, theirs.fileno(), _LIMITS
            )
        self.program.name = self.file
        self._channel = channel = Channel(self._lab.bench.reactor, ours)
        channel.send(json.dumps(self._order).encode("ascii") + b"\n")
        self._lab.wait(lambda: bool(channel.lines) or channel.closed, _IMPORT_SECONDS)
        line = channel.lines.pop(0) if channel.lines else b""
        if line != b'["imported"]':
            self._lab.compared()
            raise PromiseBrokenError(
                f"{self.file} can be imported",
                self._failed_import(line),
                "The functions can be called only when the whole file runs from top to bottom, "
                "without an error and without waiting for anything.",
            )
        return channel

    def _failed_import(self, line: bytes) -> str:
        if line:
            outcome = self.outcome(call("import"), line)
            return f"it {text(outcome)} while it was imported"
        return f"the import {self._death(self._channel is not None and self._channel.closed).how}"

    def _death(self, in_time: bool) -> Died:
        """Say why a call was not answered."""
        assert self.program
        assert self._channel
        if self._channel.flooded:
            return Died("gave far more than any right answer")
        if not in_time:
            return Died(f"had not returned after {_BATCH_SECONDS:g} s")
        self._lab.wait(self.program.ended, 1)
        if self.program.ended():
            return Died(f"ended the process: {self.program.fate()}")
        return Died("closed a descriptor that isn't its own")

    def stop(self) -> None:
        """End the student's process and its forks; what comes next is done in a new one."""
        self._gone = self._objects
        if self._channel:
            self._channel.close()
        if self.program:
            self.program.end()
