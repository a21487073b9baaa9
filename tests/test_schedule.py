"""Which check comes when: after all that must hold first, or not at all."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

from grader import exercises
from grader.verdict.schedule import Schedule, Task
from tests.warm import grade

FIRST, SECOND = Task(0, "e", "first", ()), Task(1, "e", "second", ())
BOTH, LAST = Task(2, "e", "both", ("first", "second")), Task(3, "e", "last", ("both",))


def test_a_check_waits_for_all_that_it_comes_after() -> None:
    schedule = Schedule([FIRST, SECOND, BOTH])
    assert [schedule.next(0), schedule.next(1), schedule.next(2)] == [FIRST, SECOND, None]
    schedule.settle(FIRST, True)
    assert schedule.next(2) is None
    schedule.settle(SECOND, True)
    assert schedule.barred() == []
    assert schedule.next(2) == BOTH


def test_a_check_is_barred_by_any_that_was_not_kept() -> None:
    schedule = Schedule([FIRST, SECOND, BOTH, LAST])
    assert [schedule.next(0), schedule.next(1)] == [FIRST, SECOND]
    schedule.settle(SECOND, False)
    assert schedule.barred() == [(BOTH, "second"), (LAST, "second")]
    schedule.settle(FIRST, True)
    assert schedule.next(0) is None


def test_a_free_worker_goes_where_the_most_checks_wait_for_each() -> None:
    short = [Task(number, "short", f"s{number}", ()) for number in range(2)]
    long = [Task(number, "long", f"l{number}", ()) for number in range(2, 8)]
    schedule = Schedule([*short, *long])
    taken = [schedule.next(worker) for worker in range(4)]
    assert [task.exercise for task in taken if task] == ["long", "long", "short", "long"]
    assert [schedule.next(2), schedule.next(2)] == [short[1], long[3]]


def test_the_longest_chain_goes_first() -> None:
    alone = Task(4, "e", "alone", ())
    schedule = Schedule([alone, LAST, BOTH, SECOND])
    assert schedule.next(0) == SECOND


def test_checks_that_wait_for_each_other_are_not_handed_out() -> None:
    schedule = Schedule([Task(0, "e", "one", ("other",)), Task(1, "e", "other", ("one",))])
    assert schedule.next(0) is None


def test_all_that_must_hold_first_is_checked_wherever_it_stands() -> None:
    graded = grade("14:duplicates", "14:goodput", folder=exercises.SOLUTIONS)
    assert graded.having("14_sliding_window", "pass") == {"duplicates", "goodput"}


def test_what_an_earlier_check_left_in_a_process_breaks_no_promise(tmp_path: Path) -> None:
    """No check makes 30 endpoints, and all of them make more than 60."""
    folder = tmp_path / "12_handshake"
    shutil.copytree(exercises.SOLUTIONS / "12_handshake", folder)
    worn_out = """
        import itertools
        made, right = itertools.count(1), Endpoint.__init__
        def begin(self, *arguments):
            if next(made) > 30:
                raise MemoryError
            right(self, *arguments)
        Endpoint.__init__ = begin
    """
    with (folder / "handshake.py").open("a") as file:
        file.write(textwrap.dedent(worn_out))
    graded = grade("12", folder=tmp_path)
    assert graded.status == 0, graded.output
