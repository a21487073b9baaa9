"""Beside check50: 30 checks that each start a Python echo server and exchange one message.

check50 is no dependency: `make bench CHECK50=1` installs it into an environment of its own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader.exercises import ROOT, SOLUTIONS
from tests.bench.measure import Figure, grade, timed

VERSION = "3.5.0"
_HOME = ROOT / ".venv" / "check50"
_CHECKS, _ROUNDS, _FIRST_PORT = 30, 4, 20_000
#: As its manual shows it: `run` starts what is tried, `kill` ends it.
_EXCHANGE = """
import socket, time
import check50

def exchange(port):
    server = check50.run(f"python3 echo_server.py {port}")
    for _ in range(1000):
        try:
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(b"hello\\n")
                if client.recv(100) != b"hello\\n":
                    raise check50.Failure("no echo")
            break
        except ConnectionRefusedError:
            time.sleep(0.01)
    else:
        raise check50.Failure("does not listen")
    server.kill()
"""
_CHECK = '''
@check50.check()
def check_{number}():
    """echoes {number}"""
    exchange({port})
'''


def figures() -> Iterator[Figure]:
    """Grade everything, and those 30 checks, in turns."""
    _install()
    with tempfile.TemporaryDirectory() as scratch:
        problem, student = Path(scratch) / "problem", Path(scratch) / "student"
        problem.mkdir()
        student.mkdir()
        (problem / ".cs50.yaml").write_text("check50: true\n")
        numbers = range(_CHECKS)
        (problem / "__init__.py").write_text(
            _EXCHANGE + "".join(_CHECK.format(number=n, port=_FIRST_PORT + n) for n in numbers)
        )
        shutil.copytree(SOLUTIONS / "08_echo", student, dirs_exist_ok=True)
        for file in (SOLUTIONS / "07_wrap").glob("wrap.py"):
            shutil.copy(file, student)
        ratios = [
            timed(lambda: grade(SOLUTIONS)) / timed(lambda: _check50(problem, student))
            for _ in range(_ROUNDS)
        ]
    yield Figure(
        f"grading all solutions, in times of {_CHECKS} checks of check50 {VERSION}",
        min(ratios), 1.0,
    )  # fmt: skip


def _install() -> None:
    if not (_HOME / "bin" / "check50").exists():
        subprocess.run([sys.executable, "-m", "venv", str(_HOME)], check=True)
        pip = [str(_HOME / "bin" / "python"), "-m", "pip", "install", "-q"]
        subprocess.run([*pip, f"check50=={VERSION}"], check=True)


def _check50(problem: Path, student: Path) -> None:
    report = problem.parent / "report.json"
    command = [str(_HOME / "bin" / "check50"), "--dev", str(problem), "-o", "json"]
    subprocess.run([*command, "--output-file", str(report)], cwd=student, check=True)
    results = json.loads(report.read_text())["results"]
    assert [bool(result["passed"]) for result in results] == [True] * _CHECKS
