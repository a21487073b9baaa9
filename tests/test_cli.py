"""Bad input gets a clear sentence and the right exit status; nothing is left running."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from grader.exercises import EXERCISES, SOLUTIONS
from tests.grading import ROOT, Graded, run
from tests.warm import grade

FORK = "09_fork_server"
PROGRAM = "fork_server.py"
SOLUTION = SOLUTIONS / FORK / PROGRAM


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder with a right fork server."""
    folder = tmp_path / "handed in" / FORK
    shutil.copytree(SOLUTIONS / FORK, folder)
    return folder


def graded(folder: Path, *selection: str) -> Graded:
    """Grade the folder of one exercise, and make sure that no traceback of ours is shown."""
    result = grade(
        *(selection or (f"{FORK}:echoes",)),
        folder=folder.parent,
        json_file=folder.parents[1] / "result.json",
    )
    assert "grader/" not in result.output + result.errors
    return result


def message(found: Graded, promise: str = "echoes") -> str:
    check = found.checks(FORK)[promise]
    return f"{check['status']}: {check['observed']}"


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("fork_serer", "there is no exercise 'fork_serer'; did you mean 09_fork_server?"),
        ("77", "there is no exercise '77'; there are 01_layers"),
        ("09:reap", "09_fork_server has no promise 'reap'; did you mean reaps"),
        ("09:xyzzy", "09_fork_server has no promise 'xyzzy'; there are echoes"),
    ],
)
def test_unknown_names(folder: Path, word: str, says: str) -> None:
    found = graded(folder, word)
    assert found.status == 2
    assert says in found.errors


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_the_folder_is_none(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    if kind == "file":
        path.write_text("")
    found = grade(folder=path)
    assert found.status == 2
    assert f"can't grade {path}: " in found.errors


@pytest.mark.parametrize("where", ["missing/result.json", "."])
def test_the_result_cannot_be_written(folder: Path, tmp_path: Path, where: str) -> None:
    found = grade(folder=folder.parent, json_file=tmp_path / where)
    assert found.status == 2
    assert "can't write" in found.errors
    assert not found.output


@pytest.mark.parametrize("options", [["--seed", "x"], ["--workers", "0"], ["--nonsense"]])
def test_unusable_options(options: list[str]) -> None:
    found = grade(*options, folder=EXERCISES)
    assert found.status == 2
    assert "usage" in found.errors


def test_what_exercises_are_missing_is_said(folder: Path) -> None:
    found = graded(folder, "08", "09:echoes", "10")
    assert found.status == 1
    assert found.output.count("no folder") == 2
    assert found.having(FORK, "pass") == {"echoes"}


def test_a_missing_file(folder: Path) -> None:
    (folder / PROGRAM).unlink()
    found = graded(folder)
    assert (found.status, message(found)) == (1, "fail: fork_server.py is missing")


def test_a_directory_in_its_place(folder: Path) -> None:
    (folder / PROGRAM).unlink()
    (folder / PROGRAM).mkdir()
    assert message(graded(folder)) == "fail: fork_server.py is a directory, not a file"


def test_a_fifo_in_its_place(folder: Path) -> None:
    (folder / PROGRAM).unlink()
    os.mkfifo(folder / PROGRAM)
    assert message(graded(folder)) == "fail: fork_server.py is not a regular file"


def test_a_symlink_loop(folder: Path) -> None:
    (folder / PROGRAM).unlink()
    (folder / PROGRAM).symlink_to(PROGRAM)
    assert "fork_server.py can't be read: Too many levels" in message(graded(folder))


def test_a_symlink_out_of_the_folder(folder: Path) -> None:
    (folder / PROGRAM).unlink()
    (folder / PROGRAM).symlink_to(SOLUTION)
    assert "leads out of its folder" in message(graded(folder))


def test_a_symlink_within_the_folder(folder: Path) -> None:
    (folder / PROGRAM).rename(folder / "mine.py")
    (folder / PROGRAM).symlink_to("mine.py")
    assert graded(folder).status == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file(folder: Path) -> None:
    (folder / PROGRAM).chmod(0)
    assert "can't be read: Permission denied" in message(graded(folder))


def test_a_syntax_error_says_where(folder: Path) -> None:
    (folder / PROGRAM).write_text("import socket\n\ndef serve(:\n    pass\n")
    said = message(graded(folder))
    assert "SyntaxError" in said
    assert "(fork_server.py:3)" in said


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "fork_server.py ended with status 0"),
        ("import sys; sys.exit('no network today')", "ended with status 1: no network today"),
        ("import time; time.sleep(600)", "is still running and doesn't listen"),
        ("import os; os.kill(os.getpid(), 11)", "was killed by SIGSEGV"),
        ("x = {}\nx['port']", "KeyError: 'port' (fork_server.py:2)"),
    ],
)
def test_a_program_that_does_not_come_up(folder: Path, source: str, says: str) -> None:
    (folder / PROGRAM).write_text(source)
    found = graded(folder)
    assert message(found).startswith("fail: ")
    assert says in message(found)


def test_a_program_that_prints_without_end(folder: Path) -> None:
    (folder / PROGRAM).write_text("while True: print('x' * 100_000)")
    assert "it printed more than 16 MiB" in message(graded(folder))


def test_a_server_that_prints_a_lot_is_not_held_up(folder: Path) -> None:
    text = SOLUTION.read_text()
    (folder / PROGRAM).write_text(
        text.replace("import sys\n", "import sys\nprint('x' * 5_000_000)\n")
    )
    assert graded(folder).status == 0


ELSEWHERE = "import socket, time\ns = socket.create_server(('127.0.0.1', 0))\ntime.sleep(600)\n"


def test_a_server_that_listens_elsewhere(folder: Path) -> None:
    (folder / PROGRAM).write_text(ELSEWHERE)
    said = message(graded(folder))
    # Where Landlock confines TCP, the program isn't allowed to, and is told so.
    assert (
        "it listens on 127.0.0.1 port " in said or "use the TCP ports on its command line" in said
    )


def test_a_server_that_is_no_stub_and_says_not_implemented(folder: Path) -> None:
    text = SOLUTION.read_text()
    (folder / PROGRAM).write_text(
        text.replace("    serve(listener)\n", "    raise NotImplementedError('two at once')\n")
    )
    assert "NotImplementedError: two at once (fork_server.py:" in message(graded(folder))


def test_a_server_that_goes_into_the_background(folder: Path) -> None:
    text = SOLUTION.read_text()
    background = text.replace(
        "    serve(listener)\n",
        "    if os.fork():\n        os._exit(0)\n    os.setsid()\n    serve(listener)\n",
    )
    (folder / PROGRAM).write_text(background)
    assert "went into the background" in message(graded(folder))


@pytest.mark.parametrize("name", ["conftest.py", "pytest.ini", "tox.ini", "sitecustomize.py"])
def test_files_that_would_steer_the_grader(folder: Path, name: str) -> None:
    marker = folder / "loaded"
    for place in (folder, folder.parent):
        (place / name).write_text(f"open({str(marker)!r}, 'w')\nraise SystemExit(0)\n")
    assert graded(folder).status == 0
    assert not marker.exists()


@pytest.mark.parametrize("name", ["socket.py", "psutil.py"])
def test_files_that_shadow_modules(folder: Path, name: str) -> None:
    (folder / name).write_text("raise RuntimeError('shadow')\n")
    found = graded(folder)
    problem = found.result["exercises"][0]["problem"]
    if name == "socket.py":
        assert "RuntimeError: shadow (socket.py:1)" in message(found)
        assert "socket.py in this folder hides Python's own `socket`" in problem
    else:
        assert (found.status, problem) == (0, "")


def test_the_students_files_are_left_alone(folder: Path) -> None:
    text = SOLUTION.read_text()
    harm = "import os\nopen(__file__, 'w').close()\nopen('new', 'w').close()\n"
    (folder / PROGRAM).write_text(text.replace("import os\n", harm, 1))
    before = {path: path.read_bytes() for path in folder.parent.rglob("*") if path.is_file()}
    graded(folder)
    assert before == {p: p.read_bytes() for p in folder.parent.rglob("*") if p.is_file()}


def test_same_seed_same_result(folder: Path) -> None:
    def verdicts(found: Graded) -> str:
        masked = [{**c, "seconds": 0, "transcript": ""} for c in found.checks(FORK).values()]
        return json.dumps(masked)

    first, second = (graded(folder, FORK, "--seed", "7") for _ in range(2))
    assert first.result["seed"] == 7
    assert verdicts(first) == verdicts(second)


def test_plain_text_when_nobody_is_at_the_terminal(folder: Path) -> None:
    found = graded(folder)
    assert "\x1b" not in found.output
    assert "1.0 s" not in found.errors


def test_what_a_program_says_cannot_steer_the_terminal(folder: Path) -> None:
    (folder / PROGRAM).write_text("import sys; sys.exit('\\x1b[2J\\x1b]0;gotcha\\x07')")
    found = graded(folder)
    assert "\x1b" not in found.output
    assert "\\x1b[2J" in found.output


INTERRUPTED_COMMAND = """
import os, signal, time
from grader import cli

class Hook:
    def {hook}(self, *_):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)

def command(options):
    class Owner:
        attribute = Hook()
    del Owner.attribute
    time.sleep(60)

cli._grade = command
raise SystemExit(cli.main(["grade"]))
"""


@pytest.mark.parametrize("hook", ["__del__", "__set_name__"])
def test_an_interruption_that_python_loses_or_wraps_is_one(hook: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_COMMAND.format(hook=hook)],
        cwd=ROOT, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.stderr == "interrupted; nothing was left running\n"
    assert done.returncode == 130


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("delay", [0.0, 0.1, 0.25, 0.5, 1.0])
def test_an_interruption_leaves_nothing(delay: float, number: signal.Signals) -> None:
    before = set(psutil.pids())
    grader = subprocess.Popen(
        [sys.executable, "-m", "grader", "grade", "--dir", str(SOLUTIONS)],
        cwd=ROOT, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not _catches(grader.pid, signal.SIGTERM):  # before that it is the interpreter's affair
        time.sleep(0.001)
    time.sleep(delay)
    os.killpg(grader.pid, number)
    _output, errors = grader.communicate(timeout=60)
    assert errors == "interrupted; nothing was left running\n"
    # A shell calls both 130: CPython may end itself by SIGINT if that came while it was importing.
    assert grader.returncode in (130, -signal.SIGINT)
    left = [p for p in set(psutil.pids()) - before if _of(p, grader.pid)]
    assert not left


def _catches(pid: int, number: signal.Signals) -> bool:
    """Whether a process has a handler for a signal (proc_pid_status(5), SigCgt)."""
    status = Path(f"/proc/{pid}/status").read_text()
    mask = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(mask, 16) >> (number - 1) & 1)


def _of(pid: int, session: int) -> bool:
    """Whether a process is of the grader's session, or a program of a run that is over."""
    try:
        process = psutil.Process(pid)
        command = " ".join(process.cmdline())
        return os.getsid(pid) == session and "grader" in command
    except (psutil.Error, OSError):
        return False


def test_the_module_and_the_command_are_the_same() -> None:
    helps = [
        run([sys.executable, "-m", "grader", "--help"]),
        run([str(ROOT / ".venv/bin/grader"), "--help"]),
    ]
    assert helps[0].stdout == helps[1].stdout
    assert "grade" in helps[0].stdout


def test_an_ordinary_user_can_grade(tmp_path: Path) -> None:
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("needs root and setpriv to become an ordinary user")
    home = tmp_path / "checkout"
    for name in ("grader", "exercises", "solutions"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (tmp_path, *tmp_path.parents):
        if path != Path("/") and path.owner() == "root" and path != Path("/tmp"):
            path.chmod(path.stat().st_mode | 0o055)
    python = Path(sys.executable).resolve()
    packages = Path(pytest.__file__).parents[1]
    if not os.access(packages, os.R_OK) or str(python).startswith("/root"):
        python = Path("/usr/bin/python3")
    done = run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
         str(python), "-m", "grader", "grade", "--dir", str(home / "solutions"), FORK],
        PYTHONPATH=f"{home}:{packages}", HOME="/", PYTHONDONTWRITEBYTECODE="1",
    )  # fmt: skip
    assert done.stdout.count("all promises kept") == 1, done.stdout + done.stderr
    assert done.returncode == 0
