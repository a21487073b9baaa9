"""Writes reports into files that are either whole or not there."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

#: In the place of a path: standard output.
STANDARD_OUTPUT = Path("-")


class ReportError(Exception):
    """A report could not be written; the message says why."""


def check(path: Path) -> None:
    """Make sure, before anything is graded, that a report can be written there.

    Raises:
        ReportError: if its folder is missing or not writable, or the path is no place for a file.
    """
    if path == STANDARD_OUTPUT:
        return
    folder = path.parent
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    except OSError as error:
        raise ReportError(f"can't write {path}: {error.strerror}") from error
    if stat.S_ISDIR(mode):
        raise ReportError(f"can't write {path}: it is a directory")
    if stat.S_ISCHR(mode):
        return
    if not stat.S_ISREG(mode):
        raise ReportError(f"can't write {path}: it is not a file; - means standard output")
    if not folder.is_dir():
        raise ReportError(f"can't write {path}: there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise ReportError(f"can't write {path}: no permission to write in {folder}")


def write(text: str, path: Path) -> None:
    """Write a report, replacing what is there in one step; `-` is standard output.

    Raises:
        ReportError: if that is not possible.
    """
    if path == STANDARD_OUTPUT:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    check(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.is_char_device():  # such as /dev/null, which can't be replaced
            path.write_text(text, encoding="utf-8")
            return
        try:
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise ReportError(f"can't write {path}: {error.strerror}") from error


def append(text: str, path: Path) -> None:
    """Add a report to a file that a workflow's step may have written to before.

    Raises:
        ReportError: if that is not possible.
    """
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ReportError(f"can't write {path}: {error.strerror}") from error
