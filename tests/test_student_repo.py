"""What students get: everything but the answers, and points as they were asked for."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import exercises, manifest
from grader.exercises import EXERCISES, SOLUTIONS
from grader.points import PointsError, apportion, rescale
from grader.teaching import stubs
from grader.teaching.contents import Contents, contents
from grader.teaching.student_repo import StudentRepoError, course, write
from grader.verdict.catalogue import declared_points
from tests.classroom import StudentRepo, set_up, snapshot
from tests.grading import ROOT
from tests.warm import grader

SUBSET = ("03", "05")


@pytest.fixture(scope="module")
def course_of_two() -> Contents:
    return contents(course(list(SUBSET), 50))


@pytest.fixture
def repo(tmp_path: Path, course_of_two: Contents) -> StudentRepo:
    root = tmp_path / "repo"
    write(root, course_of_two)
    set_up(root)
    return StudentRepo(root)


def test_stubs_get_nothing_and_solutions_all(repo: StudentRepo) -> None:
    done, result = repo.grade()
    assert (result["score"], result["max_score"]) == (0, 50)
    assert done.stdout.count("not written yet") == 2
    repo.solve()
    done, result = repo.grade()
    assert (done.returncode, result["score"], result["max_score"]) == (0, 50, 50)
    assert result["changes"] == {
        "changed": [], "added": [], "removed": [], "graded_with_originals": False,
    }  # fmt: skip
    assert "note" not in done.stdout


@pytest.mark.parametrize("total", [None, 100, 1_000])
def test_the_whole_course_is_worth_what_was_asked_for(total: int | None) -> None:
    whole = course([], total)
    assert list(whole.points) == exercises.names()
    assert whole.total == total or (
        total is None and whole.points == declared_points([*whole.points])
    )


def test_a_subset_has_nothing_of_other_exercises(repo: StudentRepo) -> None:
    others = set(exercises.names()) - {"03_byteorder", "05_sockaddr"}
    for path, content in snapshot(repo.root).items():
        assert not [name for name in others if name in path], path
        if path in ("README.md", "grader/points.toml", ".github/workflows/autograding.yml"):
            assert not [name for name in others if name.encode() in content], path


def test_handouts_say_the_points_of_the_course(repo: StudentRepo) -> None:
    said = {}
    for name in ("03_byteorder", "05_sockaddr"):
        text = repo.file(f"exercises/{name}/README.md").read_text()
        rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.MULTILINE)
        said[name] = {promise: int(points) for promise, points in rows}
    assert said == tomllib.loads(repo.file("grader/points.toml").read_text())["points"]
    assert (
        f"| total | {sum(sum(e.values()) for e in said.values())} |"
        in repo.file("README.md").read_text()
    )


def test_nothing_tells_the_answers(tmp_path: Path) -> None:
    write(tmp_path, contents(course([], None)))
    everything = snapshot(tmp_path)
    assert not [path for path in everything if path.startswith(("solutions/", "tests/"))]
    texts = {
        path: _squeezed(content.decode(errors="replace")) for path, content in everything.items()
    }
    searched = 0
    for name in exercises.names():
        for file in exercises.load(name).write:
            for lines in _answers(name, file):
                searched += 1
                told = [path for path, text in texts.items() if _squeezed(lines) in text]
                assert not told, f"{told} has this of {name}/{file}:\n{lines}"
    assert searched > 50


def _answers(name: str, file: str) -> list[str]:
    """Give pieces of a solution that are no longer in its stub: four lines that follow each other."""
    lines = [
        line.strip()
        for line in (SOLUTIONS / name / file).read_text().splitlines()
        if line.strip() and not line.strip().startswith(("#", '"""'))
    ]
    stub = _squeezed((EXERCISES / name / file).read_text())
    pieces = ["\n".join(lines[i : i + 4]) for i in range(len(lines) - 3)]
    return [piece for piece in pieces if _squeezed(piece) not in stub and len(piece) > 60]


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_second_time_only_the_students_files_are_left_alone(
    repo: StudentRepo, course_of_two: Contents
) -> None:
    repo.solve()
    solved = snapshot(repo.root)
    own = repo.file("exercises/05_sockaddr/notes.txt")
    own.write_text("mine")
    repo.file("grader/cli.py").write_text("raise SystemExit('old')\n")
    repo.file("exercises/03_byteorder/README.md").unlink()
    gone = repo.file("grader/lab/gone/old.py")
    gone.parent.mkdir()
    gone.write_text("old")
    listed = repo.file(manifest.NAME)
    listed.write_text(f"{'0' * 64}  grader/lab/gone/old.py\n{listed.read_text()}")

    done = write(repo.root, course_of_two)
    assert done.new == ["exercises/03_byteorder/README.md"]
    assert done.updated == ["grader/cli.py", manifest.NAME]
    assert done.removed == ["grader/lab/gone/old.py"]
    assert done.kept == sorted(course_of_two.stubs)
    assert not gone.parent.exists()
    assert own.read_text() == "mine"
    own.unlink()
    assert snapshot(repo.root) == solved
    again = write(repo.root, course_of_two)
    assert not again.new + again.updated + again.removed


def test_links_to_the_students_own_files(tmp_path: Path, course_of_two: Contents) -> None:
    link = "exercises/05_sockaddr/mine.py"
    linked = replace(course_of_two, links={link: "../03_byteorder/byteorder.py"})
    assert link in write(tmp_path / "repo", linked).new
    assert (tmp_path / "repo" / link).read_bytes() == linked.stubs[
        "exercises/03_byteorder/byteorder.py"
    ]
    (tmp_path / "repo" / link).unlink()
    (tmp_path / "repo" / link).write_text("mine")
    assert not write(tmp_path / "repo", linked).new
    assert (tmp_path / "repo" / link).read_text() == "mine"


def test_files_of_other_exercises_lie_beside() -> None:
    links = contents(course([], None)).links
    beside = {(e, file) for e in exercises.names() for file in exercises.load(e).beside}
    assert links == {f"exercises/{e}/{file.partition('/')[2]}": f"../{file}" for e, file in beside}


def test_an_exercise_that_is_dropped_leaves_the_students_file(repo: StudentRepo) -> None:
    write(repo.root, contents(course(["05"], None)))
    assert [p.name for p in repo.file("exercises/03_byteorder").iterdir()] == ["byteorder.py"]
    assert not repo.file("grader/checks/03_byteorder.py").exists()


@pytest.mark.parametrize("there", ["a folder of something else", "a file"])
def test_what_is_something_else_is_not_written_to(tmp_path: Path, there: str) -> None:
    target = tmp_path / "x"
    if there == "a file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / "thesis.tex").write_text("mine")
    before = snapshot(tmp_path)
    done = grader("student-repo", str(target), "03")
    assert done.returncode == 2
    assert done.stderr.startswith(f"grader: {target} is not ")
    assert snapshot(tmp_path) == before


def test_a_link_out_of_the_repository_is_not_followed(
    repo: StudentRepo, tmp_path: Path, course_of_two: Contents
) -> None:
    elsewhere = tmp_path / "elsewhere"
    repo.file("grader").rename(elsewhere)
    repo.file("grader").symlink_to(elsewhere)
    (elsewhere / "cli.py").write_text("mine")
    with pytest.raises(StudentRepoError, match="is a symbolic link"):
        write(repo.root, course_of_two)
    assert (elsewhere / "cli.py").read_text() == "mine"


def test_a_manifest_cannot_name_files_elsewhere(
    repo: StudentRepo, tmp_path: Path, course_of_two: Contents
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for path in ("../victim", str(victim)):
        repo.file(manifest.NAME).write_text(f"{'0' * 64}  {path}\n")
        with pytest.raises(StudentRepoError, match="no usable"):
            write(repo.root, course_of_two)
    assert victim.exists()


def test_an_editor_finds_each_promise_as_a_test(repo: StudentRepo) -> None:
    repo.solve()
    program = repo.file("exercises/03_byteorder/byteorder.py")
    program.write_text(program.read_text() + "\ndef htonl(x): return 7\n")
    settings = json.loads(repo.file(".vscode/settings.json").read_text())
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:xdist",
        *settings["python.testing.pytestArgs"],
    ]  # fmt: skip
    listed = _in(repo, [*command, "--collect-only"])
    declared = declared_points(["03_byteorder", "05_sockaddr"])
    found = set(re.findall(r"(\w+)\.py::test_(\w+)", listed.stdout))
    assert found == {(e, p) for e, promises in declared.items() for p in promises}
    ran = _in(repo, [*command, "-k", "htons or htonl or test_size"])
    assert "1 failed, 2 passed" in ran.stdout
    assert "expected  htonl(" in ran.stdout


def _in(repo: StudentRepo, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=repo.root, capture_output=True, text=True, timeout=120, check=False
    )


def test_what_is_needed_to_grade_is_in_step_with_the_project(repo: StudentRepo) -> None:
    ours, theirs = (
        tomllib.loads((root / "pyproject.toml").read_text()) for root in (ROOT, repo.root)
    )
    del ours["project"]["optional-dependencies"]
    for section in ("build-system", "project"):
        assert theirs[section] == ours[section]
    json.loads(repo.file(".devcontainer/devcontainer.json").read_text())


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20), st.integers(0, 1_000))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_shares_are_whole_and_sum_to_the_total(weights: list[int], more: int) -> None:
    total = len(weights) + more
    shares = apportion(weights, total, [1] * len(weights))
    assert sum(shares) == total
    assert min(shares) >= 1
    by_weight = sorted(zip(weights, shares, strict=True))
    assert all(a[1] <= b[1] for a, b in pairwise(by_weight) if a[0] < b[0])
    if total == sum(weights):
        assert shares == weights


@pytest.mark.parametrize(("total", "worthless"), [(9, 0), (8, 0), (5, 0), (4, 2), (2, 3)])
def test_promises_lose_their_last_point_only_if_there_are_more_than_points(
    total: int, worthless: int
) -> None:
    declared = {"01_a": {"x": 1, "y": 1}, "02_b": {"x": 5, "y": 1, "z": 1}}
    rescaled = rescale(declared, total)
    assert rescaled.total == total
    assert len(rescaled.worthless()) == worthless
    assert all(sum(promises.values()) for promises in rescaled.points.values())
    if total == 9:
        assert rescaled.points == declared


@pytest.mark.parametrize("total", [-1, 0, 1, 10**9])
def test_points_that_cannot_be_shared_out(total: int) -> None:
    with pytest.raises(PointsError, match="can't be shared out to 2 exercises"):
        rescale({"01_a": {"x": 1}, "02_b": {"x": 1}}, total)


def test_worthless_promises_are_said_to_be(tmp_path: Path) -> None:
    done = grader("student-repo", str(tmp_path / "x"), "09", "--points", "10")
    assert "14 promises are checked but worth nothing: there are 24, and 10 points." in done.stdout


def test_an_ordinary_set_up_is_asked_for_first(repo: StudentRepo) -> None:
    planned = repo.make("-n", "-W", "requirements.lock", "grade").stdout.splitlines()
    assert "scripts/setup requirements.lock .venv/.ready" in planned
    assert "setup" not in repo.make("-n", "grade").stdout
    assert os.access(repo.file("scripts/setup"), os.X_OK)


def test_stubs_are_made_rather_than_copied(course_of_two: Contents) -> None:
    made = course_of_two.stubs["exercises/03_byteorder/byteorder.py"]
    source = (SOLUTIONS / "03_byteorder/byteorder.py").read_text()
    functions = exercises.load("03_byteorder").write["byteorder.py"]
    stub = stubs.make(source, functions, "byteorder.py")
    assert made == stub.encode()
