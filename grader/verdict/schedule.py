"""Which check a free worker gets next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One check as the schedule sees it: whose it is, and what must hold first."""

    index: int
    exercise: str
    promise: str
    after: tuple[str, ...]


class Schedule:
    """Hands out checks to workers.

    A worker goes on with the exercise it is at, whose server it may have; a free one turns to the
    exercise that has the most checks waiting for each worker, itself counted, so that all end at
    about the same time. A check waits until all promises that it comes after were kept; the one that
    the longest chain of others waits for goes first.
    """

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._waiting = list(tasks)
        self._chains = _chains(tasks)
        self._kept: dict[tuple[str, str], bool] = {}
        self._roots: dict[tuple[str, str], str] = {}
        self._at_work: dict[int, str] = {}

    def settle(self, task: Task, kept: bool) -> None:
        """Take in the outcome of a check."""
        self._kept[task.exercise, task.promise] = kept

    def barred(self) -> list[tuple[Task, str]]:
        """Take out the checks that come after a promise that was not kept.

        Each is given with the promise that was broken first on the way to it.
        """
        barred = []
        while task := next((t for t in self._waiting if self._broken(t)), None):
            broken = self._broken(task)[0]
            root = self._roots.get((task.exercise, broken), broken)
            self._roots[task.exercise, task.promise] = root
            self._waiting.remove(task)
            self.settle(task, False)
            barred.append((task, root))
        return barred

    def next(self, worker: int) -> Task | None:
        """Give a free worker a check; None if there is none for it now."""
        last = self._at_work.pop(worker, "")
        ready = [task for task in self._waiting if self._ready(task)]
        if not ready:
            return None
        company = Counter(self._at_work.values())
        waiting = Counter(task.exercise for task in self._waiting)

        def urgency(task: Task) -> tuple[bool, float, int]:
            share = waiting[task.exercise] / (company[task.exercise] + 1)
            return task.exercise == last, share, self._chains[task.exercise, task.promise]

        task = max(ready, key=urgency)
        self._waiting.remove(task)
        self._at_work[worker] = task.exercise
        return task

    def _broken(self, task: Task) -> list[str]:
        """Give the promises before a check that were not kept."""
        return [first for first in task.after if self._kept.get((task.exercise, first)) is False]

    def _ready(self, task: Task) -> bool:
        """Tell whether all promises before a check were kept."""
        return all(self._kept.get((task.exercise, first)) for first in task.after)


def _chains(tasks: Sequence[Task]) -> Counter[tuple[str, str]]:
    """Tell of each promise how many checks come after it, one after another."""
    chains = Counter[tuple[str, str]]()
    for _ in tasks:  # no chain is longer, even if checks wait for each other
        before = chains.copy()
        for task in tasks:
            for first in task.after:
                longer = chains[task.exercise, task.promise] + 1
                chains[task.exercise, first] = max(chains[task.exercise, first], longer)
        if chains == before:
            break
    return chains
