"""Limits: what the kernel keeps for each process (getrlimit(2)), and what the supervisor watches."""

from __future__ import annotations

import resource
from dataclasses import dataclass

MIB = 1 << 20
#: Room that RLIMIT_NPROC leaves above all tasks of the machine, where a program shares its user with
#: others: those that start after it count as well. The supervisor ends a tree of too many long
#: before; this stops a bomb that grows faster than the supervisor looks.
_SHARED_MARGIN = 4000
#: The same where a program has a user of its own.
_OWN_MARGIN = 100


@dataclass(frozen=True)
class Limits:
    """What one program may use, with all that it starts."""

    #: Of each process.
    cpu_seconds: int = 20
    #: Private writable memory that each process maps, used or not: a thousand threads map 8 GiB of
    #: stacks, of which they use next to nothing.
    data_bytes: int = 12 << 30
    #: Size of each file that is written. Output goes to files, so this caps output too.
    file_bytes: int = 16 * MIB
    #: Of each process.
    descriptors: int = 1024
    #: Memory of all processes together, where pages that some share count once.
    memory_bytes: int = 1024 * MIB
    #: Of the whole tree: processes, and processes' threads together.
    processes: int = 500
    tasks: int = 1500
    #: What the scratch folder may hold.
    scratch_bytes: int = 64 * MIB
    scratch_files: int = 2000

    def apply(self, alone: bool) -> None:
        """Set the limits for this process, which is about to become the program.

        Args:
            alone: its user has no other process than it will start itself.
        """
        _lower(resource.RLIMIT_CORE, 0)
        # SIGXCPU at the soft limit, which can be told apart from other ends; SIGKILL a second later
        _lower(resource.RLIMIT_CPU, self.cpu_seconds, self.cpu_seconds + 1)
        _lower(resource.RLIMIT_DATA, self.data_bytes)
        _lower(resource.RLIMIT_FSIZE, self.file_bytes)
        # the kernel exempts root from this one (setrlimit(2))
        _lower(
            resource.RLIMIT_NPROC,
            self.tasks + _OWN_MARGIN if alone else _all_tasks() + _SHARED_MARGIN,
        )
        # last: this process may hold more, and then could open no file any more
        _lower(resource.RLIMIT_NOFILE, self.descriptors)


#: What a server may use: enough for a thousand threads, or for 300 processes.
SERVER = Limits()


def _lower(kind: int, soft: int, hard: int | None = None) -> None:
    """Set a soft and a hard limit, or keep a hard limit that is lower already."""
    ceiling = resource.getrlimit(kind)[1]
    wanted = (soft, soft if hard is None else hard)
    if ceiling != resource.RLIM_INFINITY:
        wanted = (min(wanted[0], ceiling), min(wanted[1], ceiling))
    resource.setrlimit(kind, wanted)


def _all_tasks() -> int:
    """Count the threads of the machine (proc_loadavg(5)), which are no fewer than a user's."""
    with open("/proc/loadavg") as file:
        return int(file.read().split()[3].partition("/")[2])
