"""From a student's folder to a copy that the grader can run programs in."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from grader.exercises import EXERCISES, Exercise
from grader.lab.fixtures import ProgramFile, Subject

_MAX_FILES = 1_000
_MAX_BYTES = 20 << 20


class SubmissionError(Exception):
    """The folder to grade can't be used; the message says why."""


def take(directory: Path, exercise: Exercise, scratch: Path) -> Subject:
    """Copy a student's files of an exercise, so that a program at work can't touch the originals.

    Args:
        directory: what the student handed in: a folder with a folder for each exercise, or the
            folder of this exercise itself.
        exercise: the exercise.
        scratch: where the copy goes.
    """
    source = folder_of(directory, exercise)
    target = scratch / exercise.id
    target.mkdir(parents=True)
    problem = ""
    if source is None:
        problem = f"no folder {exercise.id} in {directory}"
    elif not source.resolve().is_relative_to(directory.resolve()):
        problem = f"{exercise.id} is a symbolic link that leads out of {directory}"
    if source is None or problem:
        programs = {role: ProgramFile(name, problem) for role, name in exercise.programs.items()}
        return Subject(target, programs)
    remark = _copy(source, target)
    _complete(exercise, target)
    own = Path(os.path.abspath(source))
    if own.name == exercise.id:
        _put_beside(own.parent, exercise.beside, target)
    for folder in (target.parent, target, *(path for path in target.rglob("*") if path.is_dir())):
        folder.chmod(0o755)  # whatever the umask: a program may have a user of its own
    programs = {
        role: ProgramFile(name, _problem(source, target, name))
        for role, name in exercise.programs.items()
    }
    return Subject(target, programs, remark or _shadows(target))


def folder_of_exercises(directory: Path) -> Path:
    """Give the folder that has a folder for each exercise: of a repository, its `exercises/`."""
    inside = directory / "exercises"
    own = any(directory.glob("[0-9][0-9]_*"))
    return inside if inside.is_dir() and not inside.is_symlink() and not own else directory


def check_directory(directory: Path) -> None:
    """Make sure that there is a folder to grade.

    Raises:
        SubmissionError: if there is none, or it can't be read.
    """
    try:
        os.listdir(directory)
    except OSError as error:
        raise SubmissionError(f"can't grade {directory}: {error.strerror}") from error


def folder_of(directory: Path, exercise: Exercise) -> Path | None:
    """Give the folder of an exercise in what was handed in; None if there is none."""
    folder = directory / exercise.id
    if os.path.lexists(folder):
        return folder
    own = any(os.path.lexists(directory / name) for name in exercise.programs.values())
    return directory if own else None


def _copy(source: Path, target: Path) -> str:
    """Copy regular files and folders; say what was too much, or why the folder can't be read."""
    size = 0
    try:
        os.listdir(source)
    except OSError as error:
        return f"the folder {source.name} can't be read: {error.strerror}"
    for number, relative in enumerate(_files(source), 1):
        content = _read(source, relative, _MAX_BYTES - size)
        size += len(content or b"")
        if number > _MAX_FILES or size >= _MAX_BYTES:
            return f"the folder {source.name} holds too much: {_MAX_FILES} files, 20 MiB at most"
        if content is not None:
            path = target / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o644)
    return ""


def _complete(exercise: Exercise, target: Path) -> None:
    """Add the files that are only given, with nothing to write in them, if they were not handed in."""
    for name, functions in exercise.write.items():
        if not functions and not os.path.lexists(target / name):
            (target / name).write_bytes((EXERCISES / exercise.id / name).read_bytes())
            (target / name).chmod(0o644)


def _put_beside(course: Path, files: Sequence[str], target: Path) -> None:
    """Copy files of other exercises, unless the student has one of that name in this exercise.

    Args:
        course: the folder with a folder for each exercise.
        files: what is copied, `NN_name/file.py`; one that is not there is left out.
        target: where the exercise's own files are.
    """
    for file in files:
        folder, _, name = file.partition("/")
        path = target / name
        if not path.exists():
            content = _read(course / folder, Path(name), _MAX_BYTES)
            if content is not None and len(content) <= _MAX_BYTES:
                path.write_bytes(content)
                path.chmod(0o644)


def _files(source: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "__pycache__")
        yield from (Path(folder, name).relative_to(source) for name in sorted(names))


def _read(source: Path, relative: Path, limit: int) -> bytes | None:
    """Read a file that lies in `source`; None for anything else, such as a link that leads out."""
    with suppress(OSError, RuntimeError):
        path = (source / relative).resolve(strict=True)
        if path.is_relative_to(source.resolve()) and path.is_file():
            with open(path, "rb") as file:
                return file.read(limit + 1)
    return None


def _problem(source: Path, target: Path, name: str) -> str:
    """Say why a program can't be run; nothing if it can."""
    if (target / name).is_file():
        return ""
    path = source / name
    try:
        link = stat.S_ISLNK(os.lstat(path).st_mode)
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        if os.path.lexists(path):
            return f"{name} is a symbolic link that leads nowhere"
        return f"{name} is missing"
    except OSError as error:
        return f"{name} can't be read: {error.strerror}"
    if stat.S_ISDIR(mode):
        return f"{name} is a directory, not a file"
    if not stat.S_ISREG(mode):
        return f"{name} is not a regular file"
    if link and not path.resolve().is_relative_to(source.resolve()):
        return f"{name} is a symbolic link that leads out of its folder"
    try:
        path.open("rb").close()
    except OSError as error:
        return f"{name} can't be read: {error.strerror}"
    return f"{name} was not copied: its folder holds too much"


def _shadows(folder: Path) -> str:
    """Explain files that hide modules of Python's own from every program beside them."""
    names = sorted(
        path.name
        for path in folder.iterdir()
        if path.name.removesuffix(".py") in sys.stdlib_module_names
        and (path.suffix == ".py" or path.is_dir())
    )
    if not names:
        return ""
    modules = ", ".join(f"`{name.removesuffix('.py')}`" for name in names)
    return (
        f"{', '.join(names)} in this folder hides Python's own {modules} from your programs; "
        "rename it unless you mean that"
    )
