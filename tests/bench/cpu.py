"""CPU time of gradings, beyond what the starts of the student's programs take."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from grader import cli
from grader.containment.door import Contained, Door
from grader.exercises import SOLUTIONS
from tests.bench.containment import contained, ready
from tests.bench.measure import Figure

FUNCTIONS = ("01", "02", "03", "04", "05", "06", "07", "11")
_ROUNDS, _STARTS = 4, 20


def figures() -> Iterator[Figure]:
    """Grade the solutions of exercises on functions; the start of the grader is in it."""
    each = (_least(lambda: _start(_STARTS)) - _least(lambda: _start(0))) / _STARTS
    with TemporaryDirectory() as scratch:
        log = Path(scratch, "starts")
        grading = _least(lambda: _grade(log))
        starts = len(log.read_bytes()) / _ROUNDS
    yield Figure("a contained start, in ms of CPU", each * 1000)
    yield Figure(
        f"grading the {len(FUNCTIONS)} solutions of functions, in seconds of CPU beyond "
        f"{starts:.0f} such starts",
        grading - starts * each, 4.0,
    )  # fmt: skip


def _least(work: Callable[[], object]) -> float:
    return min(_used(work) for _ in range(_ROUNDS))


def _used(work: Callable[[], object]) -> float:
    """Give the seconds of CPU that some work takes in a process of its own, with all below it."""
    before = _of_children()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            work()
            status = 0
        finally:
            os._exit(status)
    if os.waitpid(pid, 0)[1]:
        raise RuntimeError("what was to be measured has failed")
    return _of_children() - before


def _of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _grade(log: Path) -> None:
    """Grade, with a byte in a file for each program that is started."""
    start = Door.start

    def counted(*arguments: object, **options: object) -> Contained:
        with log.open("ab") as file:
            file.write(b".")
        return start(*arguments, **options)  # type: ignore[arg-type]

    Door.start = counted  # type: ignore[method-assign]
    assert cli.main(["grade", "--dir", str(SOLUTIONS), *FUNCTIONS]) == 0


def _start(count: int) -> None:
    with ready() as (door, folder):
        for _ in range(count):
            contained(door, folder)
