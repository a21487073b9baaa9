"""Which formats there are, and writing several of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.reports import (
    autolab,
    classroom,
    classroom50,
    files,
    github,
    gradescope,
    json_report,
    junit,
    markdown,
)
from grader.reports.about import About
from grader.reports.files import ReportError
from grader.verdict.result import Result

FORMATS: dict[str, Callable[[Result, About], str]] = {
    "json": json_report.render,
    "junit": junit.render,
    "markdown": markdown.render,
    "github": github.render,
    "classroom": classroom.render,
    "classroom50": classroom50.render,
    "gradescope": gradescope.render,
    "autolab": autolab.render,
}


class FormatError(Exception):
    """What was asked for is no report; the message says which there are."""


@dataclass(frozen=True)
class Report:
    """One report that was asked for: its format, and where it goes."""

    format: str
    path: Path

    @classmethod
    def parse(cls, text: str) -> Report:
        """Read `FORMAT=PATH`.

        Raises:
            FormatError: if it isn't that; the message says which formats there are.
        """
        name, equals, path = text.partition("=")
        if name not in FORMATS or not equals or not path:
            raise FormatError(f"{text!r} is not FORMAT=PATH, FORMAT one of {', '.join(FORMATS)}")
        return cls(name, Path(path))

    def text(self, result: Result, about: About) -> str:
        """Give the report's text.

        Raises:
            ReportError: if the result can't be put into this format.
        """
        try:
            return FORMATS[self.format](result, about)
        except Exception as error:  # whatever is wrong with one format, the others are written
            raise ReportError(f"no {self.format} report: {error}") from error


def refusals(reports: Iterable[Report]) -> list[str]:
    """Say, before anything is graded, which reports could not be written, and why."""
    return _troubles(lambda report: files.check(report.path), reports)


def to_files(reports: Iterable[Report]) -> list[Report]:
    """Give the reports that go into files; nothing that happens to a terminal can cost them."""
    return [report for report in reports if report.path != files.STANDARD_OUTPUT]


def to_standard_output(reports: Iterable[Report]) -> list[Report]:
    """Give the reports that come after what the terminal shows."""
    return [report for report in reports if report.path == files.STANDARD_OUTPUT]


def write(reports: Iterable[Report], result: Result, about: About) -> list[str]:
    """Write each of the reports that can be written; say which can't, and why."""
    return _troubles(lambda r: files.write(r.text(result, about), r.path), reports)


def append(reports: Iterable[Report], result: Result, about: About) -> list[str]:
    """Add each of the reports that can be written to its file; say which can't, and why."""
    return _troubles(lambda r: files.append(r.text(result, about), r.path), reports)


def _troubles(act: Callable[[Report], None], reports: Iterable[Report]) -> list[str]:
    troubles = []
    for report in reports:
        try:
            act(report)
        except ReportError as error:
            troubles.append(str(error))
    return troubles
