"""The command line."""

from __future__ import annotations

import argparse
import random
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.containment.door import ContainmentError, Door
from grader.exercises import EXERCISES, ExerciseError

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
    except KeyboardInterrupt:
        print("interrupted; nothing was left running", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return CANNOT_GRADE


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
    stubs = commands.add_parser("stubs", help="write exercises/ from solutions/")
    stubs.set_defaults(command=_stubs)
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _grade(options: argparse.Namespace) -> int:
    try:
        door = Door()
    except OSError as error:
        return _refuse(f"programs can't be started here: {error}")
    try:
        return _grade_through(door, options)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        door.close()


def _grade_through(door: Door, options: argparse.Namespace) -> int:
    # The launcher is starting meanwhile; pytest and rich take longer to import than it takes.
    from rich.console import Console

    from grader.reports import json_file, terminal
    from grader.reports.json_file import ReportError
    from grader.reports.progress import Progress
    from grader.submission import SubmissionError
    from grader.verdict.engine import CannotRunError
    from grader.verdict.grade import Request, default_workers, grade

    console = Console(highlight=False)
    seed = random.SystemRandom().randrange(1 << 32) if options.seed is None else options.seed
    workers = options.workers or default_workers()
    try:
        layers = door.layers()
        if options.untrusted and not layers.files and not options.unsafe:
            return _refuse(
                "other people's programs are not graded here: they could "
                f"{', '.join(layers.missing())}. --unsafe grades them nevertheless"
            )
        if options.json:
            json_file.check(options.json)
        with Progress(console) as progress:
            request = Request(options.dir, options.selection, seed, workers)
            result = grade(request, door, progress)
        door.close()  # nothing of a student's runs any more when the result is written
        if options.json:
            json_file.write(result, options.json)
    except (SubmissionError, ExerciseError, CannotRunError, ContainmentError, ReportError) as error:
        return _refuse(str(error))
    terminal.show(result, console, options.verbose)
    if result.errors:
        return CANNOT_GRADE
    return FULL_MARKS if result.score == result.max_score else POINTS_MISSING


def _show(options: argparse.Namespace) -> int:
    from grader.submission import SubmissionError
    from grader.teaching import scenes

    try:
        door = Door()
    except OSError as error:
        return _refuse(f"programs can't be started here: {error}")
    try:
        seed = random.SystemRandom().randrange(1 << 32) if options.seed is None else options.seed
        kept = scenes.play(options.dir, options.selection, seed, door)
    except (SubmissionError, ExerciseError, ContainmentError) as error:
        return _refuse(str(error))
    finally:
        door.close()
    return FULL_MARKS if kept else POINTS_MISSING


def _stubs(options: argparse.Namespace) -> int:
    from grader.teaching import stubs

    try:
        for path in stubs.write_all():
            print(path)
    except (ExerciseError, stubs.StubError) as error:
        return _refuse(str(error))
    return 0


def _refuse(reason: str) -> int:
    print(f"grader: {reason}", file=sys.stderr)
    return CANNOT_GRADE
