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
        self._stretched = seconds

    def passed(self) -> bool:
        """Tell whether the time is over; the machine's speed is measured only then."""
        elapsed = time.monotonic() - self._start
        if elapsed < self._stretched:
            return False
        self._stretched = max(self._stretched, self._seconds * slowness())
        return elapsed >= self._stretched

    def remaining(self) -> float:
        """Give the seconds that are left before `passed` has to be asked again."""
        return max(0.0, self._start + self._stretched - time.monotonic())
