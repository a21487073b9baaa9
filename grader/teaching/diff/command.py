"""Carries out `grader diff`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from grader.teaching.diff import page, sides, terminal
from grader.teaching.diff.behaviour import behaviour
from grader.verdict.grade import choose


@dataclass(frozen=True)
class Wanted:
    """What to compare.

    Args:
        folders: none for stub and solution, one for a submission beside the solution, or two.
        selection: words such as `09` or `09:reaps`, which confines what is graded; none means all
            exercises that both sides have.
        html: where to write a page, if anywhere.
        grade: whether to find out what both sides do.
        seed: what inputs are drawn from; None for any.
    """

    folders: Sequence[Path]
    selection: Sequence[str]
    html: Path | None
    grade: bool
    seed: int | None


def diff(wanted: Wanted, console: Console) -> None:
    """Compare, and show it.

    Raises:
        SubmissionError, ExerciseError, StubError: if there is nothing to compare.
        CannotRunError, ContainmentError: if it can't be graded.
        OSError: if the page can't be written.
    """
    with ExitStack() as cleanup:
        both = sides.choose(wanted.folders, cleanup)
        selection = wanted.selection or sides.in_both(both)
        chosen, _promises = choose(selection)
        diffs = {name: sides.files(name, both) for name in chosen}
        if not wanted.html:
            for name, files in diffs.items():
                terminal.show_text(name, files, both, console)
        found = behaviour(selection, both, wanted.seed) if wanted.grade else {}
    terminal.show_behaviour(found, both, console)
    if wanted.html:
        wanted.html.write_text(page.render(diffs, found, both), encoding="utf-8")
        console.print(f"{wanted.html} shows the text", soft_wrap=True, markup=False)
