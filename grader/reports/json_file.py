"""The result as JSON, in a file that is either whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

from grader.verdict.result import Result


class ReportError(Exception):
    """A report could not be written; the message says why."""


def write(result: Result, path: Path) -> None:
    """Write the result to a file, replacing it in one step.

    Raises:
        ReportError: if the file can't be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(result.as_json(), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ReportError(f"can't write {path}: {error.strerror}") from error


def check(path: Path) -> None:
    """Make sure, before anything is graded, that a report can be written there.

    Raises:
        ReportError: if its folder is missing or not writable, or the path is a folder.
    """
    folder = path.parent
    if path.is_dir():
        raise ReportError(f"can't write {path}: it is a directory")
    if not folder.is_dir():
        raise ReportError(f"can't write {path}: there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise ReportError(f"can't write {path}: no permission to write in {folder}")
