"""Programs that try to cheat or do harm, each graded beside right submissions.

Each attacker is a fork server of 09 that turns into a right echo server once its attack has succeeded.
So its own check fails if the attack was stopped, and the checks of 08 and 10 must not notice anything.
The numbers in the attackers keep each of them harmless for the machine even if it isn't stopped.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.containment.door import MARKER
from grader.containment.layers import SWITCH
from tests import cases
from tests.grading import ROOT, Graded, run

FOLDER = Path(__file__).parent / "attacks"
ATTACKER = "09_fork_server"
BESIDE = ("08:echoes", "08:client_echoes", "10:echoes", "10:many_clients", "10:no_fd_growth")
TOO_MUCH = "than it may"
DENIED = "PermissionError"
ABSENT = "FileNotFoundError"
ALL_LAYERS = "landlock,seccomp,view,user"

#: What the attacker's own check says, by attack: one of these.
STOPPED: dict[str, tuple[str, ...]] = {
    "burns_cpu": ("doesn't listen",),
    "changes_modes": (DENIED,),
    "daemon": ("ended with status 0",),
    "daemon_without_marker": ("ended with status 0",),
    "deep_folders": (TOO_MUCH, "ended with status 0", "No space left"),
    "edits_checks": (DENIED, ABSENT),
    "edits_submission": (DENIED,),
    "endless_output": ("printed more than 16 MiB",),
    "exits_at_once": ("ended with status 0",),
    "fake_result": ("ended with status 0",),
    "fork_bomb": (TOO_MUCH, "doesn't listen"),
    "fork_chain": (TOO_MUCH, "doesn't listen"),
    "forwards": (DENIED,),
    "forwards_fast": (DENIED,),
    "forwards_multipath": (DENIED,),
    "hides": (DENIED,),
    "huge_file": ("File too large",),
    "kills_grader": (DENIED,),
    "kills_group": ("killed by SIGKILL",),
    "kills_parent": (DENIED,),
    "large_files": (TOO_MUCH, "No space left"),
    "limits_parent": (DENIED,),
    "many_files": (TOO_MUCH, "No space left"),
    "memory_in_many": (TOO_MUCH,),
    "memory_in_one": (TOO_MUCH,),
    "new_user": (DENIED,),
    "other_port": (DENIED,),
    "pins_parent": (DENIED,),
    "reads_arguments": (DENIED, ABSENT),
    "reads_descriptors": (DENIED, ABSENT),
    "reads_environment": ("KeyError: 'GITHUB_TOKEN'",),
    "reads_home": (DENIED, ABSENT),
    "reads_memory": (DENIED, ABSENT),
    "reads_solution": (DENIED, ABSENT),
    "reads_solution_by_hard_link": (DENIED, ABSENT, "Invalid cross-device link"),
    "reads_solution_by_proc": (DENIED, ABSENT),
    "reads_solution_by_symlink": (DENIED, ABSENT),
    "respawning": ("ended with status 0",),
    "shared_memory": (DENIED,),
    "signals_everybody": (DENIED,),
    "slows_parent": (DENIED,),
    "stops_itself": ("is stopped (SIGSTOP)",),
    "stops_parent": (DENIED,),
    "thread_bomb": (TOO_MUCH,),
    "traces_grader": (DENIED,),
    "udp": (DENIED,),
    "unix_datagram": (DENIED,),
    "unix_socket": (DENIED,),
    "writes_elsewhere": (DENIED,),
    "writes_report": (DENIED,),
}


@dataclass(frozen=True)
class Arena:
    """What an attack takes place in.

    Args:
        submission: the attacker and right programs.
        victim: what the attacker is after, with everything in it as it must stay.
        temporary: the grader's TMPDIR.
    """

    submission: Path
    victim: Path
    temporary: Path

    def grade(self, *beside: str, off: str = "") -> Graded:
        """Grade the attacker and what is beside it, and make sure that nothing of it is left.

        Args:
            beside: other promises.
            off: layers of containment that are left out. Without any, nothing may have changed.
        """
        report = self.temporary.parent / "result.json"
        before = _state(self.victim)
        grade = [sys.executable, "-m", "grader", "grade", "--seed", "1", "--json", str(report)]
        done = run(
            [*grade, "--dir", str(self.submission), "09:echoes", *beside],
            **{"TMPDIR": str(self.temporary), "GITHUB_TOKEN": "secret", SWITCH: off},
        )
        assert report.exists(), done.stderr
        assert not _survivors(self.temporary)
        assert not list(self.temporary.iterdir())
        if not off:
            assert _state(self.victim) == before
        return Graded(done.returncode, done.stdout, done.stderr, json.loads(report.read_text()))


@pytest.fixture
def arena(tmp_path: Path) -> Iterator[Arena]:
    submission, victim, temporary = (tmp_path / name for name in ("work", "victim", "tmp"))
    for name in ("08_echo", "10_thread_server"):
        shutil.copytree(ROOT / "solutions" / name, submission / name)
    for folder in (submission / ATTACKER, victim / "home", victim / "open", temporary):
        folder.mkdir(parents=True)
    (victim / "open").chmod(0o777)
    (victim / "report.json").write_text("the result of last time")
    (victim / "check.py").write_text("the check")
    (victim / "home" / "key").write_text("a private key")
    (victim / "home" / "key").chmod(0o600)
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        # a Unix socket's path has 107 bytes at most
        short = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        short.chmod(0o755)
        service = stack.enter_context(socket.socket(socket.AF_UNIX))
        service.bind(str(short / "service"))
        service.listen()
        datagrams = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        datagrams.bind(str(short / "datagrams"))
        for path in (short / "service", short / "datagrams"):
            path.chmod(0o777)
        targets = {
            "solution": str(ROOT / "solutions" / ATTACKER / "fork_server.py"),
            "report": str(victim / "report.json"),
            "check": str(victim / "check.py"),
            "open": str(victim / "open"),
            "secret": str(victim / "home" / "key"),
            "grader": os.getpid(),  # as good a target: a process of the user who grades
            "port": listener.getsockname()[1],
            "unix": str(short / "service"),
            "datagrams": str(short / "datagrams"),
        }
        (submission / ATTACKER / "targets.json").write_text(json.dumps(targets))
        shutil.copy(FOLDER / "echo.py", submission / ATTACKER)
        yield Arena(submission, victim, temporary)


def _some(names: Sequence[str], step: int) -> Sequence[str]:
    """Give all names if everything is to be tried, else one in so many."""
    return names if cases.everything() else names[::step]


def attack(arena: Arena, name: str) -> None:
    """Put an attacker into the submission."""
    shutil.copy(FOLDER / f"{name}.py", arena.submission / ATTACKER / "fork_server.py")


def test_every_attack_is_tried() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} - {"echo"} == set(STOPPED)


@pytest.mark.parametrize("name", _some(sorted(STOPPED), 3))
def test_attack(name: str, arena: Arena) -> None:
    attack(arena, name)
    graded = arena.grade(*BESIDE)
    for exercise in ("08_echo", "10_thread_server"):
        assert graded.having(exercise, "pass") == set(graded.checks(exercise)), graded.output
    check = graded.checks(ATTACKER)["echoes"]
    assert check["status"] == "fail", check
    assert any(words in check["observed"] for words in STOPPED[name]), check["observed"]
    assert "GITHUB_TOKEN" not in check["observed"] or name == "reads_environment"


#: The attacks that succeed on a machine that has none of the layers; docs/security.md says so.
OPEN_WITHOUT_LAYERS = {
    *("changes_modes", "edits_checks", "edits_submission", "writes_elsewhere", "writes_report"),
    *("reads_home", "reads_solution", "reads_solution_by_hard_link", "reads_solution_by_symlink"),
    *("forwards", "forwards_fast", "forwards_multipath", "other_port", "udp", "unix_datagram"),
    *("unix_socket", "hides", "kills_grader", "limits_parent", "new_user", "reads_arguments"),
    *("shared_memory", "signals_everybody"),
}
#: Those that succeed besides for an ordinary user; a program of root's has no capabilities left, and
#: the kernel keeps it from processes that have some.
if os.geteuid() != 0:
    OPEN_WITHOUT_LAYERS |= {"reads_descriptors", "reads_memory", "reads_solution_by_proc"}
    OPEN_WITHOUT_LAYERS |= {"traces_grader", "slows_parent", "pins_parent"}


WITHOUT_LAYERS = sorted(name for name, said in STOPPED.items() if DENIED in said)


@pytest.mark.parametrize("name", _some(WITHOUT_LAYERS, 6))
def test_attack_without_layers(name: str, arena: Arena) -> None:
    attack(arena, name)
    graded = arena.grade("08:echoes", off=ALL_LAYERS)
    assert "programs could read and change your files" in graded.output
    assert graded.checks("08_echo")["echoes"]["status"] == "pass"
    succeeded = graded.checks(ATTACKER)["echoes"]["status"] == "pass"
    assert succeeded == (name in OPEN_WITHOUT_LAYERS)


#: What older kernels have: files, files and TCP.
OLDER = ("landlock=1,view,user", "landlock=4,view,user")
ON_OLDER = ["daemon", "kills_parent", "kills_group", "reads_memory", "reads_solution", "respawning"]


@pytest.mark.parametrize("off", OLDER)
@pytest.mark.parametrize("name", _some(ON_OLDER, 3))
def test_attack_on_an_older_kernel(name: str, off: str, arena: Arena) -> None:
    attack(arena, name)
    graded = arena.grade("08:echoes", off=off)
    assert graded.checks("08_echo")["echoes"]["status"] == "pass"
    assert graded.checks(ATTACKER)["echoes"]["status"] == "fail"
    assert graded.result["containment"]["gaps"]


def _state(folder: Path) -> dict[str, Any]:
    """Give all that can be told of the files in a folder, but for when they were last read."""
    state: dict[str, Any] = {}
    for path in [folder, *folder.rglob("*")]:
        about = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        state[str(path)] = (about.st_mode, about.st_uid, about.st_mtime_ns, content)
    return state


def _survivors(temporary: Path) -> list[int]:
    """Give the processes that carry the marker of a program, and a scratch folder of this run."""
    found = []
    for process in psutil.process_iter():
        try:
            environment = process.environ()
        except psutil.Error:
            continue
        if MARKER in environment and environment.get("HOME", "").startswith(str(temporary)):
            found.append(process.pid)
    return found
