"""What the tests of the grader share, and the matrix that they print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from grader.containment.door import Door
from grader.lab.lab import Bench, Lab
from tests.matrix import matrix


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.close()


@pytest.fixture
def lab(door: Door, tmp_path: Path) -> Iterator[Lab]:
    lab = Lab(Bench(door), tmp_path, Random(1))
    yield lab
    lab.bench.clear()
    lab.bench.reactor.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print which promise caught which submission."""
    rows = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", [])
        if name == "verdicts" and report.when == "call"
    ]
    for line in matrix(rows):
        terminalreporter.write_line(line)
