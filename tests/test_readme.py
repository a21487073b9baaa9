"""The README's commands do what it shows: every ```console block is run, and what comes out compared.

Lines after `$ ` are commands, run one after the other in a copy of the project; what follows is their
output. Seconds, pids, ports and seeds are masked. A line `...` stands for any lines, and a command
without output only has to succeed. `make` adds a line about a failed recipe, which does not count.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader import manifest
from tests.classroom import set_up
from tests.grading import ROOT

#: Documents whose console blocks are run, each in a copy of its own.
DOCUMENTS = ("README.md", "docs/classroom.md")
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MASKS = (
    (r"\b\d+\.\d+ s\b", "N s"),
    (r"\b(seed|pid|after|SEED=)(\s*)\d+\b", r"\1\2N"),
    (r"\b(\w+\.py) \d{4,5} listening", r"\1 N listening"),
    (r"\b(\d+ zombies: )[\d, ]+", r"\1N"),
    (r"\b\d+ ms\b", "N ms"),
    (r"^(\S+): \d+ new$", r"\1: N new"),
)
#: What takes minutes, or is this test itself.
_TOO_LONG = re.compile(r"^(make (test|trial|flakiness|bench)|git clone|cd )\b")


@dataclass(frozen=True)
class Command:
    """A command and what it is said to print; nothing if it isn't said."""

    line: str
    output: str


def commands(text: str) -> list[Command]:
    """Give the commands of all console blocks of a document, in order."""
    found: list[Command] = []
    for block in _BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            found.append(Command(line, output))
    return found


def masked(text: str) -> str:
    """Give an output without what differs from run to run, and however wide the terminal is."""
    lines = [line for line in text.splitlines() if not line.startswith("make: ***")]
    text = "\n".join(lines)
    for pattern, mask in _MASKS:
        text = re.sub(pattern, mask, text, flags=re.MULTILINE)
    return " ".join(text.split())


def matches(said: str, seen: str) -> bool:
    """Whether an output is as it was said to be, where a word `...` stands for any."""
    pattern = r"(\s.*\s|\s)".join(map(re.escape, said.split(" ... ")))
    return re.fullmatch(pattern, seen) is not None


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, set up."""
    root = tmp_path / "socklab"
    left_out = shutil.ignore_patterns(
        ".venv", ".git", ".*_cache", ".hypothesis", "__pycache__", "trial"
    )
    shutil.copytree(ROOT, root, symlinks=True, ignore=left_out)
    set_up(root)
    return root


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_do_what_is_shown(document: str, project: Path) -> None:
    found = commands((ROOT / document).read_text())
    assert found
    for command in found:
        if _TOO_LONG.match(command.line):
            continue
        for made in project.parent.glob(f"*/{manifest.NAME}"):
            if not (made.parent / ".venv").exists():
                set_up(made.parent)
        done = subprocess.run(
            ["sh", "-c", command.line], cwd=project, env=_environment(),
            text=True, capture_output=True, timeout=120,
        )  # fmt: skip
        shown = f"$ {command.line}\n{done.stdout}{done.stderr}"
        assert done.returncode != 127, shown
        if command.output.strip():
            seen = masked(done.stdout + done.stderr)
            assert matches(masked(command.output), seen), shown
        else:
            assert done.returncode == 0, shown


def _environment() -> dict[str, str]:
    """Give the environment of somebody who reads the document at a terminal of 80 columns."""
    ours = {
        name: v
        for name, v in os.environ.items()
        if not name.startswith(("GITHUB_", "PYTEST_", "MAKE", "MFLAGS"))
    }
    return {**ours, "COLUMNS": "80"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_are_in_console_blocks(document: str) -> None:
    """Blocks without a language, or with `sh`, would not be run."""
    fences = re.findall(r"^```(\w*)$", (ROOT / document).read_text(), re.MULTILINE)
    assert set(fences[::2]) <= {"console", "toml", "yaml", "json", "python", "text"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    path = ROOT / document
    for link in re.findall(r"\]\(([^)#\s]+)", path.read_text()):
        assert "://" in link or (path.parent / link).exists(), f"{document} links to {link}"


@pytest.mark.parametrize(
    ("said", "seen", "same"),
    [
        ("1.5 s, seed 7\n", "12.0 s, seed 99\n", True),
        ("a\n...\nz\n", "a\nb\nc\nz\n", True),
        ("a\n...\nz\n", "a\nz\n", True),
        ("a\nz\n", "a\nb\nz\n", False),
        ("total 3/140\n", "total 4/140\n", False),
        ("a   1\n", "a 1\nmake: *** [Makefile:9: grade] Error 1\n", True),
        (
            "x.py 18751 listening after 37 ms, pid 27647",
            "x.py 9 listening after 4 ms, pid 1",
            False,
        ),
        (
            "x.py 18751 listening after 37 ms, pid 27647",
            "x.py 9999 listening after 4 ms, pid 1",
            True,
        ),
    ],
)
def test_outputs_are_compared_without_what_differs(said: str, seen: str, same: bool) -> None:
    assert matches(masked(said), masked(seen)) == same
