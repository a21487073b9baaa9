"""What `classroom-resources/autograding-grading-reporter@v1` makes of a step's outputs.

A reading of its `main.js`, `console-results.js`, `aggregate-results.js` and `notify-classroom.js`.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_MOST_BYTES = 128 << 10  # of one environment variable, execve(2)


@dataclass(frozen=True)
class Reported:
    """What the action would show and record."""

    log: str
    #: By runner: points and most points, as the sum of scores and as the share of tests that passed.
    table: dict[str, tuple[int, float, int]]
    total: int
    most: int
    failed: bool


def step_outputs(text: str) -> dict[str, str]:
    """Read `$GITHUB_OUTPUT`: a line an output."""
    lines = text.splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+=[ -~]*", line) for line in lines)
    return dict(line.split("=", 1) for line in lines)


def report(outputs: Mapping[str, str]) -> Reported:
    """Do as the action does, with the outputs in environment variables as the workflow puts them."""
    runners = [name for name in re.split(r"[\s,]", outputs["runners"]) if name]
    assert re.fullmatch("([a-zA-Z0-9]+,)*[a-zA-Z0-9]+", outputs["runners"])
    log: list[str] = []
    table: dict[str, tuple[int, float, int]] = {}
    failed = False
    for runner in runners:
        encoded = outputs[runner]
        assert len(f"{runner.upper()}_RESULTS={encoded}") < _MOST_BYTES
        results = json.loads(b64decode(encoded, validate=True))
        tests = results["tests"]
        assert tests
        assert results["version"] == 1
        assert results["max_score"] > 0
        assert type(results["max_score"]) is int
        log += [f"🔄 Processing: {runner}", *(line for test in tests for line in _lines(test))]
        passed = sum(test["status"] == "pass" for test in tests)
        total = sum(test["score"] for test in tests)
        table[runner] = (total, passed / len(tests) * results["max_score"], results["max_score"])
        failed |= results["status"] != "pass"
    total, most = (sum(row[i] for row in table.values()) for i in (0, 2))
    assert type(total) is int
    assert type(most) is int
    return Reported("\n".join(log), table, total, most, failed)


def _lines(test: dict[str, Any]) -> list[str]:
    assert type(test["score"]) is int
    assert test["status"] in ("pass", "fail", "error")
    line = f" - line {test['line_no']}" if test["line_no"] != 0 else ""
    if test["status"] == "error":
        name = test["name"]
        return ["Error: " + (test["message"] or f"Failed to run test '{name}'")]
    # Versions before the present one print the message of a failed test as well, by itself.
    mark = "✅" if test["status"] == "pass" else "❌"
    return [f"{mark} {test['name']}{line}", test["message"], test["test_code"]]
