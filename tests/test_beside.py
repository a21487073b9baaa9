"""Files of one exercise that another one may use are put beside its programs, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import exercises, submission

ECHO = exercises.load("08_echo")
OWN = "def Socket(): pass\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A student's folder with exercises 07 and 08."""
    for exercise, file in (("07_wrap", "wrap.py"), ("08_echo", "echo_server.py")):
        (tmp_path / "course" / exercise).mkdir(parents=True)
        (tmp_path / "course" / exercise / file).write_text(OWN)
    return tmp_path / "course"


def beside(directory: Path, scratch: Path) -> str | None:
    """Give the `wrap.py` that the programs of 08 find beside them."""
    path = submission.take(directory, ECHO, scratch / "copy").folder / "wrap.py"
    return path.read_text() if path.exists() else None


def test_the_file_of_the_other_exercise_is_there(course: Path, tmp_path: Path) -> None:
    assert beside(course, tmp_path) == OWN


def test_also_when_the_folder_of_the_exercise_is_graded(course: Path, tmp_path: Path) -> None:
    assert beside(course / "08_echo", tmp_path) == OWN


def test_a_link_to_it_is_as_good(course: Path, tmp_path: Path) -> None:
    (course / "08_echo" / "wrap.py").symlink_to("../07_wrap/wrap.py")
    assert beside(course, tmp_path) == OWN


def test_a_file_of_that_name_in_the_exercise_itself_stays(course: Path, tmp_path: Path) -> None:
    (course / "08_echo" / "wrap.py").write_text("mine = 1\n")
    assert beside(course, tmp_path) == "mine = 1\n"


def test_without_the_other_exercise_there_is_none(course: Path, tmp_path: Path) -> None:
    (course / "07_wrap" / "wrap.py").unlink()
    assert beside(course, tmp_path) is None


@pytest.mark.parametrize("where", ["07_wrap", "08_echo"])
def test_a_link_that_leads_out_is_not_followed(course: Path, tmp_path: Path, where: str) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("secret = 1\n")
    (course / "07_wrap" / "wrap.py").unlink()
    (course / where / "wrap.py").symlink_to(secret)
    assert beside(course, tmp_path) is None


def test_a_neighbour_of_a_folder_of_another_name_is_not_looked_at(
    course: Path, tmp_path: Path
) -> None:
    (course / "08_echo").rename(course / "somebody")
    assert beside(course / "somebody", tmp_path) is None


def test_a_folder_in_its_place_is_left_alone(course: Path, tmp_path: Path) -> None:
    (course / "07_wrap" / "wrap.py").unlink()
    (course / "07_wrap" / "wrap.py").mkdir()
    assert beside(course, tmp_path) is None


@pytest.mark.parametrize("folder", [exercises.EXERCISES, exercises.SOLUTIONS])
def test_programs_run_by_hand_find_it(folder: Path) -> None:
    wrap = (folder / "07_wrap" / "wrap.py").resolve()
    for name in exercises.names():
        if exercises.load(name).beside:
            assert (folder / name / "wrap.py").resolve() == wrap
