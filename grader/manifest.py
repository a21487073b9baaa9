"""Which files of a student's repository are no longer what was handed out.

A manifest lists every file that an instructor handed out and that students are not to write, with its
SHA-256, in the form that sha256sum(1) reads: `sha256sum -c MANIFEST.sha256`.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.exercises import ROOT
from grader.points import COURSE

NAME = "MANIFEST.sha256"

#: Hashes by path, which is relative and has slashes.
Manifest = Mapping[str, str]

_LINE = re.compile(r"([0-9a-f]{64})  ([\w./-]+)", re.ASCII)
_MAX_BYTES = 16 << 20
#: Folders in which a new file changes how work is graded.
_CLOSED = ("grader", "scripts", ".github")
#: A folder that has one of them is a student's repository, rather than a folder of exercises.
_SIGNS = (NAME, "grader", ".github")
_SHOWN = 8


@dataclass(frozen=True)
class Changes:
    """How a student's repository differs from what was handed out.

    Args:
        changed: files with another content.
        added: files that were not handed out, where a file changes how work is graded.
        removed: files that are not there.
        graded_with_originals: whether the grader that ran is another one than the repository's own.
    """

    changed: list[str]
    added: list[str]
    removed: list[str]
    graded_with_originals: bool

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.changed or self.added or self.removed)

    def sentence(self) -> str:
        """Say what differs, and what that means for the verdict."""
        what = "; ".join(
            f"{word}: {_listed(names)}"
            for word, names in (
                ("changed", self.changed), ("added", self.added), ("removed", self.removed),
            )
            if names
        )  # fmt: skip
        if self.graded_with_originals:
            return f"files that students don't write differ ({what}); graded with the originals"
        return (
            f"files that students don't write differ from what was handed out ({what}); "
            "this verdict comes from them as they are now, an instructor's from the originals"
        )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def of(files: Mapping[str, bytes]) -> Manifest:
    """Make the manifest of some files."""
    return {path: _hash(content) for path, content in sorted(files.items())}


def text(manifest: Manifest) -> str:
    """Give a manifest as the text of its file."""
    return "".join(f"{digest}  {path}\n" for path, digest in manifest.items())


def read(root: Path) -> Manifest | None:
    """Read the manifest of a repository; None if it has none, or none that can be used.

    Paths that lead out of the repository make it unusable: a student may have written it.
    """
    content = _content(root / NAME)
    if content is None:
        return None
    found = {}
    for line in content.decode(errors="replace").splitlines():
        match = _LINE.fullmatch(line)
        if not match or ".." in match[2].split("/") or match[2].startswith("/"):
            return None
        found[match[2]] = match[1]
    return found


def repository_of(directory: Path) -> Path | None:
    """Give the student's repository that a folder to grade is, or whose `exercises/` it is."""
    resolved = directory.resolve()
    places = [resolved, resolved.parent] if resolved.name == "exercises" else [resolved]
    for place in places:
        if any(os.path.lexists(place / name) for name in _SIGNS):
            return place
    return None


def changes_in(
    directory: Path, originals: Callable[[Path], Manifest] | None = None
) -> Changes | None:
    """Say how the repository that a folder to grade belongs to differs from what was handed out.

    Args:
        directory: the folder to grade.
        originals: gives what was handed out, if the grader that runs has no manifest of its own.

    None if it is no student's repository, or nobody knows what was handed out.
    """
    repository = repository_of(directory)
    if repository is None:
        return None
    own = repository == ROOT
    handed_out = read(ROOT)
    if handed_out is None and COURSE.exists():
        return Changes([], [], [NAME], graded_with_originals=not own)
    if handed_out is None and originals and not own:
        handed_out = originals(repository)
    return None if handed_out is None else compare(handed_out, repository, own=own)


def compare(originals: Manifest, repository: Path, *, own: bool) -> Changes:
    """Compare a repository with what was handed out.

    Args:
        originals: what was handed out.
        repository: what came back; anything may be in it.
        own: whether it is the repository of the grader that runs.
    """
    contents = {path: _content(repository / path) for path in originals}
    return Changes(
        changed=[
            path
            for path, content in contents.items()
            if os.path.lexists(repository / path)
            and (content is None or _hash(content) != originals[path])
        ],
        added=sorted(printable(path) for path in _present(repository) if path not in originals),
        removed=[path for path in [*originals, NAME] if not os.path.lexists(repository / path)],
        graded_with_originals=not own,
    )


def printable(path: str) -> str:
    """Make a file's name harmless wherever it is shown; whoever named it may have had plans."""
    return path if path.isprintable() and path.isascii() else ascii(path)


def _present(repository: Path) -> Iterator[str]:
    """Give the files that count as added unless they were handed out."""
    for folder in _CLOSED:
        if (repository / folder).is_symlink():
            yield folder
        for where, folders, names in os.walk(repository / folder):
            folders[:] = [name for name in folders if name != "__pycache__"]
            for name in names:
                yield PurePosixPath(where, name).relative_to(repository).as_posix()
            yield from (
                PurePosixPath(where, name).relative_to(repository).as_posix()
                for name in folders
                if Path(where, name).is_symlink()
            )
    # Python would find these before the modules of that name.
    for name in os.listdir(repository):
        package = os.path.lexists(repository / name / "__init__.py")
        if name not in _CLOSED and (package or name.endswith((".py", ".so", ".pth"))):
            yield name


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _content(path: Path) -> bytes | None:
    """Read a regular file of a sensible size; None for anything else."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        with open(path, "rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError:
        return None
    return content if len(content) <= _MAX_BYTES else None
