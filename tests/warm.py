"""Running the grader as its users do, less the start of Python: forked from what has all imported."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Sequence
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

from _pytest.config import default_plugins

from tests.grading import ROOT, Graded

_SECONDS = 120
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [
        *("grader.cli", "grader.verdict.grade", "grader.reports.terminal", "pytest_timeout"),
        *(f"_pytest.{name}" for name in default_plugins),
    ]
)


def grader(*arguments: str, **changes: str) -> CompletedProcess[str]:
    """Run a command of the grader's from the project's folder, with nobody at the terminal.

    Args:
        arguments: the command line.
        changes: variables of the environment that are different.

    Raises:
        TimeoutError: if that takes longer than two minutes.
    """
    with TemporaryDirectory() as scratch:
        output, errors = Path(scratch, "output"), Path(scratch, "errors")
        environment = {"COLUMNS": "100", **changes}
        process = _context.Process(target=_run, args=(arguments, output, errors, environment))
        process.start()
        process.join(_SECONDS)
        if process.exitcode is None:
            process.terminate()
            raise TimeoutError(f"`grader {' '.join(arguments)}` takes longer than {_SECONDS} s")
        return CompletedProcess(arguments, process.exitcode, output.read_text(), errors.read_text())


def grade(
    *arguments: str, folder: Path, json_file: Path | None = None, columns: int = 100
) -> Graded:
    """Grade a folder with `grader grade`; `json_file` is where the result is written."""
    with TemporaryDirectory() as scratch:
        result = json_file or Path(scratch, "result")
        done = grader(
            *("grade", "--dir", str(folder), "--json", str(result)),
            *arguments,
            COLUMNS=str(columns),
        )
        content = json.loads(result.read_text()) if result.is_file() else {}
    return Graded(done.returncode, done.stdout, done.stderr, content)


def _run(arguments: Sequence[str], output: Path, errors: Path, environment: dict[str, str]) -> None:
    from grader import cli

    os.chdir(ROOT)
    os.environ.update(environment)
    for number, path in ((1, output), (2, errors)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    raise SystemExit(cli.main([*arguments]))
