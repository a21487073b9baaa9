"""What was changed in a student's repository is said, and the originals grade."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader import exercises, manifest, points, submission
from grader.exercises import SOLUTIONS
from grader.manifest import Changes, changes_in, compare, repository_of
from grader.points import PointsError
from grader.teaching import bundles
from grader.teaching.contents import Contents, contents
from grader.teaching.student_repo import course, originals, write
from tests.classroom import StudentRepo, set_up
from tests.grading import ROOT, run
from tests.warm import grade

CHECKS = "grader/checks/03_byteorder.py"
CHEAT = "\nfrom grader.lab import cases\ncases.expect = lambda *a: None\n"


@pytest.fixture(scope="module")
def given() -> Contents:
    return contents(course(["03"], 20))


@pytest.fixture
def repo(tmp_path: Path, given: Contents) -> StudentRepo:
    root = tmp_path / "repo"
    write(root, given)
    set_up(root)
    return StudentRepo(root)


@pytest.fixture
def changes(repo: StudentRepo, given: Contents) -> Callable[[], Changes]:
    return lambda: compare(given.manifest, repo.root, own=False)


def test_a_repository_in_use_is_as_it_was_handed_out(
    repo: StudentRepo, changes: Callable[[], Changes]
) -> None:
    repo.solve()
    repo.grade("EX=03:htons")  # leaves __pycache__
    repo.file("exercises/03_byteorder/helper.py").write_text("mine")
    repo.file("notes").mkdir()
    repo.file("notes/try.py").write_text("mine")
    assert not changes()


def test_sha256sum_reads_the_manifest(repo: StudentRepo) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", manifest.NAME],
        cwd=repo.root, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert manifest.read(repo.root)


@pytest.mark.parametrize(
    "path",
    [CHECKS, "grader/points.toml", "exercises/03_byteorder/README.md", "Makefile",
     "exercises/03_byteorder/exercise.toml", ".github/workflows/autograding.yml", "scripts/setup"],
)  # fmt: skip
def test_each_kind_of_file_is_covered(
    repo: StudentRepo, changes: Callable[[], Changes], path: str
) -> None:
    with repo.file(path).open("a") as file:
        file.write("\n")
    assert changes() == Changes([path], [], [], True)
    repo.file(path).unlink()
    assert changes() == Changes([], [], [path], True)


@pytest.mark.parametrize(
    "path",
    ["grader/lab/x.py", ".github/workflows/other.yml", "sitecustomize.py", "rich/__init__.py"],
)
def test_what_is_added_is_named(
    repo: StudentRepo, changes: Callable[[], Changes], path: str
) -> None:
    repo.file(path).parent.mkdir(parents=True, exist_ok=True)
    repo.file(path).write_text("")
    assert changes() == Changes([], [path.removesuffix("/__init__.py")], [], True)


def test_whatever_lies_there_is_only_looked_at(
    repo: StudentRepo, changes: Callable[[], Changes]
) -> None:
    for path, make in (
        ("Makefile", lambda p: p.mkdir()),
        ("LICENSE", os.mkfifo),
        ("requirements.lock", lambda p: p.symlink_to("/dev/zero")),
        ("README.md", lambda p: p.symlink_to(p.name)),
    ):
        repo.file(path).unlink()
        make(repo.file(path))
    with repo.file(CHECKS).open("wb") as file:
        file.truncate(1 << 40)
    shutil.rmtree(repo.file("grader/lab"))
    repo.file("grader/lab").symlink_to("/etc")
    repo.file("grader/\x1b[2J\n::error::\udcff").write_text("")
    found = changes()
    assert set(found.changed) == {
        "Makefile", "LICENSE", "requirements.lock", "README.md", CHECKS,
    }  # fmt: skip
    assert len(found.removed) > 20
    assert all(path.startswith("grader/lab/") for path in found.removed)
    assert found.added == ["'grader/\\x1b[2J\\n::error::\\udcff'", "grader/lab"]
    assert found.sentence().isprintable()


@pytest.mark.parametrize(
    "text",
    ["", "x", "0" * 64 + "  ../x", "0" * 64 + "  /etc/passwd", "0" * 64 + "  a/../../b", "\0"],
)
def test_a_manifest_that_a_student_wrote_is_not_followed(repo: StudentRepo, text: str) -> None:
    repo.file(manifest.NAME).write_text(text + "\n" if text else text)
    assert not manifest.read(repo.root)


def test_the_verdict_says_so(repo: StudentRepo) -> None:
    with repo.file(CHECKS).open("a") as file:
        file.write("# easier\n")
    done, result = repo.grade("EX=03:htons")
    assert result["changes"]["changed"] == [CHECKS]
    assert not result["changes"]["graded_with_originals"]
    said = " ".join(done.stdout.split())
    assert f"what was handed out (changed: {CHECKS}); this verdict comes from them" in said


def test_a_manifest_that_is_gone_is_missed(repo: StudentRepo) -> None:
    repo.file(manifest.NAME).unlink()
    _done, result = repo.grade("EX=03:htons")
    assert result["changes"]["removed"] == [manifest.NAME]


def _cheating(repo: StudentRepo) -> None:
    checks = repo.file(CHECKS)
    checks.write_text(
        checks.read_text().replace("expect(lab", "lab.compared() or (lambda *a: 0)(lab")
    )


def test_originals_grade_what_came_back(repo: StudentRepo, tmp_path: Path) -> None:
    _cheating(repo)
    _done, result = repo.grade()
    assert result["score"] > 5  # in the student's own hands it works, and is said
    assert result["changes"]["changed"] == [CHECKS]
    found = grade("03", folder=repo.root, json_file=tmp_path / "ours.json")
    assert (found.status, found.result["score"], found.result["max_score"]) == (1, 0, 10)
    assert found.result["changes"] == {
        "changed": [CHECKS], "added": [], "removed": [], "graded_with_originals": True,
    }  # fmt: skip
    assert "graded with the originals" in " ".join(found.output.split())


def test_a_copy_that_was_handed_out_grades_others_with_its_points(
    repo: StudentRepo, given: Contents, tmp_path: Path
) -> None:
    _cheating(repo)
    ours = tmp_path / "template"
    write(ours, given)
    set_up(ours)
    _done, result = StudentRepo(ours).grade(f"DIR={repo.root}")
    assert (result["score"], result["max_score"]) == (0, 20)
    assert result["changes"]["changed"] == [CHECKS]
    assert result["changes"]["graded_with_originals"]


def test_the_project_knows_what_it_handed_out(repo: StudentRepo, given: Contents) -> None:
    assert originals(repo.root) == given.manifest
    repo.file("grader/points.toml").unlink()
    assert CHECKS in originals(repo.root)


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "points = 3\nrescaled = true",
        "rescaled = true\npoints = [[]]",
        "rescaled = true\n[points]\n03_byteorder = 1",
        "rescaled = true\n[points.03_byteorder]\nhtons = 'x'",
        "rescaled = true\n[points.03_byteorder]\nhtons = true",
        "rescaled = true\n[points.03_byteorder]\nhtons = 99999999999",
        "rescaled = 2\n[points.03_byteorder]\nhtons = 1",
        "a = " + "[" * 5_000,
    ],
)
def test_points_that_a_student_wrote_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "points.toml"
    path.write_text(text)
    with pytest.raises(PointsError, match="can't be used"):
        points.read(path)


def test_a_mere_folder_of_exercises_is_no_repository(tmp_path: Path) -> None:
    (tmp_path / "exercises/03_byteorder").mkdir(parents=True)
    (tmp_path / "README.md").write_text("mine")
    assert repository_of(tmp_path) is None
    assert changes_in(tmp_path) is None
    assert changes_in(ROOT / "exercises", originals) is None


@pytest.fixture
def archives(tmp_path: Path) -> dict[str, Path]:
    """The two archives, unpacked and set up."""
    folders = {}
    for path in bundles.write(tmp_path / "out", course(["03"], 20)):
        folder = tmp_path / path.stem
        folder.mkdir()
        with zipfile.ZipFile(path) as archive:
            for each in archive.infolist():
                Path(archive.extract(each, folder)).chmod(each.external_attr >> 16 & 0o777)
        set_up(folder)
        folders[path.name] = folder
    return folders


def test_the_gradescope_bundle_grades(
    archives: dict[str, Path], repo: StudentRepo, tmp_path: Path
) -> None:
    _cheating(repo)
    place = tmp_path / "gradescope"
    (place / "results").mkdir(parents=True)
    shutil.copytree(repo.root, place / "submission")
    archives["autograder.zip"].rename(place / "source")
    shutil.rmtree(place / "source/.venv")
    set_up(place / "source")
    done = run([str(place / "source/run_autograder")], AUTOGRADER=str(place))
    assert done.returncode == 0, done.stderr
    found = json.loads((place / "results/results.json").read_text())
    assert sum(test["score"] for test in found["tests"]) == 0
    assert sum(test["max_score"] for test in found["tests"]) == 20
    assert CHECKS in json.dumps(found)


def test_the_classroom_50_bundle_grades(archives: dict[str, Path], repo: StudentRepo) -> None:
    repo.solve()
    folder = archives["classroom50.zip"]
    if os.geteuid() == 0:  # the lab's programs have users of their own
        repo.root.chmod(0o755)
    done = subprocess.run(
        [sys.executable, str(folder / "autograder.py")],
        cwd=repo.root, capture_output=True, text=True,
        env={**os.environ, "CLASSROOM50_BUNDLE_DIR": str(folder), "OWNER": "somebody",
             "PATH": f"{_no_network(folder)}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(repo.file("result.json").read_text())
    assert (found["score"], found["max-score"]) == (20, 20)


def _no_network(folder: Path) -> Path:
    """Make the bundle's set-up find everything done."""
    setup = folder / "scripts/setup"
    setup.write_text("#!/bin/sh\n")
    return folder


def test_the_same_bundle_is_the_same_file(tmp_path: Path, archives: dict[str, Path]) -> None:
    before = (tmp_path / "out/autograder.zip").read_bytes()
    bundles.write(tmp_path / "again", course(["03"], 20))
    assert (tmp_path / "again/autograder.zip").read_bytes() == before
    with zipfile.ZipFile(tmp_path / "out/autograder.zip") as archive:
        assert not [name for name in archive.namelist() if name.startswith(("solutions", "tests"))]
        assert not [
            name
            for name in archive.namelist()
            if name.endswith("byteorder.py") and "exercises" in name
        ]


def test_a_folder_that_is_a_link_to_the_solution_is_not_graded(
    repo: StudentRepo, tmp_path: Path
) -> None:
    folder = repo.file("exercises/03_byteorder")
    shutil.rmtree(folder)
    folder.symlink_to(SOLUTIONS / "03_byteorder")
    taken = submission.take(folder.parent, exercises.load("03_byteorder"), tmp_path / "scratch")
    assert "is a symbolic link that leads out of" in taken.programs["module"].problem
    assert not list(taken.folder.iterdir())
