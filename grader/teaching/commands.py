"""The commands of instructors: stubs, students' repositories, autograders, diffs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from grader.exercises import ExerciseError
from grader.manifest import Manifest

if TYPE_CHECKING:
    from grader.points import Course

_DONE, _CANNOT = 0, 2
_Command = Callable[[argparse.Namespace], None]


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the command line."""
    stubs = commands.add_parser("stubs", help="write exercises/ from solutions/")
    stubs.set_defaults(command=_refusing(_stubs))
    repository = commands.add_parser("student-repo", help="write what students get, or update it")
    repository.add_argument("out", type=Path, metavar="FOLDER", help="new, empty, or made before")
    _add_course(repository)
    repository.set_defaults(command=_refusing(_student_repo))
    bundle = commands.add_parser(
        "autograder-bundle", help="write the grader as Gradescope and Classroom 50 take it"
    )
    bundle.add_argument("out", type=Path, metavar="FOLDER", help="where the archives go")
    _add_course(bundle)
    bundle.set_defaults(command=_refusing(_autograder_bundle))
    diff = commands.add_parser(
        "diff", help="show two submissions beside each other: their text, and what they do"
    )
    diff.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER",
        help="none: stub and solution; one: it and the solution; two: both",
    )  # fmt: skip
    diff.add_argument(
        "-e", "--exercise", action="append", default=[], metavar="EXERCISE[:PROMISE]",
        help="such as 09 or 09:reaps; may be given several times (default: all that both have)",
    )  # fmt: skip
    diff.add_argument("--html", type=Path, metavar="FILE", help="write a page with two columns")
    diff.add_argument("--no-grade", action="store_true", help="compare the text only")
    diff.add_argument("--seed", type=int, help="draw the same inputs as a run with this seed")
    diff.set_defaults(command=_refusing(_diff))


def _add_course(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "selection", nargs="*", metavar="EXERCISE", help="such as 03 or byteorder (default: all)"
    )
    parser.add_argument(
        "--points", type=int, metavar="N",
        help="rescale the points so that they sum to N (default: as the checks declare them)",
    )  # fmt: skip


def originals(repository: Path) -> Manifest:
    """Give the hashes of what this project would hand out in a student's repository's place."""
    from grader.teaching import student_repo

    return student_repo.originals(repository)


def _refusing(command: _Command) -> Callable[[argparse.Namespace], int]:
    """Make what a command can't do a sentence and an exit status."""

    def run(options: argparse.Namespace) -> int:
        from grader.containment.door import ContainmentError
        from grader.submission import SubmissionError
        from grader.teaching.stubs import StubError
        from grader.teaching.student_repo import StudentRepoError
        from grader.verdict.engine import CannotRunError

        try:
            command(options)
        except (
            ExerciseError, SubmissionError, StubError, StudentRepoError, CannotRunError,
            ContainmentError,
        ) as error:  # fmt: skip
            print(f"grader: {error}", file=sys.stderr)
            return _CANNOT
        except OSError as error:
            print(f"grader: {error.filename}: {error.strerror}", file=sys.stderr)
            return _CANNOT
        return _DONE

    return run


def _stubs(_options: argparse.Namespace) -> None:
    from grader.teaching import stubs

    for path in stubs.write_all():
        print(path)


def _student_repo(options: argparse.Namespace) -> None:
    from grader.teaching import student_repo
    from grader.teaching.contents import contents

    course = student_repo.course(options.selection, options.points)
    done = student_repo.write(options.out, contents(course))
    counts = ((done.new, "new"), (done.updated, "updated"), (done.removed, "removed"))
    said = [f"{len(paths)} {word}" for paths, word in counts if paths]
    print(f"{options.out}: {', '.join(said) or 'nothing to update'}")
    if done.kept:
        print(f"{len(done.kept)} files of the student's left as they are")
    _show(course)


def _autograder_bundle(options: argparse.Namespace) -> None:
    from grader.teaching import bundles, student_repo

    course = student_repo.course(options.selection, options.points)
    for path in bundles.write(options.out, course):
        print(path)
    _show(course)


def _diff(options: argparse.Namespace) -> None:
    from rich.console import Console

    from grader.teaching.diff.command import Wanted, diff

    if len(options.folders) > 2:
        raise ExerciseError("two folders at most can be compared")
    grade = not options.no_grade
    wanted = Wanted(options.folders, options.exercise, options.html, grade, options.seed)
    diff(wanted, Console(highlight=False, emoji=False))


def _show(course: Course) -> None:
    for exercise, promises in course.points.items():
        print(f"  {exercise:20} {sum(promises.values()):4} points, {len(promises)} promises")
    print(f"  {'total':20} {course.total:4}")
    if worthless := course.worthless():
        count = sum(map(len, course.points.values()))
        print(
            f"{len(worthless)} promises are checked but worth nothing: there are {count}, and "
            f"{course.total} points. From {count} points on, each is worth one at least."
        )
