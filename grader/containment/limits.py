"""Limits that the kernel keeps for a program and all that it starts (getrlimit(2))."""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one program may use; `None` leaves a limit as the grader has it."""

    cpu_seconds: int = 20
    #: Private writable memory that each process maps, used or not: a thousand threads map 8 GiB of
    #: stacks, of which they use next to nothing.
    data_bytes: int = 12 << 30
    #: Size of each file that is written. Output goes to files, so this caps output too.
    file_bytes: int = 16 * MIB
    descriptors: int = 1024
    #: Processes and threads of the program's user beyond those that the user has already.
    more_tasks: int = 1200

    def apply(self) -> None:
        """Set the limits for this process, which is about to become the program."""
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_CPU, self.cpu_seconds)
        _lower(resource.RLIMIT_DATA, self.data_bytes)
        _lower(resource.RLIMIT_FSIZE, self.file_bytes)
        _lower(resource.RLIMIT_NOFILE, self.descriptors)
        if os.geteuid() != 0:  # the kernel exempts root (setrlimit(2))
            _lower(resource.RLIMIT_NPROC, tasks_of_user(os.geteuid()) + self.more_tasks)


def _lower(kind: int, value: int) -> None:
    """Set a soft and hard limit, or keep a hard limit that is lower already."""
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def tasks_of_user(uid: int) -> int:
    """Count the threads of all processes of a user, which is what RLIMIT_NPROC compares with."""
    count = 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            with suppress(OSError):
                if os.stat(f"/proc/{name}").st_uid == uid:
                    count += len(os.listdir(f"/proc/{name}/task"))
    return count
