"""The trial's own parts."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from rich.console import Console

from grader import exercises
from tests import cases, transcripts
from tests.trial import designs, mutation, report, results, submissions
from tests.trial.mutants import mutants
from tests.trial.rates import interval

PROGRAM = '''
def serve(sock):
    """Serve."""
    with sock:
        while data := sock.recv(4):
            sock.sendall(data)


def spared():
    return 1
'''


def test_mutants_are_one_change_each() -> None:
    found = {m.name: m.source for m in mutants(PROGRAM, frozenset({"serve"}))}
    assert set(found) == {
        "serve: with sock: deleted",
        "serve: with sock: left open",
        "serve: while (data := sock.recv(4)): deleted",
        "serve: while (data := sock.recv(4)): once only",
        "serve: while (data := sock.recv(4)): -> while not (data := sock.recv(4)):",
        "serve: while (data := sock.recv(4)): -> while (data := sock.recv(5)):",
        "serve: while (data := sock.recv(4)): -> while (data := sock.recv(3)):",
        "serve: sock.sendall(data) deleted",
        "serve: sock.sendall(data) -> sock.send(data)",
    }
    assert len(set(found.values())) == len(found)
    for source in found.values():
        compile(source, "mutant", "exec")
        assert "return 1" in source
    assert "sock.send(data)" in found["serve: sock.sendall(data) -> sock.send(data)"]


def test_mutants_leave_the_words_of_exceptions_alone() -> None:
    program = "def f(x):\n    if x:\n        raise ValueError('bad')\n"
    names = [m.name for m in mutants(program, frozenset({"f"}))]
    assert names == [
        "f: if x: deleted",
        "f: raise ValueError('bad') deleted",
        "f: if x: -> if not x:",
    ]


@pytest.mark.parametrize(
    ("wrong", "trials", "low", "high"),
    # E. B. Wilson's interval, as worked out by hand: z = 1.959964
    [(0, 10, 0.0, 0.277533), (1, 10, 0.017876, 0.404150), (5, 10, 0.236593, 0.763407)],
)
def test_interval(wrong: int, trials: int, low: float, high: float) -> None:
    assert interval(wrong, trials) == pytest.approx((low, high), abs=1e-5)


@cache
def candidates() -> list[mutation.Candidate]:
    return [*mutation.candidates(exercises.names())]


def test_the_page_says_what_the_trial_found() -> None:
    for path, content in report.render(results.load()).items():
        assert path.read_text(encoding="utf-8") == content, "`make trial` writes it"


def test_the_trial_has_graded_every_submission_and_was_right() -> None:
    rows = results.load()["submissions"]
    there = {(case.exercise, case.name) for case in cases.wrong()}
    there |= {(case.exercise, case.name) for case in cases.right()}
    assert {(row["exercise"], row["name"]) for row in rows} == there, (
        '`make trial PARTS="submissions NN"` grades those of an exercise'
    )
    assert submissions.mistakes(rows) == []
    assert set(results.load()["attacks"].values()) == {"passed"}


def test_the_trial_has_graded_every_mutant() -> None:
    counts = results.load()["mutants"]
    graded = {count["exercise"]: count["all"] for count in counts}
    assert graded == Counter(candidate.exercise for candidate in candidates())
    assert [name for count in counts for name in count["unexplained"]] == []


def test_some_mutants_are_caught_today(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(mutation, "_KEPT", tmp_path / "mutants.json")
    counts = mutation.grade_all(Console(quiet=True), sample=8, seed=3)
    assert [name for count in counts for name in count["unexplained"]] == []
    assert sum(count["caught"] for count in counts) > 0


def test_other_designs_have_mutants() -> None:
    found = list(designs.candidates(["02_endian"]))
    named = {each.folder.name for each in found}
    assert named == {c.name for c in cases.right() if c.exercise == "02_endian"} - {"solution"}
    for each in found:
        assert each.mutant.source != (each.folder / each.file).read_text(encoding="utf-8")
        compile(each.mutant.source, each.file, "exec")


def test_equivalent_mutants_are_there_and_have_reasons() -> None:
    there = {candidate.name for candidate in candidates()}
    listed = [name for _reason, names in mutation.groups() for name in names]
    assert set(listed) <= there
    assert len(listed) == len(set(listed))
    assert all(reason.endswith(".") for reason, _names in mutation.groups())


def test_every_wrong_submission_has_its_transcript() -> None:
    recorded = {path.relative_to(transcripts.FOLDER) for path in transcripts.FOLDER.glob("*/*")}
    there = {path.relative_to(transcripts.FOLDER) for path in map(transcripts.path, cases.wrong())}
    assert recorded == there, "`make transcripts` records the new ones"


def test_a_change_of_wording_shows_whatever_order_things_happen_in() -> None:
    case = next(c for c in cases.wrong() if c.name == "one_recv_per_connection")
    output = transcripts.recorded(case).replace(
        "and end-of-file", "and an error: Connection reset by peer"
    )
    known = set().union(*(transcripts.parts(transcripts.recorded(c)) for c in cases.wrong()))
    other_order = output.replace("and an error: Connection reset by peer", "and end-of-file")
    assert other_order != output
    assert transcripts.parts(transcripts.masked(other_order)) <= known
    assert not transcripts.parts(output.replace("A client sends", "One sends")) <= known


@pytest.mark.parametrize(
    ("output", "left"),
    [
        ("fork_server.py 18751 after 37 ms, pid 27647", "fork_server.py # after # ms, pid #"),
        ("observed  19 zombies: 27667, 27666, 27665", "observed  19 zombies: #, ..."),
        ("got b'\\x92\\xaa'... for b'x'", "got b'...'... for b'...'"),
        ("1.5 s, seed 4146738613", "# s, seed #"),
        ("20 clients sent 64 bytes each  ", "20 clients sent 64 bytes each"),
    ],
)  # fmt: skip
def test_what_differs_from_run_to_run_is_masked(output: str, left: str) -> None:
    assert transcripts.masked(output) == left + "\n"
