"""Stubs are made from solutions, and score nothing."""

from __future__ import annotations

import re
import time

import pytest

from grader import exercises
from grader.teaching import stubs
from tests.warm import grade

SOURCE = '''\
"""A module."""
import os  # given


# what it is for
def first(a):
    """Say what it does."""
    # how it is done
    return os.getpid() + a


class Thing:
    def method(self):
        return 1


def given():
    return 2
'''


def test_bodies_are_replaced_and_all_else_stays() -> None:
    stub = stubs.make(SOURCE, ["first", "Thing.method"], "module.py")
    assert stub == SOURCE.replace(
        "    # how it is done\n    return os.getpid() + a\n",
        '    raise NotImplementedError("first is not written yet")\n',
    ).replace(
        "        return 1\n",
        '        raise NotImplementedError("Thing.method is not written yet")\n',
    )


def test_a_stub_does_without_the_students_other_modules() -> None:
    source = SOURCE.replace("# given\n", "# given\n\nfrom wrap import (\n    Bind,\n)\n")
    assert source != SOURCE
    assert stubs.make(source, ["first"], "module.py", {"wrap"}) == stubs.make(
        SOURCE, ["first"], "module.py"
    )


def test_a_function_that_is_not_there_is_named() -> None:
    with pytest.raises(stubs.StubError, match=r"module\.py has no function third"):
        stubs.make(SOURCE, ["third"], "module.py")


def test_exercises_are_in_step_with_solutions() -> None:
    found = {path: path.read_text() for path, _text in stubs.all_stubs()}
    assert found == dict(stubs.all_stubs())


def test_stubs_score_nothing_and_say_so_once() -> None:
    begun = time.monotonic()
    graded = grade(folder=exercises.EXERCISES)
    seconds = time.monotonic() - begun
    assert graded.status == 1
    assert graded.result["score"] == 0
    for exercise in exercises.names():
        assert not graded.having(exercise, "pass", "error")
    said = re.findall("not (?:written|answered) yet", graded.output)
    assert len(said) == len(exercises.names())
    assert "Traceback" not in graded.output + graded.errors
    assert seconds < 60
