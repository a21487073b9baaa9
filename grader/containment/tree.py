"""The processes below a process, read from /proc (proc(5))."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress


def children(pid: int) -> list[int]:
    """Give the process ids of the children of `pid`, zombies included; none if it is gone."""
    found: list[int] = []
    with suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError), open(f"/proc/{pid}/task/{task}/children") as file:
                found.extend(int(word) for word in file.read().split())
    return found


def descendants(pid: int) -> Iterator[int]:
    """Give the process ids below `pid`, parents before their children."""
    for child in children(pid):
        yield child
        yield from descendants(child)


def send(number: signal.Signals, pids: Iterable[int]) -> None:
    """Send a signal to each process that is still there and may be signalled."""
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def end_all(keep: Iterable[int] = ()) -> int:
    """Kill and reap every descendant of this process, except the direct children in `keep`.

    This process must be a child subreaper (PR_SET_CHILD_SUBREAPER, prctl(2)), so that a daemon that
    left its parent is below it too. Stopping comes before killing: a stopped process can't fork.

    Returns the number of processes that were killed.
    """
    kept = set(keep)
    killed: set[int] = set()
    while found := _below(kept):
        frozen: set[int] = set()
        while new := set(found) - frozen:
            send(signal.SIGSTOP, new)
            frozen |= new
            found = _below(kept)
        send(signal.SIGKILL, found)
        killed |= frozen
        for pid in children(os.getpid()):
            if pid not in kept:
                with suppress(ChildProcessError):
                    os.waitpid(pid, 0)
    return len(killed)


def _below(kept: set[int]) -> list[int]:
    own = [pid for pid in children(os.getpid()) if pid not in kept]
    return own + [below for pid in own for below in descendants(pid)]
