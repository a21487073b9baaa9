"""What a student's repository holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import exercises, manifest
from grader.exercises import ROOT, Exercise
from grader.manifest import Manifest
from grader.points import Course
from grader.teaching import ci, stubs

_TEMPLATES = Path(__file__).parent / "templates" / "student"
#: Copied as they are.
_SAME = ("LICENSE", "requirements.lock", "scripts/setup", "docs/security.md", "docs/reports.md")
_FROM_TEMPLATES = {
    "Makefile": "Makefile",
    ".gitignore": "gitignore",
    ".devcontainer/devcontainer.json": "devcontainer/devcontainer.json",
    ".devcontainer/Dockerfile": "devcontainer/Dockerfile",
    ".vscode/settings.json": "settings.json",
}
#: What of pyproject.toml is for those who only grade.
_SECTIONS = ("build-system", "project", "project.scripts", "tool.setuptools.packages.find")
#: How checks import what several exercises share.
_SHARED = re.compile(r"grader\.checks(?:\.(\w+)| import (\w+))")
_PROMISE_ROW = re.compile(r"^(\| `(\w+)` \| )\d+( \|)", re.MULTILINE)


@dataclass(frozen=True)
class Contents:
    """The files of a student's repository, by path.

    Args:
        stubs: those that the student writes, as they are at first.
        links: to files that the student writes, from exercises that use them.
        rest: all others, which the manifest covers.
    """

    stubs: dict[str, bytes]
    links: dict[str, str]
    rest: dict[str, bytes]

    @property
    def manifest(self) -> Manifest:
        """What the repository is to hold for good."""
        return manifest.of(self.rest)


def contents(course: Course) -> Contents:
    """Make all files for a choice of exercises.

    Raises:
        ExerciseError: if an exercise's description can't be used.
        StubError: if a stub can't be made.
        OSError: if a file of the project can't be read.
    """
    chosen = [exercises.load(name) for name in course.points]
    written = {
        f"exercises/{path}": text.encode()
        for path, text in stubs.for_students()
        if path.partition("/")[0] in course.points
    }
    links = {
        f"exercises/{exercise.id}/{file.partition('/')[2]}": f"../{file}"
        for exercise in chosen
        for file in exercise.beside
        if f"exercises/{file}" in written
    }
    rest = {path: (ROOT / path).read_bytes() for path in _SAME if (ROOT / path).is_file()}
    rest |= {path: (_TEMPLATES / name).read_bytes() for path, name in _FROM_TEMPLATES.items()}
    rest |= {path: (ROOT / path).read_bytes() for path in _grader(list(course.points))}
    for exercise in chosen:
        for path in _files(f"exercises/{exercise.id}"):
            content = (ROOT / path).read_bytes()
            if path.endswith("/README.md"):
                content = _with_points(content.decode(), exercise, course).encode()
            if path not in written:
                rest[path] = content
    rest["pyproject.toml"] = _pyproject().encode()
    rest["README.md"] = _readme(chosen, written, course).encode()
    rest["grader/points.toml"] = course.as_toml().encode()
    workflow = ci.fill("autograding.yml", list(course.points))
    rest[".github/workflows/autograding.yml"] = workflow.encode()
    return Contents(dict(sorted(written.items())), links, rest)


def students_files() -> set[str]:
    """Give the files that students write, of every exercise there is."""
    return {f"exercises/{path}" for path, _text in stubs.for_students()}


def _grader(chosen: Sequence[str]) -> Iterator[str]:
    """Give the files of the grader: no instructor's commands, and of the checks what is needed."""
    needed = {"__init__", *chosen}
    waiting = list(chosen)
    while waiting:
        text = (exercises.CHECKS / f"{waiting.pop()}.py").read_text(encoding="utf-8")
        shared = {module for found in _SHARED.findall(text) for module in found if module} - needed
        needed |= shared
        waiting += shared
    for path in _files("grader"):
        folder, _, name = path.removeprefix("grader/").partition("/")
        needless = folder == "checks" and name.partition(".")[0] not in needed
        if folder != "teaching" and path != "grader/points.toml" and not needless:
            yield path


def _files(folder: str) -> Iterator[str]:
    for path in sorted((ROOT / folder).rglob("*")):
        relative = path.relative_to(ROOT)
        hidden = any(part.startswith(".") or part == "__pycache__" for part in relative.parts)
        if (
            path.is_file()
            and not path.is_symlink()
            and not hidden
            and not path.name.endswith(("~", ".pyc"))
        ):
            yield relative.as_posix()


def _with_points(handout: str, exercise: Exercise, course: Course) -> str:
    """Put the points of the course into the table of promises."""
    points = course.points[exercise.id]
    return _PROMISE_ROW.sub(
        lambda row: f"{row[1]}{points[row[2]]}{row[3]}" if row[2] in points else row[0], handout
    )


def _pyproject() -> str:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    sections = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    kept = [each for each in sections if each.partition("]")[0][1:] in _SECTIONS]
    return "".join([*kept, (_TEMPLATES / "panel.toml").read_text(encoding="utf-8")])


def _readme(chosen: Sequence[Exercise], written: Iterable[str], course: Course) -> str:
    rows = "".join(
        f"| [{e.id}](exercises/{e.id}/README.md) | {sum(course.points[e.id].values())} "
        f"| {e.title} |\n"
        for e in chosen
    )
    yours = "".join(f"- `{path}`\n" for path in sorted(written))
    text = (_TEMPLATES / "README.md").read_text(encoding="utf-8")
    text = text.replace("@EXERCISES@\n", f"{rows}| total | {course.total} | |\n\n")
    first = chosen[0].id.partition("_")[0]
    return text.replace("@YOURS@\n", f"{yours}\n").replace("@FIRST@", first)
