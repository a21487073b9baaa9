"""Large crowds, served at the same time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

from grader import exercises, submission
from grader.containment.door import Door
from grader.lab.crowd import Crowd
from grader.lab.lab import Bench, Lab
from grader.lab.server import Server
from tests.bench.measure import Figure, timed


def figures() -> Iterator[Figure]:
    """Let a crowd make three round trips each with the solutions."""
    for exercise, count in (("09_fork_server", 300), ("10_thread_server", 1000)):
        door = Door()
        try:
            described = exercises.load(exercise)
            subject = submission.take(exercises.SOLUTIONS, described, door.scratch / "bench")
            lab = Lab(Bench(door), subject.folder, Random(1))
            server = Server(lab, described.programs["server"])
            seconds = timed(lambda: _round_trips(server, count))  # noqa: B023
            threads = len(os.listdir("/proc/self/task"))
            server.end()
        finally:
            door.close()
        yield Figure(f"{count} clients at once of {exercise}, in seconds", seconds)
        yield Figure("  threads in the grader meanwhile", threads, 1)


def _round_trips(server: Server, count: int) -> None:
    crowd: Crowd = server.crowd(count, seconds=20)
    for _ in range(3):
        crowd.round_trip(64, seconds=20)
