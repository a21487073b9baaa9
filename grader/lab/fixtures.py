"""The fixtures that checks ask for, as a pytest plugin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from grader.containment.door import Door
from grader.lab.functions.functions import Functions
from grader.lab.lab import Bench, Lab
from grader.lab.server import Server
from grader.lab.shelf import Shelf
from grader.lab.transcript import NotBegunError


@dataclass(frozen=True)
class ProgramFile:
    """A program that an exercise asks for.

    Args:
        name: its file name.
        problem: why it can't be run, in a sentence; empty if it can.
    """

    name: str
    problem: str = ""


@dataclass(frozen=True)
class Subject:
    """A student's files of one exercise.

    Args:
        folder: a copy of them, which is the programs' working folder.
        programs: the programs by role (`server`, `client`).
        remark: what is odd about the folder as a whole, in a sentence.
    """

    folder: Path
    programs: Mapping[str, ProgramFile]
    remark: str = ""


@dataclass(frozen=True)
class Grading:
    """What is graded in this run, and with which seed."""

    door: Door
    subjects: Mapping[str, Subject]
    seed: int


GRADING = pytest.StashKey[Grading]()
SHELF = pytest.StashKey[Shelf]()
_BENCH = pytest.StashKey[Bench]()
LAB = pytest.StashKey[Lab]()
#: Set on a test whose check failed; but not if it found that nothing is written yet.
FAILED = pytest.StashKey[bool]()
#: Set on a test whose server, or process of functions, had served an earlier check.
REUSED = pytest.StashKey[bool]()


@pytest.fixture
def subject(request: pytest.FixtureRequest) -> Subject:
    """The student's files of the exercise that the check is of."""
    return request.config.stash[GRADING].subjects[request.path.stem]


@pytest.fixture
def shelf(request: pytest.FixtureRequest) -> Shelf:
    """What earlier checks have put back."""
    return request.config.stash.setdefault(SHELF, Shelf())


@pytest.fixture
def lab(request: pytest.FixtureRequest, subject: Subject, shelf: Shelf) -> Iterator[Lab]:
    """A lab of the check's own; whatever it started is ended with it."""
    grading = request.config.stash[GRADING]
    bench = request.config.stash.setdefault(_BENCH, Bench(grading.door, shelf.programs))
    lab = Lab(
        bench, subject.folder, Random(f"{grading.seed}/{request.path.stem}/{request.node.name}")
    )
    request.node.stash[LAB] = lab
    yield lab
    bench.clear()


@pytest.fixture
def server(
    request: pytest.FixtureRequest, lab: Lab, subject: Subject, shelf: Shelf
) -> Iterator[Server]:
    """The student's server, at rest: one that an earlier check has put back, or a new one."""
    exercise = request.path.stem
    server = _at_rest(shelf.servers.pop(exercise, None), lab)
    request.node.stash[REUSED] = server is not None
    if server is None:
        server = Server(lab, program_file(lab, subject, "server"))
    yield server
    if request.node.stash.get(FAILED, False) or server.program.ended():
        server.end()
    else:
        server.dismiss_clients()
        shelf.servers[exercise] = server


@pytest.fixture
def functions(
    request: pytest.FixtureRequest, lab: Lab, subject: Subject, shelf: Shelf
) -> Iterator[Functions]:
    """The student's functions or classes, in a process that an earlier check has put back or a new one.

    Constants in `GIVEN` of the file of checks, by name, take the place of the student's own.
    """
    exercise = request.path.stem
    functions = shelf.functions.pop(exercise, None)
    request.node.stash[REUSED] = functions is not None
    if functions is None:
        given = getattr(request.module, "GIVEN", None)
        functions = Functions(lab, program_file(lab, subject, "module"), given)
    functions.hand_to(lab)
    yield functions
    if functions.ready() and not request.node.stash.get(FAILED, False):
        shelf.functions[exercise] = functions


def program_file(lab: Lab, subject: Subject, role: str) -> str:
    """Give the file name of the program in a role.

    Raises:
        NotBegunError: if it is missing or can't be run.
    """
    file = subject.programs[role]
    lab.compared()
    if file.problem:
        raise NotBegunError(file.problem, f"a program {file.name}", file.problem)
    return file.name


def _at_rest(server: Server | None, lab: Lab) -> Server | None:
    """Give a server that this check can go on with; None if there is none."""
    if server is None:
        return None
    server.hand_to(lab)
    if server.settle():
        return server
    server.end()
    lab.transcript.lines.clear()
    return None
