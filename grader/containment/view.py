"""A view of the file system of the programs' own, if the grader is root and may mount.

Made once, in the launcher: the project's folder is empty in it, home folders that others can't enter
hold the interpreter and nothing else, and /proc shows to each user his own processes only. Each
program then gets a scratch folder in memory, which goes with its last process.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from grader.containment import process

_NOSUID, _NODEV, _NOEXEC, _BIND, _REC, _PRIVATE = 2, 4, 8, 1 << 12, 1 << 14, 1 << 18
_HARMLESS = _NOSUID | _NODEV | _NOEXEC
#: Where POSIX semaphores and shared memory live (shm_overview(7)); Python's multiprocessing has them.
SHARED_MEMORY = "/dev/shm"


def make(needed: Sequence[str], hidden: Sequence[str]) -> None:
    """Let this process and its children see a changed file system.

    Args:
        needed: folders that stay as they are, and can be reached by everybody.
        hidden: folders that are empty, but for what is needed of them.

    Raises:
        OSError: if this process may not mount.
    """
    process.leave_mount_namespace()
    process.mount("none", "/", "none", _REC | _PRIVATE)
    process.mount("proc", "/proc", "proc", _HARMLESS, "hidepid=2")
    covers = {*hidden, *(closed for path in needed if (closed := _closed_parent(path)))}
    for cover in _outermost(covers):
        kept = [path for path in _outermost({*needed}) if _below(path, cover)]
        fds = [os.open(path, os.O_PATH) for path in kept]
        process.mount("tmpfs", cover, "tmpfs", _NOSUID | _NODEV, "size=1m,mode=755")
        for path, fd in zip(kept, fds, strict=True):
            os.makedirs(path, 0o755)
            process.mount(f"/proc/self/fd/{fd}", path, "none", _BIND | _REC)
            os.close(fd)


def mount_scratch(folder: str, uid: int, size_bytes: int, files: int) -> None:
    """Give this process and its children a scratch folder in memory, and shared memory in it."""
    process.leave_mount_namespace()
    options = f"size={size_bytes},nr_inodes={files},mode=700,uid={uid},gid={uid}"
    process.mount("tmpfs", folder, "tmpfs", _HARMLESS, options)
    if os.path.isdir(SHARED_MEMORY):
        process.mount(folder, SHARED_MEMORY, "none", _BIND)


def _closed_parent(path: str) -> str:
    """Give the outermost folder on the way to a path that others can't enter."""
    steps = path.split("/")
    for count in range(2, len(steps)):
        folder = "/".join(steps[:count])
        if not os.stat(folder).st_mode & 0o001:
            return folder
    return ""


def _outermost(folders: set[str]) -> list[str]:
    return [f for f in folders if not any(f != g and _below(f, g) for g in folders)]


def _below(path: str, folder: str) -> bool:
    return os.path.commonpath([path, folder]) == folder
