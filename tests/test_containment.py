"""What a program may do to the grader, and what is left of it: nothing."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from pathlib import Path

import psutil
import pytest

from grader.containment.door import MARKER, Contained, ContainmentError, Door
from grader.containment.limits import Limits


def start(door: Door, folder: Path, source: str, **limits: int) -> Contained:
    (folder / "program.py").write_text(source)
    return door.start(["program.py"], folder, limits=Limits(**limits))


def finish(program: Contained) -> Contained:
    end = time.monotonic() + 30
    while program.exit is None:
        assert time.monotonic() < end
        time.sleep(0.002)
        program.update()
    return program


def marked(door: Door) -> list[int]:
    """Processes that carry the marker of a door."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARKER) == door.scratch.name:
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def test_output_and_status(door: Door, tmp_path: Path) -> None:
    program = finish(start(door, tmp_path, "import sys; print('out'); sys.exit('err')"))
    assert (program.stdout(), program.stderr()) == (b"out\n", b"err\n")
    assert str(program.exit) == "ended with status 1"
    program.end()


def test_a_signal_is_told_from_a_status(door: Door, tmp_path: Path) -> None:
    program = finish(start(door, tmp_path, "import os; os.kill(os.getpid(), 15)"))
    assert str(program.exit) == "was killed by SIGTERM"
    program.end()


def test_the_environment_and_the_path_are_clean(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    source = "import os, sys; print(sorted(os.environ), sys.path[1:])"
    program = finish(start(door, tmp_path, source))
    said = program.stdout().decode()
    assert "GITHUB_TOKEN" not in said
    assert "site-packages" not in said
    assert MARKER in said
    program.end()


DAEMON = """
import os, signal, time
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print("daemon", flush=True)
        time.sleep(600)
    os._exit(0)
os.wait()
"""


@pytest.mark.parametrize("last", ["", "time.sleep(600)"])
def test_daemons_are_ended(door: Door, tmp_path: Path, last: str) -> None:
    program = start(door, tmp_path, DAEMON + last)
    while not program.stdout():
        time.sleep(0.002)
    assert marked(door)
    program.end()
    assert not marked(door)


RESPAWNING = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("up", flush=True)
for _ in range(2000):
    if os.fork():
        os._exit(0)
    os.setsid()
"""


def test_a_tree_that_respawns_itself_is_ended(door: Door, tmp_path: Path) -> None:
    program = start(door, tmp_path, RESPAWNING)
    while not program.stdout():
        time.sleep(0.002)
    program.end()
    assert not marked(door)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_program_that_kills_or_stops_its_parent(
    door: Door, tmp_path: Path, number: signal.Signals
) -> None:
    source = f"import os, time; os.kill(os.getppid(), {int(number)}); time.sleep(600)"
    program = start(door, tmp_path, source)
    time.sleep(0.1)
    program.end()
    end = time.monotonic() + 20
    while marked(door) and time.monotonic() < end:
        time.sleep(0.01)
    assert not marked(door)
    after = finish(start(door, tmp_path, "print('fine')"))
    assert after.stdout() == b"fine\n"
    after.end()


def test_a_supervisor_may_be_stopped_before_it_tells_of_the_start() -> None:
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    supervisor = os.fork()
    if supervisor == 0:
        control.close()
        os.kill(os.getpid(), signal.SIGSTOP)
        message = {"started": 1, "supervisor": os.getpid(), "uid": None}
        theirs.send(json.dumps(message).encode())
        theirs.recv(100)
        os._exit(0)
    theirs.close()
    os.waitid(os.P_PID, supervisor, os.WSTOPPED)
    output = os.memfd_create("stdout"), os.memfd_create("stderr")
    program = Contained(control, output, Limits(), launcher=os.getpid())
    assert (program.supervisor, program.pid) == (supervisor, 1)
    program.end()
    os.waitpid(supervisor, 0)


def test_a_program_that_kills_its_process_group(door: Door, tmp_path: Path) -> None:
    program = finish(start(door, tmp_path, "import os; os.killpg(0, 9)"))
    assert str(program.exit) == "was killed by SIGKILL"
    program.end()


def test_output_is_capped_and_never_blocks(door: Door, tmp_path: Path) -> None:
    source = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
    program = finish(start(door, tmp_path, source, file_bytes=1 << 20))
    assert len(program.stdout()) == 1 << 20
    assert program.output_full()
    program.end()


def test_cpu_time_is_limited(door: Door, tmp_path: Path) -> None:
    program = finish(start(door, tmp_path, "while True: pass", cpu_seconds=1))
    assert program.exit
    assert program.exit.signal in (signal.SIGXCPU, signal.SIGKILL)
    program.end()


def test_descriptors_are_limited_and_none_is_inherited(door: Door, tmp_path: Path) -> None:
    source = (
        "import os; print(os.listdir('/proc/self/fd'))\n"
        "try:\n    while True: os.dup(0)\nexcept OSError as error: print(error.strerror)"
    )
    program = finish(start(door, tmp_path, source, descriptors=64))
    inherited, refused = program.stdout().decode().splitlines()
    assert inherited == "['0', '1', '2', '3']"  # 3 is the listing's own
    assert refused == "Too many open files"
    program.end()


def test_a_program_that_cannot_be_started_is_said(door: Door, tmp_path: Path) -> None:
    with pytest.raises(ContainmentError, match="No such file"):
        door.start(["./missing"], tmp_path)


def test_closing_the_door_ends_everything(tmp_path: Path) -> None:
    door = Door()
    program = start(door, tmp_path, "import time; print('up'); time.sleep(600)")
    while not program.stdout():
        time.sleep(0.002)
    assert marked(door)
    door.close()
    assert not marked(door)
    assert not door.scratch.exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_the_launcher_may_be_killed_or_stopped(tmp_path: Path, number: signal.Signals) -> None:
    door = Door()
    program = start(door, tmp_path, DAEMON + "time.sleep(600)")
    while not program.stdout():
        time.sleep(0.002)
    launcher = psutil.Process(program.supervisor).parent()
    assert launcher
    os.kill(launcher.pid, number)
    os.kill(program.supervisor, signal.SIGKILL)
    door.close()
    assert not marked(door)


def test_the_launcher_may_be_stopped_before_a_start(tmp_path: Path) -> None:
    door = Door()
    first = start(door, tmp_path, "print('first')")
    launcher = psutil.Process(first.supervisor).parent()
    assert launcher
    launcher.suspend()
    assert finish(start(door, tmp_path, "print('second')")).stdout() == b"second\n"
    first.end()
    door.close()
    assert not marked(door)


def test_the_grader_may_die(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(DAEMON + "time.sleep(600)")
    ready, done = os.pipe()
    grader = os.fork()
    if grader == 0:
        door = Door()
        program = door.start(["program.py"], tmp_path)
        while not program.stdout():
            time.sleep(0.002)
        os.write(done, door.scratch.name.encode())
        time.sleep(600)
        os._exit(0)
    scratch = os.read(ready, 1000).decode()

    def left() -> bool:
        return any(
            b"SOCKLAB_PROGRAM=" + scratch.encode() in _environment(pid) for pid in psutil.pids()
        )

    assert left()
    os.kill(grader, signal.SIGKILL)
    os.waitpid(grader, 0)
    end = time.monotonic() + 20
    while left() and time.monotonic() < end:
        time.sleep(0.005)
    assert not left()


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
