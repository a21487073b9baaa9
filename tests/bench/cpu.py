"""CPU time of gradings, beyond what the starts of the student's programs take."""

from __future__ import annotations

import os
import resource
import select
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from grader import cli
from grader.containment.door import Contained, Door
from grader.exercises import SOLUTIONS
from tests.bench.measure import Figure

FUNCTIONS = ("01", "02", "03", "04", "05", "06", "07", "11")
_ROUNDS, _STARTS = 4, 20


def figures() -> Iterator[Figure]:
    """Grade the solutions of exercises on functions; the start of the grader is in it."""
    each = (min(_used(_start_many) for _ in range(_ROUNDS)) - _used(_start_none)) / _STARTS
    with TemporaryDirectory() as scratch:
        log = Path(scratch, "starts")
        grading = min(_used(lambda: _grade(log)) for _ in range(_ROUNDS))
        starts = len(log.read_bytes()) / _ROUNDS
    yield Figure("the start of a program that does nothing, in ms of CPU", each * 1000)
    yield Figure(
        f"grading the {len(FUNCTIONS)} solutions of functions, in seconds of CPU beyond "
        f"{starts:.0f} such starts",
        grading - starts * each, 4.0,
    )  # fmt: skip


def _used(work: Callable[[], object]) -> float:
    """Give the seconds of CPU that some work takes in a process of its own, with all below it."""
    before = _of_children()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            work()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
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
    cli.main(["grade", "--dir", str(SOLUTIONS), *FUNCTIONS])


def _start_none() -> None:
    _start_many(0)


def _start_many(count: int = _STARTS) -> None:
    door = Door()
    try:
        folder = door.scratch / "bench"
        folder.mkdir()
        folder.chmod(0o755)
        (folder / "program.py").write_text("")
        for _ in range(count):
            program = door.start(["program.py"], folder)
            while program.exit is None:
                select.select([program], [], [])
                program.update()
            program.end()
    finally:
        door.close()
