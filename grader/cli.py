"""The command line."""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from grader.containment.door import ContainmentError, Door
from grader.exercises import EXERCISES, ExerciseError

if TYPE_CHECKING:
    from grader.verdict.result import Result

FULL_MARKS, POINTS_MISSING, CANNOT_GRADE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, and give its exit status."""
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        sys.unraisablehook = _unraisable
        options = _parser().parse_args(arguments)
        return int(options.command(options))
    except (KeyboardInterrupt, RuntimeError) as error:
        if not _is_interruption(error):
            raise
        print("interrupted; nothing was left running", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return CANNOT_GRADE


def _is_interruption(error: BaseException) -> bool:
    """Tell whether this is an interruption, which Python 3.11 wraps if it comes in __set_name__."""
    return any(isinstance(each, KeyboardInterrupt) for each in (error, error.__cause__))


def _unraisable(lost: sys.UnraisableHookArgs) -> None:
    """Interrupt again, in a moment, if an interruption came where Python can't raise anything."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        signal.setitimer(signal.ITIMER_REAL, 0.001)
    else:
        sys.__unraisablehook__(lost)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="grader", description="Grades network programs.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    grade = commands.add_parser(
        "grade", help="grade a folder of exercises",
        epilog="Exit status: 0 full marks, 1 points missing, 2 it could not be graded.",
    )  # fmt: skip
    grade.add_argument(
        "selection", nargs="*", metavar="EXERCISE[:PROMISE]",
        help="such as 09, fork_server or 09:reaps (default: every exercise)",
    )  # fmt: skip
    grade.add_argument("--dir", type=Path, default=EXERCISES, help="what to grade (exercises/)")
    grade.add_argument("--json", type=Path, metavar="FILE", help="write the result there as well")
    grade.add_argument(
        "--report", action="append", default=[], metavar="FORMAT=PATH",
        help="write the result in another format; may be given several times; see docs/reports.md",
    )  # fmt: skip
    grade.add_argument(
        "--limit", type=_positive, metavar="SECONDS", help="end with what was checked until then"
    )
    grade.add_argument("--seed", type=int, help="draw the same inputs as the run with this seed")
    grade.add_argument("--workers", type=_positive, help="checks that run side by side")
    grade.add_argument("-v", "--verbose", action="store_true", help="show every check in full")
    grade.add_argument(
        "--untrusted", action="store_true",
        help="grade other people's work: refuse if this machine can't keep it from your files",
    )  # fmt: skip
    grade.add_argument(
        "--unsafe", action="store_true", help="grade other people's work here nevertheless"
    )
    grade.set_defaults(command=_grade)
    show = commands.add_parser("show", help="watch a TCP endpoint at work, segment by segment")
    show.add_argument("selection", metavar="EXERCISE[:SCENE]", help="such as 12 or 13:active_close")
    show.add_argument("--dir", type=Path, default=EXERCISES, help="whose (exercises/)")
    show.add_argument("--seed", type=int, help="draw the same numbers as the run with this seed")
    show.set_defaults(command=_show)
    if teaching := _teaching():
        teaching.add(commands)
    return parser


def _teaching() -> ModuleType | None:
    """Give the commands of instructors, which students' copies don't have."""
    return import_module("grader.teaching.commands") if find_spec("grader.teaching") else None


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _grade(options: argparse.Namespace) -> int:
    return _with_door(_grade_through, options)


def _show(options: argparse.Namespace) -> int:
    return _with_door(_show_through, options)


def _with_door(
    command: Callable[[Door, argparse.Namespace], int], options: argparse.Namespace
) -> int:
    try:
        door = Door()
    except OSError as error:
        return _refuse(f"programs can't be started here: {error}")
    try:
        return command(door, options)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        door.close()


def _grade_through(door: Door, options: argparse.Namespace) -> int:
    # The launcher is starting meanwhile; pytest and rich take longer to import than it takes.
    from rich.console import Console

    from grader.reports import actions, report, terminal
    from grader.reports.about import About
    from grader.reports.report import FormatError, Report
    from grader.submission import SubmissionError, folder_of_exercises
    from grader.verdict.engine import CannotRunError

    options.dir = folder_of_exercises(options.dir)
    about = About(options.dir, os.environ)
    try:
        reports = [Report.parse(text) for text in options.report]
    except FormatError as error:
        return _refuse(str(error))
    if options.json:
        reports.append(Report("json", options.json))
    refusals = report.refusals(reports)
    if reports and len(refusals) == len(reports):
        return _refuse("; ".join(refusals))
    outcome: Result | str
    with actions.commands_stopped(os.environ):
        try:
            outcome = _result(door, options)
            troubles = report.write(report.to_files(reports), outcome, about)
            terminal.show(outcome, Console(highlight=False, emoji=False), options.verbose)
            troubles += report.write(report.to_standard_output(reports), outcome, about)
        except (SubmissionError, ExerciseError, CannotRunError, ContainmentError) as error:
            outcome = str(error)
    if isinstance(outcome, str):
        return _refuse(outcome)
    troubles += actions.publish(outcome, about)
    for trouble in troubles:
        _refuse(trouble)
    if troubles or outcome.errors:
        return CANNOT_GRADE
    return FULL_MARKS if outcome.score == outcome.max_score else POINTS_MISSING


def _result(door: Door, options: argparse.Namespace) -> Result:
    """Grade, with a line that shows how far it is."""
    from rich.console import Console

    from grader.reports.progress import Progress
    from grader.verdict.grade import Request, default_workers, grade

    layers = door.layers()
    if options.untrusted and not layers.files and not options.unsafe:
        raise ContainmentError(
            "other people's programs are not graded here: they could "
            f"{', '.join(layers.missing())}. --unsafe grades them nevertheless"
        )
    workers = options.workers or default_workers()
    teaching = _teaching()
    originals = teaching.originals if teaching else None
    with Progress(Console(highlight=False, emoji=False)) as progress:
        request = Request(
            options.dir, options.selection, _seed(options), workers, options.limit, originals
        )
        result = grade(request, door, progress)
    door.close()  # nothing of a student's runs any more when the result is written
    return result


def _show_through(door: Door, options: argparse.Namespace) -> int:
    from grader import scenes
    from grader.submission import SubmissionError

    try:
        kept = scenes.play(options.dir, options.selection, _seed(options), door)
    except (SubmissionError, ExerciseError, ContainmentError) as error:
        return _refuse(str(error))
    return FULL_MARKS if kept else POINTS_MISSING


def _seed(options: argparse.Namespace) -> int:
    """Give the seed that was asked for, or draw one."""
    return random.SystemRandom().randrange(1 << 32) if options.seed is None else int(options.seed)


def _refuse(reason: str) -> int:
    from grader.reports import actions, inert

    print(f"grader: {inert.logged(reason, 1_000)}", file=sys.stderr)
    actions.refuse(reason, os.environ)
    return CANNOT_GRADE
