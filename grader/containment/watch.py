"""Watches what a tree of processes uses, for what no limit of the kernel's adds up over processes."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from itertools import islice

from grader.containment import tree
from grader.containment.limits import MIB, Limits

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.03, 0.3  # seconds
#: Looking takes a tenth of the time at most, as a rule: the pause after a look is this times as long.
_PAUSE_PER_LOOK = 10
#: In bytes; folders nested more deeply could not be looked into (PATH_MAX is 4096).
_LONGEST_PATH = 3000


class Watch:
    """Looks at the processes below this one, and says when they use more than they may.

    Args:
        limits: what they may use.
        scratch: a folder to look at as well, if its file system has no limit of its own.
    """

    def __init__(self, limits: Limits, scratch: str | None) -> None:
        self._limits = limits
        self._scratch = scratch
        self._next = time.monotonic() + _SHORTEST_PAUSE

    def pause(self) -> float:
        """Give the seconds until the next look is due."""
        return max(0.0, self._next - time.monotonic())

    def look(self) -> str:
        """Say what the tree has exceeded; nothing if it keeps within its limits."""
        begun = time.monotonic()
        exceeded = self._exceeded()
        now = time.monotonic()
        rest = (now - begun) * _PAUSE_PER_LOOK
        self._next = now + min(_LONGEST_PAUSE, max(_SHORTEST_PAUSE, rest))
        return exceeded

    def _exceeded(self) -> str:
        limits = self._limits
        pids = list(islice(tree.descendants(os.getpid()), limits.processes + 1))
        if len(pids) > limits.processes:
            return f"had more processes than it may ({limits.processes} in all)"
        if sum(map(_tasks, pids)) > limits.tasks:
            return f"had more threads than it may ({limits.tasks} in all)"
        if _exceeds_memory(pids, limits.memory_bytes):
            return f"used more memory than it may ({limits.memory_bytes // MIB} MiB in all)"
        if self._scratch and _overfull(self._scratch, limits):
            return (
                "wrote more files than it may "
                f"({limits.scratch_files}, {limits.scratch_bytes // MIB} MiB in all)"
            )
        return ""


def _tasks(pid: int) -> int:
    with suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/task"))
    return 0


def _exceeds_memory(pids: list[int], most: int) -> bool:
    """Tell whether processes use more memory than they may, counting shared pages once.

    Resident pages that processes share are counted in each of them, so their sum is no less, and it
    is quickly had.
    """
    return sum(map(_resident, pids)) > most and sum(map(_proportional, pids)) > most


def _resident(pid: int) -> int:
    """Give the resident memory of a process in bytes (proc_pid_statm(5))."""
    with suppress(OSError, IndexError), open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * _PAGE_BYTES
    return 0


def _proportional(pid: int) -> int:
    """Give the memory of a process in bytes, its share only of pages that others have too."""
    total = 0
    with suppress(OSError), open(f"/proc/{pid}/smaps_rollup") as file:
        for line in file:
            if line.startswith(("Pss:", "SwapPss:")):
                total += int(line.split()[1]) * 1024
    return total


def _overfull(folder: str, limits: Limits) -> bool:
    """Tell whether a folder holds more than it may; never looks at more entries than that."""
    left, size, folders = limits.scratch_files, 0, [folder]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                left -= 1
                with suppress(OSError):
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                if left < 0 or size > limits.scratch_bytes or len(entry.path) > _LONGEST_PATH:
                    return True
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    return False
