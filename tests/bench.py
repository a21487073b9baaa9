"""How fast is the grader? Everything is a ratio to bare starts of Python, taken in the same run.

python -m tests.bench
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from statistics import median

from grader.containment.door import Door
from grader.exercises import EXERCISES, SOLUTIONS
from grader.lab.crowd import Crowd
from grader.lab.lab import Bench, Lab
from grader.lab.server import Server
from tests.grading import grade

ROUNDS = 5


def timed(action: Callable[[], object]) -> float:
    """Give the seconds that an action takes."""
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


def bare_starts(count: int, at_once: int) -> None:
    """Start a Python program that does nothing, `count` times."""
    with tempfile.NamedTemporaryFile(suffix=".py") as program:
        command = [sys.executable, program.name]
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(lambda _: subprocess.run(command, check=True), range(count)))


def compare_grading(name: str, exercises: Sequence[str]) -> None:
    """Compare grading with bare starts, one per promise, side by side in each round."""
    with tempfile.TemporaryDirectory() as scratch:
        first = grade(*exercises, folder=SOLUTIONS, json_file=Path(scratch) / "result.json")
    promises = sum(len(e["checks"]) for e in first.result["exercises"])
    cores = len(os.sched_getaffinity(0))
    rows: list[tuple[float, ...]] = []
    for _ in range(ROUNDS):
        rows.append(
            (
                timed(lambda: grade(*exercises, folder=SOLUTIONS)),
                timed(lambda: bare_starts(promises, 1)),
                timed(lambda: bare_starts(promises, cores)),
                timed(lambda: grade(*exercises, folder=EXERCISES)),
            )
        )
    solutions, one_by_one, side_by_side, stubs = (median(c) for c in zip(*rows, strict=True))
    ratios = [median(row[0] / row[at] for row in rows) for at in (1, 2)]
    print(f"grading the solutions of {name}, {promises} promises: {solutions:.2f} s, which is")
    print(f"  {ratios[0]:.2f} times {promises} bare starts one by one ({one_by_one:.2f} s)")
    print(
        f"  {ratios[1]:.2f} times {promises} bare starts, {cores} at a time ({side_by_side:.2f} s)"
    )
    print(f"grading the stubs of {name}: {stubs:.2f} s")


def single_promise() -> None:
    """Grade one promise alone, whose server is to be started and whose predecessors are to hold."""
    seconds = median(timed(lambda: grade("09:reaps", folder=SOLUTIONS)) for _ in range(ROUNDS))
    print(f"grading one promise: {seconds:.2f} s")


def serve_crowds() -> None:
    """Let large crowds be served at the same time."""
    for exercise, name, count in (
        ("09_fork_server", "fork_server.py", 300),
        ("10_thread_server", "thread_server.py", 1000),
    ):
        door = Door()
        try:
            folder = door.scratch / exercise
            shutil.copytree(SOLUTIONS / exercise, folder)
            lab = Lab(Bench(door), folder, Random(1))
            server = Server(lab, name)
            seconds = timed(lambda: _round_trips(server, count))  # noqa: B023
            threads = len(os.listdir("/proc/self/task"))
            print(
                f"{count} clients at once of {name}: {seconds:.2f} s, {threads} thread in the grader"
            )
            server.end()
        finally:
            door.close()


def _round_trips(server: Server, count: int) -> None:
    crowd: Crowd = server.crowd(count, seconds=20)
    for _ in range(3):
        crowd.round_trip(64, seconds=20)


if __name__ == "__main__":
    compare_grading("the servers", ["08", "09", "10"])
    compare_grading("all exercises", [])
    single_promise()
    serve_crowds()
