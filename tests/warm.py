"""Running the grader as its users do, less the start of Python: forked from what has all imported."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from _pytest.config import default_plugins

from tests.grading import Graded

_SECONDS = 120
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [
        *("grader.cli", "grader.verdict.grade", "grader.reports.terminal", "pytest_timeout"),
        *(f"_pytest.{name}" for name in default_plugins),
    ]
)


def grade(*arguments: str, folder: Path, columns: int = 100) -> Graded:
    """Grade a folder with `grader grade`.

    Raises:
        TimeoutError: if that takes longer than two minutes.
    """
    with TemporaryDirectory() as scratch:
        output, errors, result = (Path(scratch, name) for name in ("output", "errors", "result"))
        command = ["grade", "--dir", str(folder), "--json", str(result), *arguments]
        process = _context.Process(target=_run, args=(command, str(output), str(errors), columns))
        process.start()
        process.join(_SECONDS)
        if process.exitcode is None:
            process.terminate()
            raise TimeoutError(f"grading {folder} takes longer than {_SECONDS} s")
        content = json.loads(result.read_text()) if result.is_file() else {}
        return Graded(process.exitcode, output.read_text(), errors.read_text(), content)


def _run(command: list[str], output: str, errors: str, columns: int) -> None:
    from grader import cli

    os.environ["COLUMNS"] = str(columns)
    for number, path in ((1, output), (2, errors)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    raise SystemExit(cli.main(command))
