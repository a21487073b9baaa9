"""Which files of a student's repository are no longer what was handed out.

A manifest lists every file that an instructor handed out and that students are not to write, with its
SHA-256, in the form that sha256sum(1) reads: `sha256sum -c MANIFEST.sha256`.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

NAME = "MANIFEST.sha256"

#: Hashes by path, which is relative and has slashes.
Manifest = Mapping[str, str]

_LINE = re.compile(r"([0-9a-f]{64})  ([\w./-]+)")
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


def write(files: Mapping[str, bytes]) -> str:
    """Give the text of the manifest of some files."""
    return "".join(
        f"{hashlib.sha256(content).hexdigest()}  {path}\n"
        for path, content in sorted(files.items())
    )


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
            and (content is None or hashlib.sha256(content).hexdigest() != originals[path])
        ],
        added=sorted(printable(path) for path in _present(repository) if path not in originals),
        removed=[path for path in originals if not os.path.lexists(repository / path)],
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
    for entry in os.scandir(repository):
        if entry.name.endswith((".py", ".so", ".pth")) or os.path.lexists(
            os.path.join(entry.path, "__init__.py")
        ):
            if entry.name not in _CLOSED:
                yield entry.name


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
