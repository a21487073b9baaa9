"""Two submissions beside each other: text by function, and what they do; nothing in them is trusted."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.teaching.diff import highlight, source
from grader.teaching.diff.compare import Pair, compare
from tests.cases import TESTS
from tests.grading import run
from tests.readers.png import read_png
from tests.warm import grader

EXERCISE = "03_byteorder"
WRONG = TESTS / "wrong/03_byteorder/value_error"
RIGHT = TESTS / "right/03_byteorder/hex_digits"
FORKS = TESTS / "wrong/09_fork_server/waitpid_once"
SERVES = TESTS / "right/09_fork_server/sigchld_ignored"

HOSTILE = '''\
"""</style><script>alert(1)</script>"""
# \x1b]0;gotcha\x07 \u202e <img src=x onerror=alert(2)>
def htons(x):
    print("::error::&lt;</td></table>")
    return '<b onmouseover="alert(3)">'
def <b>():
'''


def diff(*arguments: str) -> subprocess.CompletedProcess[str]:
    return grader("diff", *arguments)


def _pairs(folder: Path, left: str, right: str) -> dict[str, Pair]:
    for name, text in (("left.py", left), ("right.py", right)):
        (folder / name).write_text(text)
    sides = [source.read(folder, name) for name in ("left.py", "right.py")]
    return {pair.name: pair for pair in compare(*sides)}


LEFT = '''\
"""One."""
import os

# Gone with it.
def gone():
    return 1


class Thing:
    size = 3

    @property
    def area(self):
        return self.size

def same(a):
    return a
'''
RIGHT_TEXT = '''\
"""One."""
import os
def same(a):
    return a


class Thing:
    size = 3

    @property
    def area(self):
        area = self.size ** 2
        return area


async def new():
    pass
'''


def test_functions_are_paired_by_name_wherever_they_stand(tmp_path: Path) -> None:
    pairs = _pairs(tmp_path, LEFT, RIGHT_TEXT)
    assert list(pairs) == [source.TOP, "same", "Thing.area", "new", "gone"]
    assert pairs["same"].same
    assert not pairs["Thing.area"].same
    assert pairs["new"].left is None
    gone = pairs["gone"].left
    assert gone
    assert [line.number for line in gone.lines] == [4, 5, 6]
    assert [
        (row.left and row.left.text.strip(), row.right and row.right.text.strip())
        for row in pairs["Thing.area"].rows
        if not row.same
    ] == [("return self.size", "area = self.size ** 2"), (None, "return area")]


def test_every_line_is_shown_once(tmp_path: Path) -> None:
    pairs = _pairs(tmp_path, LEFT, RIGHT_TEXT)
    for side, text in (("left", LEFT), ("right", RIGHT_TEXT)):
        shown = [
            line
            for pair in pairs.values()
            for row in pair.rows
            if (line := getattr(row, side)) and line.text.strip()
        ]
        lines = text.split("\n")
        assert sorted(line.number for line in shown) == [
            number for number, each in enumerate(lines, 1) if each.strip()
        ]
        assert all(lines[line.number - 1] == line.text for line in shown)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "x.py is not there"),
        (b"def (:\n", "x.py:1: "),
        (b"x = '\0'\n", "null bytes"),
        (b"x = " + b"-" * 100_000 + b"1\n", "nested too deeply"),
        (b"#" * (1 << 19), "larger than 256 KiB"),
        (b"# coding: klingon\nx = 1\n", ""),
        (b"x = '\xff'\r\ny = 1\r", ""),
        (b"", ""),
        (b"".join(b"def f%d(): pass\n" % n for n in range(5_000)), ""),
    ],
)
def test_files_that_are_no_python(tmp_path: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / "x.py").write_bytes(content)
    found = source.read(tmp_path, "x.py")
    assert says in found.problem
    assert bool(found.problem) == bool(says)
    assert len(highlight.lines(found.text, "x.py")) == found.text.count("\n") + 1
    assert compare(found, found) or not found.parts


def test_stub_and_solution() -> None:
    done = diff("-e", "03", "--seed", "1")
    assert done.returncode == 0, done.stderr
    assert "- " in done.stdout
    assert 'raise NotImplementedError("htons is not written yet")' in done.stdout
    assert "03_byteorder: what they do, 0/10 and 10/10 points" in done.stdout
    assert "✗  ✓  htons" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_wrong_submission_beside_the_solution() -> None:
    done = diff(str(WRONG), "--seed", "1")
    assert re.search(r"what they do, \d/10 and 10/10 points", done.stdout)
    assert re.findall(r"✗  ✓  (\w+)", done.stdout) == ["range_errors"]
    assert "7 kept by both" in done.stdout


def test_two_right_submissions_do_the_same() -> None:
    done = diff(str(RIGHT), str(TESTS.parent / "solutions"), "-e", "03:htons", "-e", "03:htonl")
    assert "2/2 and 2/2 points" in done.stdout
    assert "2 kept by both" in done.stdout
    assert "✗" not in done.stdout


def test_two_servers_on_a_page(tmp_path: Path) -> None:
    page = tmp_path / "diff.html"
    done = diff(
        str(FORKS), str(SERVES), "-e", "09:reaps", "-e", "09:reaps_burst", "--html", str(page)
    )
    assert done.returncode == 0, done.stderr
    parsed = _Page(page)
    assert "1 promises with the same verdict" in parsed.text
    assert "✗ broken" in parsed.text
    assert "19 zombies" in parsed.text
    assert "breaks reaps_burst" in parsed.text  # beside the function whose line the verdict names
    assert "(3/6)" in parsed.text
    assert "(6/6)" in parsed.text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["/nowhere"], "can't grade /nowhere: No such file or directory"),
        (["/etc"], "have no exercise in common"),
        ([str(RIGHT), str(SERVES)], "have no exercise in common"),
        (["-e", "77"], "there is no exercise '77'"),
        (["a", "b", "c"], "two folders at most"),
        ([str(RIGHT), "--no-grade", "--html", "/nowhere/x.html"], "/nowhere/x.html: No such file"),
    ],
)
def test_what_cannot_be_compared(arguments: list[str], says: str) -> None:
    done = diff(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


class _Page(HTMLParser):
    """What a browser makes of a page: its tags, their attributes, and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


OURS = {
    "html", "meta", "title", "style", "h1", "small", "section", "h2", "h3", "table", "tr", "th", "td",
    "code", "p", "caption", "colgroup", "col", "span", "details", "summary",
}  # fmt: skip


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    folder = tmp_path / "<script>alert(0)</script>" / EXERCISE
    folder.mkdir(parents=True)
    (folder / "byteorder.py").write_text(HOSTILE)
    (folder / "a\n<i>.py").write_text("x = 1\n")
    (folder / "loop.py").symlink_to("loop.py")
    (folder / "passwd.py").symlink_to("/etc/passwd")
    return folder.parent


def test_nothing_of_a_students_is_markup(tmp_path: Path, hostile: Path) -> None:
    page = tmp_path / "diff.html"
    done = diff(str(hostile), "--html", str(page))
    assert done.returncode == 0, done.stderr
    parsed = _Page(page)
    assert parsed.tags <= OURS
    assert parsed.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class", "scope",
                                 "colspan"}  # fmt: skip
    assert "<script>alert(1)</script>" in parsed.text
    assert "\\x1b]0;gotcha\\x07 \\u202e" in parsed.text
    assert "root:" not in parsed.text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", page.read_text())


def test_nothing_of_a_students_steers_the_terminal(hostile: Path) -> None:
    done = diff(str(hostile), "--no-grade")
    assert done.returncode == 0, done.stderr
    assert "\\x1b]0;gotcha\\x07 \\u202e" in done.stdout
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", done.stdout)
    assert "byteorder.py:6: invalid syntax; it is compared as a whole" in done.stdout
    assert "root:" not in done.stdout


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs Chromium")
def test_a_browser_shows_both_columns(tmp_path: Path) -> None:
    page, picture = tmp_path / "diff.html", tmp_path / "diff.png"
    assert diff(str(WRONG), "--html", str(page), "--no-grade").returncode == 0
    drawn = run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars", "--force-color-profile=srgb",
         f"--user-data-dir={tmp_path / 'profile'}", "--window-size=800,500",
         f"--screenshot={picture}", page.as_uri()]
    )  # fmt: skip
    assert drawn.returncode == 0, drawn.stderr
    rows = read_png(picture.read_bytes())
    left = {pixel for row in rows for pixel in row[:400]}
    right = {pixel for row in rows for pixel in row[400:]}
    # What only one side has lies on red in the left half, on green in the right one.
    assert (_RED in left, _RED in right) == (True, False)
    assert (_GREEN in left, _GREEN in right) == (False, True)


_RED, _GREEN = (0xFF, 0xEB, 0xE9), (0xE6, 0xFF, 0xEC)
