"""Deadlines that only a failing program reaches, stretched by how slow the machine is right now."""

from __future__ import annotations

import time

#: However slow the machine seems, a deadline is stretched by this factor at most.
MAX_SLOWNESS = 20.0
_SAMPLE_SECONDS = 0.004


def slowness() -> float:
    """Measure how much longer work takes than on an idle machine: 1.0 when this core is ours.

    It burns a few milliseconds of CPU time and compares them with what the clock says.
    """
    wall = time.monotonic()
    cpu = time.thread_time()
    while (used := time.thread_time() - cpu) < _SAMPLE_SECONDS:
        pass
    return min(MAX_SLOWNESS, max(1.0, (time.monotonic() - wall) / used))


class Deadline:
    """A moment after which waiting is given up.

    Args:
        seconds: how long a right program may take on a machine that has nothing else to do.
    """

    def __init__(self, seconds: float) -> None:
        self._start = time.monotonic()
        self._seconds = seconds
        self._next_look = seconds

    def passed(self) -> bool:
        """Tell whether the time is over, given the machine's present speed.

        The speed is measured only when the time would be over on an idle machine, and again in
        small steps, so that a moment's hiccup doesn't prolong the wait by much.
        """
        elapsed = time.monotonic() - self._start
        if elapsed < self._next_look:
            return False
        if elapsed >= self._seconds * slowness():
            return True
        self._next_look = elapsed + self._seconds / 4
        return False

    def remaining(self) -> float:
        """Give the seconds until `passed` may be true."""
        return max(0.0, self._start + self._next_look - time.monotonic())
