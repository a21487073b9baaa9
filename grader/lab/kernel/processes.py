"""Processes as the kernel sees them: proc(5), and CPU clocks of other processes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from grader.containment import tree


@dataclass(frozen=True)
class Process:
    """One process at one moment."""

    pid: int
    parent: int
    #: One letter of proc_pid_stat(5): R running, S sleeping, T stopped, Z zombie, ...
    state: str
    threads: int

    @property
    def zombie(self) -> bool:
        """Ended, but not yet waited for by its parent."""
        return self.state in "ZX"


def look(pid: int) -> Process | None:
    """Look at a process; None if there is none with that id."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            text = file.read()
    except OSError:
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return Process(pid, int(fields[1]), fields[0], int(fields[17]))


def below(pid: int) -> list[Process]:
    """Look at every process below `pid`, parents first.

    An orphan moves to its reaper, and a walk that has passed there already misses it. The next walk
    finds it, so what either of two walks finds counts.
    """
    found = dict.fromkeys((*tree.descendants(pid), *tree.descendants(pid)))
    return [process for child in found if (process := look(child))]


def stopped(pid: int) -> bool:
    """Tell whether every thread of a process is stopped by a signal, or over."""
    return _thread_states(pid) <= set("TZX")


def asleep(pid: int) -> bool:
    """Tell whether every thread of a process waits in the kernel for an event, or is over.

    One that is ready to run, but has not got a core yet, is not asleep.
    """
    return _thread_states(pid) <= set("SZX")


def _thread_states(pid: int) -> set[str]:
    states = set()
    with suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError), open(f"/proc/{pid}/task/{task}/stat") as file:
                states.add(file.read().rpartition(") ")[2][0])
    return states


def descriptors(pid: int) -> dict[int, str]:
    """Give what each open descriptor of a process refers to, as its link in /proc/PID/fd says."""
    found: dict[int, str] = {}
    with suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                found[int(name)] = os.readlink(f"/proc/{pid}/fd/{name}")
    return found


def socket_inodes(pid: int) -> set[int]:
    """Give the inode numbers of the sockets that a process holds."""
    links = descriptors(pid).values()
    return {int(link[8:-1]) for link in links if link.startswith("socket:[")}


@dataclass(frozen=True)
class CpuUse:
    """CPU time of a process so far, and time that it was ready to run but had to wait (seconds)."""

    running: float
    waiting: float

    def __sub__(self, earlier: CpuUse) -> CpuUse:
        return CpuUse(self.running - earlier.running, self.waiting - earlier.waiting)


def cpu_use(pids: list[int]) -> CpuUse:
    """Add up the CPU use of all threads of the processes (proc_pid_schedstat: nanoseconds)."""
    running = waiting = 0
    for pid in pids:
        with suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):
                with suppress(OSError), open(f"/proc/{pid}/task/{task}/schedstat") as file:
                    ran, waited, _slices = file.read().split()
                    running += int(ran)
                    waiting += int(waited)
    return CpuUse(running / 1e9, waiting / 1e9)


@dataclass(frozen=True)
class Activity:
    """What some processes have done so far."""

    #: Whether there are any, and no thread of theirs runs or is ready to: all are asleep, stopped,
    #: or over.
    still: bool
    used: Mapping[int, CpuUse]

    def least_seconds_since(self, earlier: Activity) -> float:
        """Give the seconds that what was done since an earlier moment takes on a machine of its own.

        A process has one core at most; all of them have all cores.
        """
        known = [pid for pid in self.used if pid in earlier.used]
        running = [self.used[pid].running - earlier.used[pid].running for pid in known]
        return max(0.0, sum(running) / len(os.sched_getaffinity(0)), *running)


def activity(pids: Iterable[int] = (), beside: Iterable[int] = ()) -> Activity:
    """Look at what processes do.

    Args:
        pids: those whose CPU use counts.
        beside: others, which are still as well if all is.
    """
    used = {pid: cpu_use([pid]) for pid in pids}
    every = (*used, *beside)
    still = bool(every) and all(_thread_states(pid) <= set("STZX") for pid in every)
    return Activity(still and all(use.running for use in used.values()), used)
