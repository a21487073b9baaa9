"""The processes below a process, read from /proc (proc(5))."""

from __future__ import annotations

import os
import signal
import time
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
    waiting = children(pid)
    while waiting:
        child = waiting.pop()
        yield child
        waiting += children(child)


def send(number: signal.Signals, pids: Iterable[int]) -> None:
    """Send a signal to each process that is still there and may be signalled."""
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def end(scoped: bool) -> None:
    """Kill and reap every descendant of this process, a child subreaper.

    Args:
        scoped: this process is in a signal scope with its descendants alone.
    """
    if scoped:
        end_domain()
    else:
        end_all()


def end_domain() -> None:
    """Kill and reap every descendant of this process, which is in a signal scope with them alone.

    In such a scope (`landlock.scope_signals`) a signal to all processes reaches these only, in one
    step during which none can fork.
    """
    while children(os.getpid()):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(-1, signal.SIGKILL)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.0005)


def end_marked(entry: bytes) -> None:
    """Kill every process that has an entry in its environment, as it was started (proc(5)).

    This is for what is left when nobody is left who is above it; a process that was started with
    another environment escapes it.
    """
    while found := [
        pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _has(pid, entry)
    ]:
        send(signal.SIGKILL, found)
        time.sleep(0.001)


def _has(pid: int, entry: bytes) -> bool:
    with suppress(OSError), open(f"/proc/{pid}/environ", "rb") as file:
        return entry in file.read().split(b"\0")
    return False


def end_all(keep: Iterable[int] = ()) -> None:
    """Kill and reap every descendant of this process, except the direct children in `keep`.

    This process must be a child subreaper (PR_SET_CHILD_SUBREAPER, prctl(2)), so that a daemon that
    left its parent is below it too. Stopping comes before killing: a stopped process can't fork.
    """
    kept = set(keep)
    while found := _below(kept):
        frozen: set[int] = set()
        while new := set(found) - frozen:
            send(signal.SIGSTOP, new)
            frozen |= new
            found = _below(kept)
        send(signal.SIGKILL, found)
        for pid in children(os.getpid()):
            if pid not in kept:
                with suppress(ChildProcessError):
                    os.waitpid(pid, 0)


def _below(kept: set[int]) -> list[int]:
    own = [pid for pid in children(os.getpid()) if pid not in kept]
    return own + [below for pid in own for below in descendants(pid)]
