"""Runs in the student's process, beside the runner: calls that may end their process, in forks of it.

Each line `["fork"]` from the grader brings two descriptors, a socket of whole messages and a file.
A fork of this process takes its orders from the socket and has the file as its standard error. It
ends as Python ends: by an exit, an exception, a signal, or because the grader has no more to ask.
The runner waits for it and tells its status as wait(2) gives it.

What the grader can't have of the kernel on demand, a failing system call, a handler of SIGUSR1
raises while the call waits (PEP 475). A call that has moved bytes already returns them instead, as
the kernel has it, and then nothing is raised.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import resource
import signal
import socket
import sys
import threading
from builtins import OSError, SystemExit, int, isinstance, len, list, tuple, type  # noqa: A004, UP029
from socket import recv_fds, send_fds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any, NoReturn

MAX_ORDER, MAX_ANSWER = 1 << 18, 60_000
_fork, _wait, _leave = os.fork, os.waitpid, os._exit
_close, _dup2, _open = os.close, os.dup2, os.open
_strerror, _null, _set_profile = os.strerror, os.devnull, sys.setprofile
_print, _join_threads, _run_exit_functions = print, threading._shutdown, atexit._run_exitfuncs  # type: ignore[attr-defined]
_loads = json.JSONDecoder().decode
_Socket = socket.socket
_set_limit, _get_limit, _FILES = resource.setrlimit, resource.getrlimit, resource.RLIMIT_NOFILE


class Fork:
    """One fork of the student's process.

    Args:
        runner: the runner, which has the student's module.
        decode: makes arguments out of what comes in.
        encode: makes text of results.
        control: the socket to the grader.
    """

    def __init__(
        self,
        runner: Any,
        decode: Callable[[Any, dict[str, Any]], Any],
        encode: Callable[[Any], str],
        control: socket.socket,
    ) -> None:
        self._runner = runner
        self._decode = decode
        self._encode = encode
        self._control = control
        self._names = {"OSError": OSError, **runner.module.__dict__}
        self._given: dict[str, socket.socket] = {}
        self._waits_in_c = False

    def run(self) -> NoReturn:
        """Do what the grader asks for, until it asks no more or a call ends the process."""
        signal.signal(signal.SIGUSR1, self.on_signal)  # type: ignore[arg-type]
        while True:
            data, fds, _flags, _address = recv_fds(self._control, MAX_ORDER, 1)
            if not data:
                _leave(0)
            self._obey(fds, *_loads(data.decode("ascii")))

    def _obey(self, fds: list[int], order: str, *details: Any) -> None:
        if order == "call":
            self._call(*details)
        elif order == "socket":  # at the lowest number that is free, as the kernel gives them
            self._given[details[0]] = _Socket(fileno=fds[0])
        elif order == "forget":
            del self._given[details[0]]
        elif order == "close":  # under the socket, which doesn't know
            _close(self._given[details[0]].fileno())
        elif order == "replace":
            null = _open(_null, os.O_RDWR)
            _dup2(null, self._given[details[0]].fileno(), inheritable=False)
            _close(null)
        elif order == "no descriptors":
            _set_limit(_FILES, (0, _get_limit(_FILES)[1]))

    def _call(self, name: str, arguments: list[Any]) -> None:
        function = self._names.get(name, self)
        if function is self:
            self._tell('["missing"]')
            return
        values = [
            self._given[each[1]]
            if type(each) is list and each[0] == "given"
            else self._decode(each, self._names)
            for each in arguments
        ]
        self._tell('["calling"]')
        try:
            _set_profile(self._follow)
            result = function(*values)
        except SystemExit as error:
            _set_profile(None)
            self._tell(self._runner.raised(error))
            _exit_as_python_does(error.code)
        except BaseException as error:
            _set_profile(None)
            self._tell(self._runner.raised(error))
            raise
        _set_profile(None)
        parts = result if isinstance(result, list | tuple) else (result,)
        fds = [fd for part in parts if isinstance(part, _Socket) and (fd := part.fileno()) >= 0]
        plain = bytes(result) if type(result) is bytearray else result
        text = f'["returned",{self._encode(plain)}]'
        if len(text) > MAX_ANSWER:
            text = '["returned",["huge","result"]]'
        self._tell(text, fds[:4])

    def on_signal(self, _number: int, frame: FrameType) -> None:
        """Raise the error that the grader names, if any, out of a call that waits in the kernel.

        A call that has returned with what it had may not have come to `_follow`'s notice yet.
        """
        waits = self._waits_in_c and frame.f_code is not _FOLLOWER
        errno = _loads(self._control.recv(100).decode("ascii"))
        raises = errno if waits else 0
        self._tell(f'["signal",{raises}]')
        self._waits_in_c = waits
        if raises:
            raise OSError(raises, _strerror(raises))

    def _follow(self, frame: FrameType, event: str, _argument: object) -> None:
        """Keep in mind whether a function in C has been called and not returned (sys.setprofile)."""
        if frame.f_code is not _HANDLER:
            self._waits_in_c = event == "c_call"

    def _tell(self, text: str, fds: list[int] | None = None) -> None:
        send_fds(self._control, [text.encode("ascii")], fds or [])


def _exit_as_python_does(code: object) -> NoReturn:
    """End as SystemExit ends a program, without the work of taking Python down (sys.exit)."""
    if code is not None and not isinstance(code, int):
        _print(code, file=sys.stderr)
    _join_threads()
    _run_exit_functions()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    _leave(0 if code is None else code & 0xFF if isinstance(code, int) else 1)


_HANDLER, _FOLLOWER = Fork.on_signal.__code__, Fork._follow.__code__


def serve(
    runner: Any,
    decode: Callable[[Any, dict[str, Any]], Any],
    encode: Callable[[Any], str],
) -> None:
    """Fork whenever the grader asks for it, until it closes the socket."""
    channel = _Socket(fileno=runner.channel)
    gc.freeze()  # forks share the pages of what is there already
    while True:
        line, fds, _flags, _address = recv_fds(channel, 100, 2)
        if not line:
            return
        pid = _fork()
        if pid == 0:
            channel.close()
            _dup2(fds[1], 2)
            _close(fds[1])
            Fork(runner, decode, encode, _Socket(fileno=fds[0])).run()
        for fd in fds:
            _close(fd)
        runner.tell(f'["forked",{pid}]')
        runner.tell(f'["ended",{_wait(pid, 0)[1]}]')
