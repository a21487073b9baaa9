"""Runs the tests of the attacks, and gives their outcomes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from grader.exercises import ROOT


def outcomes() -> dict[str, str]:
    """Give `passed`, `failed` or `skipped` by the test's name."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "3", "tests/test_attacks.py"]
        subprocess.run(
            [*command, f"--junitxml={report}"], cwd=ROOT, env={**os.environ, "ALL": "1"},
            stdout=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        found = {}
        for case in ElementTree.parse(report).iter("testcase"):
            kinds = {child.tag for child in case}
            bad = "failed" if kinds & {"failure", "error"} else ""
            found[case.get("name", "")] = bad or ("skipped" if "skipped" in kinds else "passed")
        return found
