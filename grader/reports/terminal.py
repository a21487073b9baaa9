"""The result for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.reports.facts import facts, not_begun, summary
from grader.reports.inert import block, line
from grader.verdict.result import OUT_OF_TIME, CheckResult, ExerciseResult, Result

_MARKS = {
    "pass": ("✓", "green"),
    "fail": ("✗", "red"),
    "skip": ("-", "dim"),
    "error": ("!", "magenta"),
}


def show(result: Result, console: Console, verbose: bool) -> None:
    """Print the result.

    Args:
        result: what to print.
        console: where to print it.
        verbose: every check in full, rather than the first thing to fix and a line for the rest.
    """
    for exercise in result.exercises:
        if verbose:
            console.print(_heading(exercise))
            for check in exercise.checks:
                console.print(_in_full(check))
            console.print()
    if not verbose:
        _show_first_failure(result, console)
    console.print(_overview(result))
    if result.changes:
        console.print(Text(f"note: {line(result.changes.sentence(), 1_000)}", "yellow"))
    if warning := _containment(result, verbose):
        console.print(warning)
    console.print(_closing(result))


def _show_first_failure(result: Result, console: Console) -> None:
    """Show the first failure in full, and of each exercise the others in a line each."""
    shown = 0
    for exercise in result.exercises:
        broken = [c for c in exercise.checks if c.status in ("fail", "error")]
        if not broken or not_begun(exercise):
            continue
        console.print(_heading(exercise))
        if not shown:
            console.print(_in_full(broken[0]))
        console.print(_lines(broken[0 if shown else 1 :]))
        waiting = sum(check.status == "skip" for check in exercise.checks)
        if waiting:
            console.print(f"  - {waiting} more can be checked once these hold", style="dim")
        console.print()
        shown += len(broken)
    if not shown and (first := next(filter(not_begun, result.exercises), None)):
        console.print(f"Begin with the README.md in the folder {first.id}.\n", soft_wrap=True)
    if shown > 1:
        console.print("This is the first thing to fix; -v (make grade V=1) shows all in full.\n")


def _heading(exercise: ExerciseResult) -> RenderableType:
    parts: list[RenderableType] = [Text(f"{exercise.id}  {exercise.title}", "bold")]
    if exercise.problem:
        parts.append(Padding(Text(f"note: {line(exercise.problem)}", "yellow"), (0, 0, 0, 2)))
    return Group(*parts)


def _lines(checks: Sequence[CheckResult]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for check in checks:
        mark, style = _MARKS[check.status]
        points = f"({check.score}/{check.max_score})"
        table.add_row(Text(f"{mark} {check.id} {points}", style), check.title)
    return Padding(table, (0, 0, 0, 2))


def _in_full(check: CheckResult) -> RenderableType:
    if check.status == "pass":
        remark = Padding(Text(block(check.message)), (0, 0, 1, 6))
        return Group(_lines([check]), *([remark] if check.message else []))
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="dim")
    table.add_column(overflow="fold")
    for number, step in enumerate(check.transcript, 1):
        table.add_row(str(number), Text(block(step)))
    for name, value in facts(check):
        table.add_row(name, Text(block(value)))
    return Group(_lines([check]), Padding(table, (0, 0, 0, 4)))


def _overview(result: Result) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for exercise in result.exercises:
        full = exercise.score == exercise.max_score
        style = "green" if full else "yellow" if exercise.score else "red"
        points = Text(f"{exercise.score}/{exercise.max_score}", style)
        table.add_row(exercise.id, points, Text(line(summary(exercise)), "dim"))
    table.add_row(Text("total", "bold"), Text(f"{result.score}/{result.max_score}", "bold"), "")
    return table


def _containment(result: Result, verbose: bool) -> RenderableType | None:
    """Say what contained the programs, if asked for or if something that matters is missing."""
    layers = result.containment
    open_to = [*layers["missing"], *(layers["gaps"] if verbose else [])]
    if open_to:
        return Text(f"programs could {', '.join(open_to)}; see docs/security.md", "yellow")
    return Text(f"contained by {layers['summary']}", "dim") if verbose else None


def _closing(result: Result) -> RenderableType:
    parts = [f"{result.seconds:.1f} s, seed {result.seed}"]
    late = sum(check.message.startswith(OUT_OF_TIME) for check in result.errors)
    if late:
        parts.append(f"{late} not checked, because the time was up")
    if len(result.errors) > late:
        others = len(result.errors) - late
        parts.append(f"{others} could not be checked: not your fault, try again")
    return Text("; ".join(parts), "dim")
