"""A series of calls of a student's functions, in a process that may end: a fork of the student's.

The functions work on real sockets, which are handed over. What a call printed, and how its process
ended, is seen from outside of that process, so that it doesn't matter how a function does either.
"""

from __future__ import annotations

import json
import os
import re
import selectors
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

from grader.containment import tree
from grader.containment.door import Exit
from grader.lab.functions import wire
from grader.lab.functions.functions import Call, Functions
from grader.lab.functions.show import text
from grader.lab.functions.wire import Died, Given, Outcome, Raised, Returned, same
from grader.lab.kernel import processes
from grader.lab.lab import Lab
from grader.lab.transcript import PromiseBrokenError

_MAX_MESSAGE, _MAX_MESSAGES, _MAX_FDS = 1 << 17, 2_000, 4
_MAX_ERRORS_BYTES = 1 << 16
_MAX_SHOWN = 60
_CALL_SECONDS, _END_SECONDS = 2.0, 2.0
#: What a call that looks for bytes again and again, and never sleeps, has looked at by then.
_LOOK_SECONDS = 0.005
_TRACEBACK = "Traceback (most recent call last)"
_LAST_LINE = re.compile(r"[A-Za-z_.]+(:|$)")


class Series:
    """Calls made one after the other in one process.

    Args:
        lab: the check that makes them.
        functions: the student's, which were asked to be forked.
    """

    def __init__(self, lab: Lab, functions: Functions) -> None:
        self._lab = lab
        self._functions = functions
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = os.memfd_create("stderr")
        self._answers: list[tuple[bytes, list[int]]] = []
        self._messages = 0
        self._silent = False
        self._signals: list[bytes] = []
        self._exit: Exit | None = None
        self._waited = self._stuck = False
        self._at_look: tuple[bool, float] = (False, 0.0)
        self._call = Call("", ())
        #: Sockets that the last result held, as the kernel handed them back.
        self.sockets: list[socket.socket] = []
        try:
            with theirs:
                self._pid = functions.fork([theirs.fileno(), self._errors])
        except BaseException:
            self._control.close()
            os.close(self._errors)
            raise
        self._control.setblocking(False)
        lab.bench.reactor.watch(self, selectors.EVENT_READ)

    def __enter__(self) -> Series:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._hang_up()
        self.ended()
        self._drop_sockets()
        os.close(self._errors)

    # Orders

    def give(self, name: str, sock: socket.socket) -> Given:
        """Hand a socket over, and close it here; it has the lowest number that is free there."""
        with sock:
            self._order(["socket", name], [sock.fileno()])
        return Given(name)

    def forget(self, given: Given) -> None:
        """Let go of a socket object over there."""
        self._order(["forget", given.name])

    def close_under(self, given: Given) -> None:
        """Close a socket's descriptor over there, without the socket object's knowing."""
        self._lab.note(f"the descriptor of {given.name} was closed")
        self._order(["close", given.name])

    def replace_by_file(self, given: Given) -> None:
        """Let a socket's descriptor refer to something that is no socket."""
        self._lab.note(f"the descriptor of {given.name} is that of a file now")
        self._order(["replace", given.name])

    def no_more_descriptors(self) -> None:
        """Let the process have no descriptor more than it has (RLIMIT_NOFILE)."""
        self._lab.note("the process may have no descriptor more than it has")
        self._order(["no descriptors"])

    def begin(self, function: str, *arguments: object) -> None:
        """Begin a call; go on when it is about to be made, or can't be."""
        self._call = Call(function, arguments)
        self._drop_sockets()
        self._order(["call", function, wire.encode(list(arguments))[1:]])
        self._lab.wait(lambda: bool(self._answers) or self._silent, _CALL_SECONDS)
        if self._answers and self._answers[0][0] == b'["calling"]':
            self._answers.pop(0)

    def asked(self) -> str:
        """Write the call that was begun last as one would type it."""
        arguments = ", ".join(map(shown, self._call.arguments))
        return f"{self._call.function}({arguments})"

    # What goes on while a call waits

    def answered(self) -> bool:
        """Tell whether the call has brought an answer, or the end of its process."""
        return bool(self._answers) or self._silent

    def asleep(self) -> bool:
        """Tell whether the process sleeps in the kernel, and did so when this was asked last."""
        used = processes.cpu_use([self._pid])
        before = self._at_look
        self._at_look = (processes.asleep(self._pid), used.running)
        return self._at_look[0] and before == self._at_look

    def rest(self) -> None:
        """Wait until the process sleeps in the call, or the call is over."""
        self._lab.wait(lambda: self.answered() or self.asleep(), _CALL_SECONDS)

    def settle(self, read: Callable[[], bool]) -> None:
        """Wait until the call has read what was sent, or has looked at it, or is over.

        Args:
            read: whether it was read.
        """
        start = processes.cpu_use([self._pid]).running

        def looked() -> bool:
            used = processes.cpu_use([self._pid]).running - start
            return used > _LOOK_SECONDS or (used > 0 and self.asleep())

        self._lab.wait(lambda: self.answered() or read() or looked(), _CALL_SECONDS)

    def fail_with(self, number: int) -> bool:
        """Let the call fail with an error number while it waits; False if it doesn't wait."""
        return self._signal(number)

    def disturb(self) -> bool:
        """Send a signal whose handler just returns while the call waits; False if it doesn't."""
        return self._signal(0)

    # What is expected

    def value(
        self, seconds: float = _CALL_SECONDS, progress: Callable[[], object] = lambda: None
    ) -> Outcome:
        """Wait for the call's end, and give its outcome.

        Args:
            seconds: how long that may take.
            progress: what shows that the call is getting on (see `Lab.wait`).

        Raises:
            PromiseBrokenError: if the function is missing.
            NotBegunError: if it is not written yet.
        """
        in_time = self._lab.wait(self.answered, seconds, progress)
        if not self._answers:
            if not in_time:
                self._stuck = True
                return Died(f"had not returned after {seconds:g} s")
            return Died(f"did not come back: the process {self._fate()}")
        line, fds = self._answers.pop(0)
        for fd in fds:
            try:
                self.sockets.append(socket.socket(fileno=fd))
            except OSError:  # no socket after all
                os.close(fd)
        outcome = self._functions.outcome(self._call, line)
        if isinstance(outcome, Raised) and "SystemExit" in outcome.kinds:
            return Died(f"did not come back: the process {self._fate()}")
        return outcome

    def expect_value(self, wanted: object, why: str) -> None:
        """Expect the call to give a value."""
        outcome = self.value()
        given = isinstance(outcome, Returned) and same(outcome.value, wanted)
        self._lab.expect(
            given, f"{self.asked()} gives {shown(wanted)}", f"it {shown(outcome)}", why
        )

    def expect_return(self, why: str, expected: str = "returns") -> None:
        """Expect the call to return, whatever it gives."""
        outcome = self.value()
        self._lab.expect(
            isinstance(outcome, Returned),
            f"{self.asked()} {expected}",
            f"it {shown(outcome)}",
            why,
        )

    def expect_exit(self, message: str, why: str, *others: str) -> None:
        """Expect the call to end its process with status 1 and one of some messages."""
        allowed = (message, *others)
        said = " or ".join(f"`{each}`" for each in allowed)
        expected = (
            f"{self.asked()} ends the program with status 1 and says {said} on standard error"
        )
        outcome = self.value()
        self._lab.compared()
        if not isinstance(outcome, Died):
            went_on = ", and the program goes on" if isinstance(outcome, Returned) else ""
            raise PromiseBrokenError(expected, f"it {shown(outcome)}{went_on}", why)
        ended = self.ended()
        lines = [line.strip() for line in self.errors().splitlines()]
        right = ended is not None and ended.status == 1 and any(each in lines for each in allowed)
        if not right or _TRACEBACK in self.errors():
            raise PromiseBrokenError(expected, f"it {shown(outcome)}", why)
        self._lab.note(f"{self.asked()}: {shown(outcome)}")

    def errors(self) -> str:
        """Give what the process has written on standard error."""
        return os.pread(self._errors, _MAX_ERRORS_BYTES, 0).decode(errors="replace")

    def ended(self) -> Exit | None:
        """Give how the process has ended; one that doesn't end is ended, and None is given."""
        if not self._waited:
            self._waited = True
            status = None if self._stuck else self._functions.wait_for_fork(_END_SECONDS)
            if status is None:
                self._functions.stop()
            else:
                self._exit = Exit.of(status, 0.0)
        return self._exit

    # The socket

    def fileno(self) -> int:
        """Give the descriptor of the socket to the process."""
        return self._control.fileno()

    def ready(self, events: int) -> None:
        """Take in what the process says."""
        try:
            data, fds, _flags, _address = socket.recv_fds(self._control, _MAX_MESSAGE, _MAX_FDS)
        except BlockingIOError:
            return
        except OSError:
            data, fds = b"", []
        self._messages += 1
        if data.startswith(b'["signal"'):
            self._signals.append(data)
        elif data:
            self._answers.append((data, fds))
        if not data or self._messages > _MAX_MESSAGES:
            self._silent = True
            self._lab.bench.reactor.watch(self, 0)

    def _order(self, content: object, fds: list[int] | None = None) -> None:
        with suppress(OSError):
            socket.send_fds(self._control, [json.dumps(content).encode("ascii")], fds or [])

    def _signal(self, number: int) -> bool:
        """Send a signal to the process once it sleeps; tell whether its handler has run."""
        before = len(self._signals)
        self.rest()
        if self.answered() or not processes.asleep(self._pid):
            return False
        self._order(number)
        tree.send(signal.SIGUSR1, [self._pid])
        self._lab.wait(lambda: len(self._signals) > before or self._silent, _CALL_SECONDS)
        raised = self._signals[before:] == [f'["signal",{number}]'.encode()] and number
        did = f"raised {type(OSError(number, '')).__name__}" if raised else "returned"
        self._lab.note(f"while {self._call.function} waited, a signal came, and its handler {did}")
        return True

    def _fate(self) -> str:
        """Say how the process ended, and what it said."""
        ended = self.ended()
        if ended is None:
            return "did not end"
        return f"{ended}{self._said()}"

    def _said(self) -> str:
        lines = [line.strip() for line in self.errors().splitlines() if line.strip()]
        if not lines:
            return ", and standard error is empty"
        last = lines[-1]
        if _TRACEBACK in self.errors():
            last = next((line for line in reversed(lines) if _LAST_LINE.match(line)), last)
        return f", and standard error has {last[:200]!r}"

    def _hang_up(self) -> None:
        if self._control.fileno() >= 0:
            if not self._silent:
                self._lab.bench.reactor.watch(self, 0)
            self._control.close()

    def _drop_sockets(self) -> None:
        for sock in self.sockets:
            sock.close()
        self.sockets = []
        for _line, fds in self._answers:
            for fd in fds:
                os.close(fd)
        self._answers.clear()


def shown(value: object) -> str:
    """Write a value or an outcome; bytes as the text that they mostly are here."""
    match value:
        case Returned(bytes() as data):
            return f"gave {shown(data)}"
        case bytes() if len(value) > _MAX_SHOWN:
            return f"{value[:_MAX_SHOWN]!r}... ({len(value)} bytes)"
        case bytes():
            return repr(value)
    return text(value, decimal=True)
