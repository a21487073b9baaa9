"""Worker processes, forked from this one, each of which carries out one check at a time."""

from __future__ import annotations

import gc
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from signal import SIGKILL
from types import TracebackType
from typing import Any, Self

import pytest

from grader.verdict import worker
from grader.verdict.schedule import Schedule, Task


@dataclass
class _Worker:
    pid: int
    orders: Connection
    task: Task | None = None


class Workers:
    """The workers of a run, forked when there is work for them; the `with` block ends them.

    Args:
        session: has the checks.
        wanted: how many work side by side.
    """

    def __init__(self, session: pytest.Session, wanted: int) -> None:
        self._session = session
        self._wanted = wanted
        self._workers: dict[int, _Worker] = {}
        gc.freeze()  # workers share the pages of what is there already

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error:
            self.kill()
        for each in self._workers.values():
            with suppress(OSError):
                each.orders.send_bytes(b"null")
            os.waitpid(each.pid, 0)

    def kill(self) -> None:
        """End workers at once; the supervisors of their programs notice."""
        for each in self._workers.values():
            with suppress(ProcessLookupError):
                os.kill(each.pid, SIGKILL)

    def give(self, schedule: Schedule) -> bool:
        """Give each free worker a check, as far as there are any; tell whether one is at work."""
        for number in range(self._wanted):
            known = self._workers.get(number)
            if known and known.task:
                continue
            if task := schedule.next(number):
                each = known or self._fork(number)
                each.task = task
                each.orders.send_bytes(json.dumps(task.index).encode())
        return any(each.task for each in self._workers.values())

    def outcomes(self, seconds: float | None) -> list[tuple[Task, dict[str, Any]]]:
        """Wait for the next checks that are done, and give what came out.

        Args:
            seconds: how long at most; None for no limit. Then there is nothing to give.
        """
        ready = wait([each.orders for each in self._workers.values() if each.task], seconds)
        return [self._outcome(n) for n, each in [*self._workers.items()] if each.orders in ready]

    def _outcome(self, number: int) -> tuple[Task, dict[str, Any]]:
        """Read what a worker found; a worker that died costs its own check only."""
        each = self._workers[number]
        task, each.task = each.task, None
        assert task
        try:
            outcome = json.loads(each.orders.recv_bytes())
        except (EOFError, OSError):
            del self._workers[number]
            each.orders.close()
            code = os.waitstatus_to_exitcode(os.waitpid(each.pid, 0)[1])
            message = f"the process that ran this check died ({code})"
            outcome = {"status": "error", "message": message}
        return task, outcome

    def _fork(self, number: int) -> _Worker:
        ours, theirs = Pipe()
        pid = os.fork()
        if pid == 0:
            ours.close()
            for other in self._workers.values():
                other.orders.close()
            worker.work(self._session, theirs)
        theirs.close()
        self._workers[number] = _Worker(pid, ours)
        return self._workers[number]
