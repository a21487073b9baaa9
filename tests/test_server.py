"""How a server is seen to start, and to be idle."""

from __future__ import annotations

import pytest

from grader.checks.server_upkeep import test_idle_cpu as expect_idle
from grader.lab.kernel import processes
from grader.lab.lab import Lab
from grader.lab.program import Program
from grader.lab.server import Server
from grader.lab.transcript import PromiseBrokenError

#: The process that is left listens as soon as the one that was started has ended.
IN_THE_BACKGROUND = """
import os, socket, sys, time
parent = os.getpid()
if os.fork():
    os._exit(0)
while os.getppid() == parent:
    time.sleep(0.001)
listener = socket.create_server(("", int(sys.argv[1])))
while True:
    listener.accept()
"""

SPINS = """
import socket, sys
listener = socket.create_server(("", int(sys.argv[1])))
listener.setblocking(False)
while True:
    try:
        listener.accept()
    except BlockingIOError:
        pass
"""


def test_a_server_in_the_background_is_known_before_its_end_is_reported(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel shows a process that ended at once; that it did is heard of a moment later."""
    looks = 0
    ended = Program.ended

    def late(program: Program) -> bool:
        nonlocal looks
        own = processes.look(program.pid)
        looks += own is None or own.zombie
        return looks > 10 and ended(program)

    monkeypatch.setattr(Program, "ended", late)
    (lab.folder / "server.py").write_text(IN_THE_BACKGROUND)
    with pytest.raises(PromiseBrokenError, match="went into the background"):
        Server(lab, "server.py")


def test_a_server_that_gets_no_core_is_not_idle(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing runs for a while on a machine whose host is busy."""
    let_pass = lab.let_pass

    def starve(seconds: float) -> None:
        with server.program.paused():
            let_pass(seconds)

    (lab.folder / "server.py").write_text(SPINS)
    server = Server(lab, "server.py")
    monkeypatch.setattr(lab, "let_pass", starve)
    with pytest.raises(PromiseBrokenError, match="of CPU in 200 ms"):
        expect_idle(server, lab)
