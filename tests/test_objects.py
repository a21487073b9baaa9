"""Objects of a student's classes: made, used and lost in the student's process."""

from __future__ import annotations

import pytest

from grader.lab.functions.functions import Functions
from grader.lab.functions.objects import Object, method, read
from grader.lab.functions.show import text
from grader.lab.functions.wire import Died, Made, Named, Raised, Returned
from grader.lab.lab import Lab
from grader.lab.transcript import NotBegunError, PromiseBrokenError

MODULE = """
import os
import beside
class Counter:
    def __init__(self, start):
        self.count = start
    def add(self, pair):
        self.count += pair.a
        return beside.Pair(self.count, pair.b)
    def fails(self): raise ValueError("no")
    def dies(self): os._exit(3)
    def unwritten(self): raise NotImplementedError
    @property
    def lazy(self): return self.count * 2
"""
BESIDE = "import collections\nPair = collections.namedtuple('Pair', 'a b')\n"


@pytest.fixture
def functions(lab: Lab) -> Functions:
    (lab.folder / "module.py").write_text(MODULE)
    (lab.folder / "beside.py").write_text(BESIDE)
    return Functions(lab, "module.py")


def test_objects_keep_what_they_know(functions: Functions) -> None:
    one, other = Object(functions, "Counter", 1), Object(functions, "Counter", 10)
    pair = Made("beside.Pair", (5, b"x"))
    assert one.do(method("add", pair), read("count"), method("add", pair), read("lazy")) == [
        Returned(Named("Pair", (6, b"x"))),
        Returned(6),
        Returned(Named("Pair", (11, b"x"))),
        Returned(22),
    ]
    assert other.do(read("count")) == [Returned(10)]


def test_what_goes_wrong_is_an_outcome(functions: Functions) -> None:
    counter = Object(functions, "Counter", 1)
    failed, absent, count = counter.do(method("fails"), read("absent"), read("count"))
    assert text(failed) == "raised ValueError: no (module.py:10)"
    assert isinstance(absent, Raised)
    assert absent.kind == "AttributeError"
    assert count == Returned(1)
    assert isinstance(Object(functions, "Counter").made, Raised)


def test_objects_go_with_their_process(functions: Functions) -> None:
    counter, other = Object(functions, "Counter", 1), Object(functions, "Counter", 1)
    died, after = counter.do(method("dies"), read("count"))
    assert isinstance(died, Died)
    assert "ended with status 3" in text(died)
    assert isinstance(after, Died)
    fresh = Object(functions, "Counter", 7)
    assert fresh.do(read("count")) == [Returned(7)]
    for gone in (counter, other):
        assert gone.do(read("count")) == [
            Died("was not called, because its process has ended", False)
        ]


def test_what_is_missing_is_named(functions: Functions) -> None:
    with pytest.raises(PromiseBrokenError, match="class Absent"):
        Object(functions, "Absent")
    counter = Object(functions, "Counter", 1)
    with pytest.raises(PromiseBrokenError, match="method absent"):
        counter.do(method("absent"))
    with pytest.raises(NotBegunError, match="not written yet"):
        counter.do(method("unwritten"))
