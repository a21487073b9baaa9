"""The two sides of a diff: what was handed in, stubs, solutions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from grader import exercises, submission
from grader.exercises import SOLUTIONS, ExerciseError
from grader.teaching import stubs
from grader.teaching.diff.compare import Pair, compare
from grader.teaching.diff.source import Source, read

_MAX_FILES = 20


@dataclass(frozen=True)
class Side:
    """One side.

    Args:
        label: what reports call it.
        folder: a folder of exercises, or that of one.
    """

    label: str
    folder: Path


@dataclass(frozen=True)
class FileDiff:
    """A file of both sides."""

    name: str
    left: Source
    right: Source
    pairs: list[Pair]


def choose(folders: Sequence[Path], cleanup: ExitStack) -> tuple[Side, Side]:
    """Give the sides for no, one or two folders: stub and solution, it and the solution, or both.

    Raises:
        SubmissionError: if a folder is not there.
        StubError: if there are no solutions to make stubs from.
    """
    given = [Side(str(path), submission.folder_of_exercises(path)) for path in folders]
    for side in given:
        submission.check_directory(side.folder)
    if len(given) == 2:
        return given[0], given[1]
    return given[0] if given else _stub(cleanup), Side("solution", SOLUTIONS)


def _stub(cleanup: ExitStack) -> Side:
    folder = Path(cleanup.enter_context(TemporaryDirectory(prefix="socklab-stubs-")), "exercises")
    copytree(exercises.EXERCISES, folder, symlinks=True)
    for path, text in stubs.for_students():
        (folder / path).write_text(text, encoding="utf-8")
    return Side("stub", folder)


def in_both(sides: Sequence[Side]) -> list[str]:
    """Give the exercises of which both sides have something.

    Raises:
        ExerciseError: if there is none.
    """
    found = [
        name
        for name in exercises.names()
        if all(submission.folder_of(side.folder, exercises.load(name)) for side in sides)
    ]
    if not found:
        folders = " and ".join(str(side.folder) for side in sides)
        raise ExerciseError(f"{folders} have no exercise in common")
    return found


def files(exercise: str, sides: tuple[Side, Side]) -> list[FileDiff]:
    """Compare the files of an exercise: those that are asked for, and other programs beside them."""
    described = exercises.load(exercise)
    with TemporaryDirectory(prefix="socklab-diff-") as scratch:
        left, right = (
            submission.take(side.folder, described, Path(scratch, str(number))).folder
            for number, side in enumerate(sides)
        )
        beside = sorted({p.name for folder in (left, right) for p in folder.glob("*.py")})
        names = [*dict.fromkeys([*described.write, *described.programs.values(), *beside])]
        return [_file(left, right, name) for name in names[:_MAX_FILES]]


def _file(left: Path, right: Path, name: str) -> FileDiff:
    a, b = read(left, name), read(right, name)
    return FileDiff(name, a, b, compare(a, b))
