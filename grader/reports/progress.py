"""One line that lives while checks run, on a terminal only."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.text import Text

from grader.verdict.result import CheckResult


class Progress:
    """Shows what was found last and how much is left."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._shown = console.is_terminal
        self._done = 0

    def __enter__(self) -> Progress:
        if self._shown:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown:
            self._live.stop()

    def __call__(self, exercise: str, verdict: CheckResult, left: int) -> None:
        """Take in a verdict."""
        self._done += 1
        if self._shown:
            line = f"{self._done} of {self._done + left}  {exercise} {verdict.id}: {verdict.status}"
            self._live.update(Text(line, "dim", no_wrap=True), refresh=True)
