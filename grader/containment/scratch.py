"""Scratch folders on disk, for programs that have none in memory (`view`)."""

from __future__ import annotations

import os
from contextlib import suppress

_SILENT = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)


def make(root: str, uid: int | None) -> str:
    """Make a scratch folder that belongs to a user; None is the caller."""
    folder = f"{root}/{os.getpid()}"
    os.mkdir(folder, 0o700)
    if uid is not None:
        os.chown(folder, uid, uid)
    return folder


def remove(folder: str) -> None:
    """Remove a scratch folder, whatever a program has made of it.

    Folders may be nested more deeply than Python's own functions can follow, or be closed to their
    owner; chmod(1) and rm(1) cope with that, and follow no links.
    """
    with suppress(OSError):
        os.rmdir(folder)
        return
    if os.path.isdir(folder):
        for command in (["/bin/chmod", "-R", "u+rwX", folder], ["/bin/rm", "-rf", folder]):
            pid = os.posix_spawn(command[0], command, {}, file_actions=[_SILENT])
            os.waitpid(pid, 0)
