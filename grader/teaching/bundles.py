"""The grader as archives that other systems unpack and run against a student's checkout."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from grader import manifest
from grader.points import Course
from grader.teaching import ci
from grader.teaching.contents import contents

#: What each system runs, by archive.
_ARCHIVES = {
    "autograder.zip": ("setup.sh", "run_autograder"),
    "classroom50.zip": ("autograder.py",),
}
_EXECUTABLE = {"scripts/setup", *(name for names in _ARCHIVES.values() for name in names)}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same files give the same archive, byte for byte


def write(folder: Path, course: Course) -> list[Path]:
    """Write the archives, each with the manifest of what students were given; give their paths.

    Raises:
        ExerciseError: if an exercise's description can't be used.
        OSError: if they can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    repository = contents(course)
    common = repository.rest | {manifest.NAME: manifest.text(repository.manifest).encode()}
    for archive, names in _ARCHIVES.items():
        own = {name: ci.fill(name, list(course.points)).encode() for name in names}
        _zip(folder / archive, common | own)
    return [folder / archive for archive in _ARCHIVES]


def _zip(path: Path, files: Mapping[str, bytes]) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            about = ZipInfo(name, _LONG_AGO)
            about.compress_type = ZIP_DEFLATED
            about.external_attr = (0o100755 if name in _EXECUTABLE else 0o100644) << 16
            archive.writestr(about, content)
