"""Deadlines that only a failing program reaches, stretched by how slow the machine is right now."""

from __future__ import annotations

import time
from collections.abc import Callable

#: However slow the machine seems, a deadline is stretched by this factor at most.
MAX_SLOWNESS = 20.0
_SAMPLE_SECONDS = 0.004
_STILL_SECONDS = 0.1


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
        stillness: gives None while a program does or is ready to do something, else what changes
            whenever one does.
    """

    def __init__(self, seconds: float, stillness: Callable[[], object] = lambda: None) -> None:
        self._start = time.monotonic()
        self._seconds = seconds
        self._stillness = stillness
        self._still: object = None
        self._next_look = seconds

    def passed(self) -> bool:
        """Tell whether the time is over, given the machine's present speed.

        A slow machine delays those who want to run only: when every program waits for an event, and
        none has run since the last look, the time counts in full.

        The speed is measured only when the time would be over on an idle machine, and again in
        small steps, so that a moment's hiccup doesn't prolong the wait by much.
        """
        elapsed = time.monotonic() - self._start
        if elapsed < self._next_look:
            return False
        still, before = self._stillness(), self._still
        if (still is not None and still == before) or elapsed >= self._seconds * slowness():
            return True
        self._still = still
        step = self._seconds / 4
        self._next_look = elapsed + (step if still is None else min(step, _STILL_SECONDS))
        return False

    def remaining(self) -> float:
        """Give the seconds until `passed` may be true."""
        return max(0.0, self._start + self._next_look - time.monotonic())
