"""Deadlines that only a failing program reaches, stretched by how slow the machine is right now."""

from __future__ import annotations

import time
from collections.abc import Callable

from grader.lab.kernel.processes import Activity, activity

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
        look: looks at what the programs do that are waited for.
    """

    def __init__(self, seconds: float, look: Callable[[], Activity] = activity) -> None:
        self._start = time.monotonic()
        self._seconds = seconds
        self._look = look
        self._seen: list[Activity] = []
        self._next_look = seconds

    def passed(self) -> bool:
        """Tell whether the time is over, given the machine's present speed.

        A slow machine delays those who want to run only. So the time is over when all programs wait
        for an event, and none has run since the last look; or when they have had as much of the
        cores as they could in that time. Otherwise the machine's speed is measured, in small steps,
        so that a moment's hiccup doesn't prolong the wait by much. Nothing of that is done before
        the time would be over on an idle machine.
        """
        elapsed = time.monotonic() - self._start
        if elapsed < self._next_look:
            return False
        now = self._look()
        if self._seen and (
            (now.still and now == self._seen[-1])
            or now.least_seconds_since(self._seen[0]) > self._seconds
        ):
            return True
        self._seen.append(now)
        step = self._seconds / 4
        self._next_look = elapsed + (min(step, _STILL_SECONDS) if now.still else step)
        return elapsed >= self._seconds * slowness()

    def remaining(self) -> float:
        """Give the seconds until `passed` may be true."""
        return max(0.0, self._start + self._next_look - time.monotonic())
