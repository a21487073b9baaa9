"""What the tests of the grader share, and the matrix that they print."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from grader.containment.door import Door
from grader.lab.lab import Bench, Lab
from tests.trial.matrix import matrix


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make known what marks the checks, for tests that import them; give root a folder per run.

    The folder that all runs of root's share is closed to other users whenever one begins, and
    programs of another run may need to reach theirs.
    """
    config.addinivalue_line("markers", "promise(...): see grader.lab.promise")
    if os.geteuid() == 0 and not config.option.basetemp:
        config.option.basetemp = tempfile.mkdtemp(prefix="socklab-tests-")
        config.add_cleanup(lambda: shutil.rmtree(config.option.basetemp, ignore_errors=True))


@pytest.fixture(autouse=True)
def _reachable(request: pytest.FixtureRequest) -> None:
    """Let programs that have a user of their own reach the folder of a test, if root runs it."""
    if os.geteuid() == 0 and "tmp_path" in request.fixturenames:
        folder = request.getfixturevalue("tmp_path")
        for path in (folder, *folder.parents):
            if path.stat().st_uid == 0 and path != Path("/"):
                path.chmod(path.stat().st_mode | 0o011)
        folder.chmod(0o755)


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
