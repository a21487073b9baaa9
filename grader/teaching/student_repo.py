"""Makes a student's repository, and brings one that was made before up to date."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

from grader import exercises, manifest, points
from grader.manifest import Manifest
from grader.points import Course, PointsError
from grader.teaching.contents import Contents, contents, students_files
from grader.verdict.catalogue import declared_points

_EXECUTABLE = ("scripts/setup",)


class StudentRepoError(Exception):
    """A student's repository can't be written there; the message says why."""


@dataclass
class Written:
    """What was done to a folder, in paths."""

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def course(selection: Sequence[str], total: int | None) -> Course:
    """Read a choice of exercises, `03` or `byteorder`, and share out the points.

    Args:
        selection: words; none means every exercise.
        total: how many points there are to be; None for what the checks declare.

    Raises:
        ExerciseError: if a word means no exercise, or the points can't be shared out.
    """
    chosen = sorted({exercises.find(word) for word in selection} or exercises.names())
    declared = declared_points(chosen)
    return points.rescale(declared, total) if total else Course(declared, rescaled=False)


def write(target: Path, repository: Contents) -> Written:
    """Write a repository, or update one: files that students write are left alone if they are there.

    Raises:
        StudentRepoError: if the folder is something else, or a link leads out of it.
        OSError: if something can't be written.
    """
    before = _before(target)
    target.mkdir(parents=True, exist_ok=True)
    done = Written()
    for path in sorted(set(before) - set(repository.rest) - students_files()):
        if _inside(target, path).is_file():
            _inside(target, path).unlink()
            _remove_empty(target, (target / path).parent)
            done.removed.append(path)
    for path, content in repository.stubs.items():
        if os.path.lexists(_inside(target, path)):
            done.kept.append(path)
        else:
            _put(target, path, content, done)
    for path, destination in repository.links.items():
        if not os.path.lexists(_inside(target, path)):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).symlink_to(destination)
            done.new.append(path)
    for path, content in repository.rest.items():
        _put(target, path, content, done)
    _put(target, manifest.NAME, manifest.text(repository.manifest).encode(), done)
    return done


def originals(repository: Path) -> Manifest:
    """Give the hashes of what this project would hand out in a student's repository's place.

    Which exercises, and whether points were rescaled to which total, is as the repository says.

    Raises:
        ExerciseError: if this project's exercises can't be used.
    """
    try:
        theirs = points.read(repository / "grader" / points.COURSE.name)
        chosen = [name for name in theirs.points if name in exercises.names()]
        made = course(chosen, theirs.total if theirs.rescaled else None)
    except PointsError:
        made = course([], None)
    return contents(made).manifest


def _before(target: Path) -> Manifest:
    """Give the manifest of the repository that is to be updated; an empty one for a new folder."""
    if not os.path.lexists(target) or (target.is_dir() and not any(target.iterdir())):
        return {}
    if not target.is_dir():
        raise StudentRepoError(f"{target} is not a folder")
    # A fresh clone of an empty repository holds .git only.
    if [path.name for path in target.iterdir()] == [".git"]:
        return {}
    before = manifest.read(target)
    if before is None:
        raise StudentRepoError(
            f"{target} is not empty, and no student's repository: it has no usable {manifest.NAME}"
        )
    return before


def _inside(target: Path, path: str) -> Path:
    """Make sure that no folder on the way to a file is a link."""
    for parent in list((target / path).relative_to(target).parents)[:-1]:
        if (target / parent).is_symlink():
            raise StudentRepoError(
                f"{target / parent} is a symbolic link; nothing is written there"
            )
    return target / path


def _put(target: Path, path: str, content: bytes, done: Written) -> None:
    file = _inside(target, path)
    mode = 0o755 if path in _EXECUTABLE else 0o644
    there = os.path.lexists(file)
    same = there and not file.is_symlink() and file.is_file() and file.read_bytes() == content
    if same:
        file.chmod(mode)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as draft:
        draft.write(content)
        os.fchmod(draft.fileno(), mode)
    Path(draft.name).replace(file)
    (done.updated if there else done.new).append(path)


def _remove_empty(target: Path, folder: Path) -> None:
    while folder != target and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
