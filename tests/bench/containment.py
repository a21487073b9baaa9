"""What containment costs: starts of the same program through the door and without it, in turns."""

from __future__ import annotations

import select
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.containment.door import Contained, Door
from tests.bench.measure import Figure

PROGRAM = "import socket, sys\nprint('up')\n"
#: Starts of each kind, after a few that warm up caches.
ROUNDS, WARM_UP = 120, 10


def bare(python: str, folder: Path) -> float:
    """Start the program with nothing around it, and give the seconds until it has ended."""
    begun = time.perf_counter()
    command = [python, "-u", "-s", "-E", "-B", "program.py"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, env={}) as program:
        program.communicate()
    return time.perf_counter() - begun


def contained(door: Door, folder: Path) -> float:
    """Start the program through the door, and give the seconds until it has ended."""
    begun = time.perf_counter()
    program = door.start(["program.py"], folder)
    _wait(program)
    seconds = time.perf_counter() - begun
    assert program.stdout() == b"up\n", program.stderr()
    program.end()
    return seconds


@contextmanager
def ready() -> Iterator[tuple[Door, Path]]:
    """Open a door, and give it and the folder with the program."""
    door = Door()
    try:
        door.layers()
        folder = door.scratch / "bench"
        folder.mkdir()
        folder.chmod(0o755)
        (folder / "program.py").write_text(PROGRAM)
        yield door, folder
    finally:
        door.close()


def ratio(rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Give the median milliseconds of a bare and of a contained start, and the median ratio."""
    with ready() as (door, folder):
        python = str(door.scratch / "python" / "bin" / "python3")
        pairs = [(bare(python, folder), contained(door, folder)) for _ in range(rounds + WARM_UP)]
    pairs = pairs[WARM_UP:]
    ours, theirs = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    return ours, theirs, statistics.median(second / first for first, second in pairs)


def _wait(program: Contained) -> None:
    while program.exit is None:
        select.select([program], [], [])
        program.update()


def figures() -> Iterator[Figure]:
    """Measure what a start costs."""
    bare_ms, contained_ms, times = ratio()
    yield Figure("a bare start, in ms", bare_ms)
    yield Figure("a contained start, in ms", contained_ms)
    yield Figure("a contained start, in times of a bare one", times, 1.3)
