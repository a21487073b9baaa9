"""The files by which other systems run the grader do what those systems expect."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.exercises import SOLUTIONS, names
from grader.reports.about import runner_name
from grader.teaching import ci
from tests.grading import ROOT

FORK = "09_fork_server"
TEMPLATES = ("autograding.yml", "setup.sh", "run_autograder", "autograder.py")


@pytest.mark.parametrize("template", TEMPLATES)
def test_all_is_filled_in(template: str) -> None:
    assert "@" not in re.sub(r"@v\d", "", ci.fill(template, names()))


@pytest.mark.parametrize("template", ["setup.sh", "run_autograder"])
def test_a_shell_can_read_it(template: str) -> None:
    subprocess.run(["sh", "-n"], input=ci.fill(template, names()), text=True, check=True)


def test_the_workflow_keeps_the_names_that_readers_look_for() -> None:
    lines = ci.fill("autograding.yml", [FORK]).splitlines()
    assert "name: Autograding Tests" in lines
    assert "on: [push, repository_dispatch]" in lines
    jobs = lines[lines.index("jobs:") + 1 :]
    assert [line for line in jobs if re.match(r"  \w", line)] == ["  run-autograding-tests:"]
    assert "          persist-credentials: false" in lines
    assert "          EXERCISE09_RESULTS: ${{ steps.grade.outputs.exercise09 }}" in lines
    assert next(line for line in lines if "if:" in line).strip().startswith("if: ${{ always() ")


def test_every_exercise_has_a_runner_of_its_own() -> None:
    runners = [runner_name(name) for name in names()]
    assert len(set(runners)) == len(runners)
    assert all(re.fullmatch("[a-zA-Z0-9]+", runner) for runner in runners)


@pytest.fixture
def gradescope(tmp_path: Path) -> Path:
    """A folder as Gradescope has it in `/autograder`, with the server that was handed in."""
    (tmp_path / "results").mkdir()
    (tmp_path / "source").symlink_to(ROOT)
    shutil.copytree(SOLUTIONS / FORK, tmp_path / "submission" / FORK)
    script = tmp_path / "run_autograder"
    script.write_text(ci.fill("run_autograder", [f"{FORK}:usage"], limit=60))
    return tmp_path


def run_autograder(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", folder / "run_autograder"],
        env={**os.environ, "AUTOGRADER": str(folder)}, cwd="/", capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("inside", ["", "exercises"])
def test_gradescope_gets_results(gradescope: Path, inside: str) -> None:
    if inside:
        handed_in = gradescope / "submission"
        (handed_in / inside).mkdir()
        (handed_in / FORK).rename(handed_in / inside / FORK)
    done = run_autograder(gradescope)
    assert done.returncode == 0, done.stderr
    assert json.loads((gradescope / "results" / "results.json").read_text())["score"] == 1


def test_gradescope_gets_no_results_that_nobody_made(gradescope: Path) -> None:
    """Neither points of an earlier run, nor made-up ones."""
    shutil.rmtree(gradescope / "submission")
    results = gradescope / "results" / "results.json"
    results.write_text('{"score": 100}')
    done = run_autograder(gradescope)
    assert done.returncode == 2
    assert "nothing was graded (status 2)" in done.stderr
    assert not results.exists()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A student's checkout, and beside it the bundle with the grader already set up."""
    bundle = tmp_path / "bundle"
    (bundle / "scripts").mkdir(parents=True)
    (bundle / "scripts" / "setup").write_text("#!/bin/sh\n[ -f requirements.lock ]\n")
    (bundle / "scripts" / "setup").chmod(0o755)
    (bundle / "requirements.lock").touch()
    (bundle / ".venv").symlink_to(ROOT / ".venv")
    text = ci.fill("autograder.py", [f"{FORK}:usage"], limit=60)
    (bundle / "autograder.py").write_text(text.replace('"--untrusted", ', ""))
    assert '"--untrusted"' in text  # which refuses where there is no Landlock
    shutil.copytree(SOLUTIONS / FORK, tmp_path / "checkout" / "exercises" / FORK)
    return tmp_path / "checkout"


def autograder(checkout: Path) -> subprocess.CompletedProcess[str]:
    bundle = checkout.parent / "bundle"
    (checkout.parent / "output").touch()
    environment = {
        **os.environ, "CLASSROOM50_BUNDLE_DIR": str(bundle), "CLASSROOM": "net",
        "ASSIGNMENT": "servers", "OWNER": "somebody", "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(checkout.parent / "output"), "GITHUB_WORKSPACE": str(checkout),
    }  # fmt: skip
    environment.pop("GITHUB_STEP_SUMMARY", None)
    return subprocess.run(
        [sys.executable, bundle / "autograder.py"],
        cwd=checkout, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_classroom50_gets_a_result(checkout: Path) -> None:
    (checkout / "result.json").write_text('{"score": 100}')
    (checkout / "release-body.md").mkdir()
    done = autograder(checkout)
    assert done.returncode == 0, done.stderr
    result = json.loads((checkout / "result.json").read_text())
    assert (result["score"], result["max-score"]) == (1, 1)
    assert (result["classroom"], result["assignment"], result["owner"]) == (
        "net",
        "servers",
        "somebody",
    )
    assert (checkout / "release-body.md").read_text().startswith("# 1 of 1 points\n")
    # `status=` and `summary=` there would be believed.
    assert (checkout.parent / "output").read_text() == ""


@pytest.mark.parametrize("trouble", ["set up", "grade"])
def test_classroom50_gets_no_result_that_nobody_made(checkout: Path, trouble: str) -> None:
    bundle = checkout.parent / "bundle"
    (checkout / "result.json").write_text('{"score": 100}')
    if trouble == "set up":
        (bundle / "requirements.lock").unlink()
    else:
        text = (bundle / "autograder.py").read_text()
        (bundle / "autograder.py").write_text(text.replace(FORK, "77_nothing"))
    done = autograder(checkout)
    assert done.returncode == 2
    assert "nothing was graded" in done.stderr or "can't be used" in done.stderr
    assert not (checkout / "result.json").exists()
