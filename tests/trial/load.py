"""Keeps the machine busy with something else while the grader works."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from grader.exercises import ROOT, SOLUTIONS

_MEMORY_SHARE = 0.7
_PAGE = os.sysconf("SC_PAGE_SIZE")


@contextmanager
def hogs(count: int = 4) -> Iterator[None]:
    """Compute without end in some processes."""
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(_child(_compute))
        yield


@contextmanager
def memory() -> Iterator[None]:
    """Hold most of the memory that is free, and go on touching it."""
    free = os.sysconf("SC_AVPHYS_PAGES") * _PAGE
    with _child(lambda: _touch(int(free * _MEMORY_SHARE))):
        yield


@contextmanager
def beside() -> Iterator[None]:
    """Grade all solutions again and again, in another grader."""
    with _child(_grade):
        yield


@contextmanager
def one_core() -> Iterator[None]:
    """Confine this process, and what it starts, to one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


@contextmanager
def idle() -> Iterator[None]:
    """Do nothing."""
    yield


@dataclass(frozen=True)
class Kind:
    """What goes on while the grader works.

    Args:
        told: what that is, for people.
        begin: begins it, for the time of a `with` block.
        at_once: how many gradings are measured at the same time, which is a load, too.
    """

    told: str
    begin: Callable[[], AbstractContextManager[None]]
    at_once: int


KINDS = {
    "idle": Kind("nothing else goes on", idle, 1),
    "hogs": Kind("four processes compute without end", hogs, 3),
    "beside": Kind("another grader grades all solutions", beside, 2),
    "memory": Kind("a process holds and touches 70 % of the free memory", memory, 2),
    "one-core": Kind("one core for everything", one_core, 1),
}


@contextmanager
def _child(work: Callable[[], None]) -> Iterator[None]:
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            while os.getppid() == parent:
                work()
        finally:
            os._exit(0)
    try:
        yield
    finally:
        os.kill(pid, 15 if work is _grade else 9)
        os.waitpid(pid, 0)


def _compute() -> None:
    sum(range(100_000))


def _touch(size: int) -> None:
    held = bytearray(size)
    parent = os.getppid()
    while os.getppid() == parent:
        for at in range(0, size, _PAGE):
            held[at] = (held[at] + 1) % 256


def _grade() -> None:
    command = [sys.executable, "-m", "grader", "grade", "--dir", str(SOLUTIONS)]
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
