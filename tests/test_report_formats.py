"""Each format as its reader takes it: the same points everywhere, and hostile text stays text."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped, TestSuite
from markdown_it import MarkdownIt

from grader.reports import inert
from grader.reports.about import About
from grader.reports.report import FORMATS
from grader.verdict.result import CheckResult, ExerciseResult, Result
from tests import hostile
from tests.readers import reporter, workflow_log

SCORE, MOST = 6, 17
ABOUT = About(Path("/nowhere"), {"CLASSROOM": "net", "ASSIGNMENT": "a\nb", "OWNER": "x"})

each_text = pytest.mark.parametrize("text", hostile.TEXTS.values(), ids=hostile.TEXTS)
each_format = pytest.mark.parametrize("name", FORMATS)


def rendered(name: str, text: str) -> str:
    return FORMATS[name](hostile.result(text), ABOUT)


@each_text
@each_format
def test_nothing_that_steers_a_terminal_or_a_line(name: str, text: str) -> None:
    # Control, invisible and bidi characters, surrogates, line separators.
    unwanted = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    report = rendered(name, text)
    bad = {c for c in set(report) - {"\n"} if unicodedata.category(c) in unwanted}
    assert not bad
    report.encode()


@each_format
def test_a_megabyte_comes_out_short(name: str) -> None:
    report = rendered(name, hostile.TEXTS["a megabyte"])
    if name == "json":  # all there is, for programs
        assert len(report) > 1 << 20
    else:
        assert len(report) < 200 << 10


@each_text
def test_json_is_the_result(text: str) -> None:
    content = json.loads(rendered("json", text))
    assert (content["score"], content["max_score"]) == (SCORE, MOST)
    assert content["exercises"][0]["checks"][0]["observed"] == text


@each_text
def test_junit_as_junitparser_reads_it(text: str) -> None:
    report = rendered("junit", text)
    suites = list(JUnitXml.fromstring(report.encode()))
    assert [type(suite) for suite in suites] == [TestSuite, TestSuite]
    cases = [case for suite in suites for case in suite]
    kinds = [type(outcome) for case in cases for outcome in case.result]
    assert kinds == [Failure, Skipped, Error, Failure]
    assert [(s.tests, s.failures, s.errors, s.skipped) for s in suites] == [
        (3, 1, 0, 1),
        (3, 1, 1, 0),
    ]


@each_text
def test_junit_has_points_as_properties(text: str) -> None:
    suites = ElementTree.fromstring(rendered("junit", text)).findall("testsuite")
    for key, total in (("score", SCORE), ("max_score", MOST)):
        find = f"properties/property[@name='{key}']"
        of_suites = [int(p.attrib["value"]) for s in suites for p in s.findall(find)]
        of_cases = [int(p.attrib["value"]) for s in suites for p in s.findall(f"testcase/{find}")]
        assert (len(of_suites), len(of_cases)) == (2, 6)
        assert sum(of_suites) == sum(of_cases) == total


@each_text
def test_junit_holds_no_other_elements(text: str) -> None:
    names = {element.tag for element in ElementTree.fromstring(rendered("junit", text)).iter()}
    assert names == {
        "testsuites", "testsuite", "testcase", "properties", "property",
        "failure", "error", "skipped", "system-out",
    }  # fmt: skip


@each_text
def test_gradescope(text: str) -> None:
    content = json.loads(rendered("gradescope", text))
    assert content["score"] == sum(test["score"] for test in content["tests"]) == SCORE
    assert content["extra_data"]["max_score"] == MOST
    assert sum(test["max_score"] for test in content["tests"]) == MOST
    assert {test["status"] for test in content["tests"]} == {"passed", "failed"}
    assert {test["visibility"] for test in content["tests"]} == {
        "visible"
    }  # or the total is hidden
    assert content["output_format"] == "text"
    assert {test["output_format"] for test in content["tests"]} == {"text"}
    assert all("\n" not in test["name"] for test in content["tests"])
    assert all(type(test["score"]) is int for test in content["tests"])


@each_text
def test_classroom50(text: str) -> None:
    content = json.loads(rendered("classroom50", text))
    assert set(content) == {
        "schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit",
        "release", "review", "datetime", "score", "max-score", "tests",
    }  # fmt: skip
    assert content["schema"] == "classroom50/result/v1"
    assert (content["classroom"], content["assignment"]) == ("net", "a\nb")
    assert content["datetime"] == "2026-01-31T12:00:00Z"
    assert (content["score"], content["max-score"]) == (SCORE, MOST)
    for test in content["tests"]:
        assert set(test) == {"test-name", "passed", "score", "max-score", "message"}
        assert [type(test[key]) for key in ("passed", "score", "max-score")] == [bool, int, int]
        assert test["score"] in (0, test["max-score"])
        assert "\n" not in test["test-name"] + test["message"]
    assert sum(test["score"] for test in content["tests"]) == SCORE
    assert sum(test["max-score"] for test in content["tests"]) == MOST


@each_text
def test_the_classroom_reporter_shows_and_records_the_same(text: str) -> None:
    found = reporter.report(reporter.step_outputs(rendered("classroom", text)))
    assert (found.total, found.most, found.failed) == (SCORE, MOST, True)
    assert found.table == {"exercise08": (4, 4.0, 8), "exercise09": (2, 2.0, 9)}
    assert workflow_log.commands(found.log) == []


def test_the_classroom_reporter_takes_full_marks() -> None:
    checks = [hostile.check("x", "pass", score=n, most=n) for n in (2, 4, 6)]
    result = Result(
        1, "2026-01-31T12:00:00+00:00", 1.0, {}, [ExerciseResult("07_x", "", "", checks)]
    )
    outputs = reporter.step_outputs(FORMATS["classroom"](result, ABOUT))
    found = reporter.report(outputs)
    assert (found.total, found.most, found.failed) == (12, 12, False)
    assert found.log.count("✅") == 6  # all are worth a multiple of two points


def test_many_points_and_promises_fit_into_an_environment_variable() -> None:
    checks = [hostile.check(hostile.TEXTS["a megabyte"], most=1) for _ in range(99)]
    result = Result(
        1, "2026-01-31T12:00:00+00:00", 1.0, {}, [ExerciseResult("07_x", "", "", checks)]
    )
    found = reporter.report(reporter.step_outputs(FORMATS["classroom"](result, ABOUT)))
    assert (found.total, found.most) == (0, 99)


def test_no_points_are_no_result_for_the_classroom() -> None:
    result = Result(1, "2026-01-31T12:00:00+00:00", 1.0, {}, [ExerciseResult("07_x", "", "", [])])
    with pytest.raises(ValueError, match="07_x has no points"):
        FORMATS["classroom"](result, ABOUT)


@each_text
def test_annotations_as_the_runner_obeys_them(text: str) -> None:
    obeyed = workflow_log.commands(rendered("github", text))
    assert [c.name for c in obeyed] == ["notice", "notice", "warning", "warning", "error", "error"]
    assert [c.properties["title"] for c in obeyed[:2]] == [
        "Autograding complete",
        "Autograding report",
    ]
    assert obeyed[0].data == f"Points {SCORE}/{MOST}"
    assert obeyed[2].properties["title"] == "Changed files"
    assert json.loads(obeyed[1].data) == {"totalPoints": SCORE, "maxPoints": MOST}
    assert all(set(c.properties) == {"title"} for c in obeyed)


def test_an_annotation_says_what_the_check_said() -> None:
    text = "50% of a:b, c\nand d"
    broken = workflow_log.commands(rendered("github", text))[-1]
    assert f"observed: {text}" in broken.data
    assert broken.properties["title"] == "09_fork_server 50% of a:b, c\\nand d (0/5)"


def test_more_annotations_than_are_shown_end_with_how_many() -> None:
    checks = [hostile.check(f"n{n}") for n in range(14)]
    result = Result(
        1, "2026-01-31T12:00:00+00:00", 1.0, {}, [ExerciseResult("07_x", "", "", checks)]
    )
    obeyed = workflow_log.commands(FORMATS["github"](result, ABOUT))
    errors = [c for c in obeyed if c.name == "error"]
    assert len(errors) == 10
    assert errors[-1].data == "5 more are in the job's summary"


@pytest.mark.parametrize(
    ("hint", "observed", "where"),
    [
        (
            "Look here (server.py:14, 20).",
            "x",
            {"file": "sub/09_fork_server/server.py", "line": "14"},
        ),
        ("", "KeyError (server.py:2)", {"file": "sub/09_fork_server/server.py", "line": "2"}),
        ("Your handler (gone.py:3)", "server.py ended", {"file": "sub/09_fork_server/server.py"}),
        ("", "(/etc/passwd.py:1) (../secret.py:1) gone.py", {}),
        (f"({'x' * 300}.py:1)", "server.py ended", {"file": "sub/09_fork_server/server.py"}),
        ("", f"(server.py:{'9' * 5000})", {"file": "sub/09_fork_server/server.py"}),
    ],
)
def test_an_annotation_is_at_the_students_file(
    tmp_path: Path, hint: str, observed: str, where: dict[str, str]
) -> None:
    folder = tmp_path / "sub" / "09_fork_server"
    folder.mkdir(parents=True)
    (folder / "server.py").touch()
    (tmp_path / "sub" / "secret.py").touch()
    check = CheckResult("echoes", "Echoes.", "fail", 0, 2, observed=observed, hint=hint)
    result = Result(1, "2026-01-31T12:00:00+00:00", 1.0, {}, [_exercise(check)])
    about = About(tmp_path / "sub", {"GITHUB_WORKSPACE": str(tmp_path)})
    error = workflow_log.commands(FORMATS["github"](result, about))[-1]
    assert {k: v for k, v in error.properties.items() if k != "title"} == where


def _exercise(check: CheckResult) -> ExerciseResult:
    return ExerciseResult("09_fork_server", "A server", "", [check])


class _Page(HTMLParser):
    """Collects what a page has besides text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.headings = 0
        self.text: list[str] = []
        #: Text that is not in a code block.
        self.prose: list[str] = []
        self._code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.headings += tag == "h1"
        self._code |= tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self._code &= tag != "pre"

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if not self._code:
            self.prose.append(data)


@each_text
def test_markdown_as_markdown_it_renders_it(text: str) -> None:
    report = rendered("markdown", text)
    assert len(report.encode()) < 1 << 20
    page = _Page()
    page.feed(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(report))
    assert page.tags == {
        "h1", "h2", "p", "strong", "pre", "code",
        "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert page.attributes <= {"class", "style"}
    assert page.headings == 1
    assert f"{SCORE} of {MOST} points" in page.text
    # GitHub would take these up after rendering, if they were in one piece.
    assert not any("@everyone" in t or "www.a" in t or "#1" in t for t in page.prose)


@each_text
def test_markdown_shows_every_text_as_it_is(text: str) -> None:
    page = _Page()
    page.feed(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(
        f"# {inert.markdown(text)}\n"))  # fmt: skip
    assert "".join(page.text).rstrip("\n") == " ".join(inert.line(text).split(" ")).strip()
    assert page.tags == {"h1"}


def test_more_than_a_summary_may_hold_is_left_out() -> None:
    long = "`" * 3_900
    checks = [hostile.check(long) for _ in range(200)]
    result = Result(
        1, "2026-01-31T12:00:00+00:00", 1.0, {}, [ExerciseResult("07_x", "", "", checks)]
    )
    report = FORMATS["markdown"](result, ABOUT)
    assert 500 << 10 < len(report.encode()) < 1 << 20
    assert report.endswith("has all of it.\n")


@each_text
def test_autolab(text: str) -> None:
    report = rendered("autolab", text)
    assert report.count("\n") == 1
    scores = json.loads(report)["scores"]
    assert sum(scores.values()) == SCORE
    assert all(type(score) is int for score in scores.values())


@pytest.mark.parametrize(
    ("score", "most"),
    [
        (math.nan, 3), (math.inf, 3), (1, math.inf), ("1", 3), (1, "3"), (None, 3), (-1, 3),
        (4, 3), (1.0, 3), (1.5, 3), (True, 3), (0, -1),
    ],
)  # fmt: skip
def test_no_result_has_other_than_whole_points(score: Any, most: Any) -> None:
    with pytest.raises(ValueError, match="x: "):
        CheckResult("x", "X.", "pass", score, most)


@pytest.mark.parametrize("escape", [inert.line, inert.logged, inert.markdown])
@each_text
def test_a_line_is_one(escape: Callable[[str], str], text: str) -> None:
    assert len(escape(text).splitlines()) == 1


@each_text
def test_a_logged_line_is_no_command(text: str) -> None:
    assert workflow_log.commands(inert.logged(text)) == []


def test_harmless_text_stays_as_it_is() -> None:
    text = "größer als ⅔ — 日本語 👍 at ::1 port 80"
    assert inert.line(text) == inert.block(text) == inert.logged(text) == text


def test_the_readers_see_what_we_guard_against() -> None:
    """The readings of contracts do obey a forgery, so that the tests above can fail."""
    for name in ("new line", "carriage return", "command", "older command"):
        assert workflow_log.commands(hostile.TEXTS[name])
    stopped = f"::stop-commands::t\n{hostile.FORGERY}\n::u::\n::t::\n::error::x"
    assert [c.name for c in workflow_log.commands(stopped)] == ["error"]


@settings(deadline=None)
@given(st.text())
def test_any_text_is_data_in_a_command(text: str) -> None:
    title, message = inert.line(text), inert.block(text)
    log = f"::error title={inert.command_property(title)}::{inert.command_data(message)}"
    (found,) = workflow_log.commands(log)
    assert found.properties.get("title", "") == title.rstrip()
    assert found.data == message


@settings(deadline=None)
@given(st.text() | st.text(":#[] errornotice\n\r\u2028", min_size=5))
def test_any_logged_text_is_no_command(text: str) -> None:
    assert workflow_log.commands(inert.logged(text)) == []


@settings(deadline=None)
@given(st.text() | st.text("`~ \n\tx", min_size=3))
def test_any_text_stays_in_its_code_block(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(inert.markdown_code(text))
    assert [(token.type, token.content) for token in tokens] == [
        ("fence", inert.block(text) + "\n")
    ]


@settings(deadline=None)
@given(st.text("_*`~[]()<>&#!|@:./\\-+= xw1\n"))
def test_any_text_is_no_markup(text: str) -> None:
    paragraph = f"Note: {inert.markdown(text)}"
    page = _Page()
    page.feed(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(paragraph))
    assert page.tags == {"p"}
    assert "".join(page.text).strip() == f"Note: {inert.line(text)}".strip()
