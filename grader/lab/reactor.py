"""Drives every socket and pipe of the grader from one thread, without blocking on any."""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable
from typing import Protocol

from grader.lab.patience import Deadline

_SHORTEST_NAP_SECONDS = 0.0005
_LONGEST_NAP_SECONDS = 0.05


class Driven(Protocol):
    """Something with a descriptor, which the reactor calls when the kernel says it is ready."""

    def fileno(self) -> int:
        """Give the descriptor to watch."""

    def ready(self, events: int) -> None:
        """React to `selectors.EVENT_READ` and `EVENT_WRITE`."""


class Reactor:
    """An event loop that runs only while a check waits for something."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def watch(self, driven: Driven, events: int) -> None:
        """Begin, change or (with no events) end watching something."""
        known = self._selector.get_map().get(driven.fileno())
        if known is None:
            if events:
                self._selector.register(driven, events, driven)
        elif not events:
            self._selector.unregister(driven)
        elif events != known.events:
            self._selector.modify(driven, events, driven)

    def wait(self, until: Callable[[], bool], deadline: Deadline) -> bool:
        """Drive everything until a condition holds; False if it still doesn't at the deadline.

        Descriptors wake it at once. What the kernel shows in tables only, it looks at again after
        naps of a tenth of the time that it has waited already.
        """
        begun = time.monotonic()
        while not until():
            if deadline.passed():
                return until()
            nap = (time.monotonic() - begun) / 10
            nap = min(max(nap, _SHORTEST_NAP_SECONDS), _LONGEST_NAP_SECONDS, deadline.remaining())
            for key, events in self._selector.select(nap):
                key.data.ready(events)
        return True

    def close(self) -> None:
        """Let go of everything that was watched; nothing else is closed."""
        self._selector.close()
