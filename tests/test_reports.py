"""Reports as `grader grade` writes them, on its own and inside GitHub Actions."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import psutil
import pytest

from grader.containment.door import MARKER, Door
from grader.exercises import SOLUTIONS
from grader.reports.report import FORMATS
from tests import hostile
from tests.grading import ROOT, Graded
from tests.readers import reporter, workflow_log
from tests.warm import grade, grader

FORK = "09_fork_server"
PROMISES = ("09:echoes", "09:usage", "09:reaps", "09:reaps_burst")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a server that listens, and prints what looks like a grade, but doesn't echo."""
    folder = tmp_path / "sub"
    (folder / FORK).mkdir(parents=True)
    (folder / FORK / "fork_server.py").write_text(
        "import os, sys\n"
        f"print({hostile.FORGERY!r}, flush=True)\n"
        f"sys.exit('\\n' + {hostile.FORGERY!r} + '\\n##[error]x ' + ' '.join(sorted(os.environ)))\n"
    )
    return folder


@pytest.fixture
def right(tmp_path: Path) -> Path:
    shutil.copytree(SOLUTIONS / FORK, tmp_path / "right" / FORK)
    return tmp_path / "right"


def wrong(folder: Path) -> Path:
    """Make a server wrong in one respect: it handles SIGCHLD not at all."""
    path = folder / FORK / "fork_server.py"
    text, count = re.subn(r"signal\.signal\(signal\.SIGCHLD, .*\)", "pass", path.read_text())
    assert count == 1
    path.write_text(text)
    return folder


def test_every_format_has_the_same_points(right: Path, tmp_path: Path) -> None:
    paths = {name: tmp_path / name for name in FORMATS}
    wanted = [word for name, path in paths.items() for word in ("--report", f"{name}={path}")]
    found = grade(*PROMISES, *wanted, folder=wrong(right), json_file=tmp_path / "result.json")
    assert found.status == 1
    score, most = found.result["score"], found.result["max_score"]
    assert 0 < score < most
    text = {name: path.read_text() for name, path in paths.items()}
    assert json.loads(text["json"]) == found.result
    assert re.search(rf"total +{score}/{most}\b", found.output)
    suite = ElementTree.fromstring(text["junit"]).find("testsuite")
    assert suite is not None
    assert [p.attrib["value"] for p in suite.findall("properties/property")] == [
        str(score),
        str(most),
    ]
    assert text["markdown"].startswith(f"# {score} of {most} points\n")
    assert workflow_log.commands(text["github"])[0].data == f"Points {score}/{most}"
    reported = reporter.report(reporter.step_outputs(text["classroom"]))
    assert (reported.total, reported.most) == (score, most)
    fifty = json.loads(text["classroom50"])
    assert (fifty["score"], fifty["max-score"]) == (score, most)
    assert json.loads(text["gradescope"])["score"] == score
    assert json.loads(text["autolab"]) == {"scores": {FORK: score}}


def test_a_report_that_cannot_be_written_does_not_keep_the_others(
    right: Path, tmp_path: Path
) -> None:
    good, none = tmp_path / "good.xml", tmp_path / "none" / "x.json"
    os.mkfifo(tmp_path / "fifo")
    found = grade(
        "09:usage", "--report", f"gradescope={none}", "--report", f"json={tmp_path}",
        "--report", f"markdown={tmp_path / 'fifo'}", "--report", f"junit={good}",
        "--report", "json=/dev/null", folder=right,
    )  # fmt: skip
    assert found.status == 2
    assert found.errors.splitlines() == [
        f"grader: can't write {none}: there is no folder {none.parent}",
        f"grader: can't write {tmp_path}: it is a directory",
        f"grader: can't write {tmp_path / 'fifo'}: it is not a file; - means standard output",
    ]
    assert "all promises kept" in found.output
    assert ElementTree.parse(good).getroot().attrib["failures"] == "0"
    assert not list(tmp_path.glob(".*"))


def test_no_report_can_be_written(right: Path, tmp_path: Path) -> None:
    found = grader(
        "grade", "--dir", str(right), "09:usage", "--report", f"junit={tmp_path / 'none' / 'x'}"
    )
    assert (found.returncode, found.stdout) == (2, "")
    assert "there is no folder" in found.stderr


def test_nobody_reads_what_the_terminal_shows(right: Path, tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "grader", "grade", "--dir", str(right), "09:usage",
        "--report", "autolab=-", "--report", f"junit={tmp_path / 'x'}",
    ]  # fmt: skip
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as nobody:
        done = subprocess.run(command, cwd=ROOT, stdout=nobody, stderr=subprocess.PIPE, timeout=60)
    assert done.stderr == b""
    assert ElementTree.parse(tmp_path / "x").getroot().attrib["tests"] == "1"


def test_a_place_that_may_not_be_looked_at(right: Path, tmp_path: Path) -> None:
    found = grader(
        "grade", "--dir", str(right), "09:usage",
        "--report", f"json={tmp_path / ('x' * 300)}",
        "--report", f"json={right / FORK / 'fork_server.py' / 'x'}",
    )  # fmt: skip
    assert found.returncode == 2
    assert "File name too long; can't write" in found.stderr
    assert "Not a directory" in found.stderr


def test_a_full_disk_is_said(right: Path, tmp_path: Path) -> None:
    found = grade(
        "09:usage", "--report", "json=/dev/full", "--report", f"json={tmp_path / 'x'}", folder=right
    )
    assert found.status == 2
    assert found.errors == "grader: can't write /dev/full: No space left on device\n"
    assert json.loads((tmp_path / "x").read_text())["score"] == 1


@pytest.mark.parametrize("word", ["xml=x", "json", "json=", "=x", ""])
def test_what_is_no_report(right: Path, word: str) -> None:
    found = grade("--report", word, folder=right)
    assert (found.status, found.output) == (2, "")
    assert f"{word!r} is not FORMAT=PATH, FORMAT one of json, junit," in found.errors


def test_the_last_line_is_for_autolab(right: Path) -> None:
    found = grade("09:usage", "--report", "autolab=-", folder=right)
    assert json.loads(found.output.splitlines()[-1]) == {"scores": {FORK: 1}}


@dataclass(frozen=True)
class Step:
    """A step of a workflow, and what it left behind."""

    graded: Graded
    outputs: dict[str, str]
    summary: str


def step(folder: Path, *words: str, **changes: str) -> Step:
    """Grade as a step of a workflow does; other steps have written to its files before."""
    output, summary = folder.parent / "output", folder.parent / "summary"
    output.write_text("before=1\n")
    summary.write_text("before\n")
    environment = {
        "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(folder.parent),
        "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_TOKEN": "secret", "RUNNER_TEMP": "/tmp", "ACTIONS_RUNTIME_TOKEN": "secret",
        "CLASSROOM": "net",
    }  # fmt: skip
    done = grader("grade", "--dir", str(folder), *words, **{**environment, **changes})
    graded = Graded(done.returncode, done.stdout, done.stderr, {})
    return Step(graded, reporter.step_outputs(output.read_text()), summary.read_text())


def test_inside_actions_it_does_what_is_needed(folder: Path) -> None:
    found = step(folder, "09:echoes", "09:reaps")
    assert found.graded.status == 1
    obeyed = workflow_log.commands(found.graded.output)
    assert [c.name for c in obeyed] == ["notice", "notice", "error"]
    assert (obeyed[0].properties["title"], obeyed[0].data) == (
        "Autograding complete",
        "Points 0/5",
    )
    assert json.loads(obeyed[1].data) == {"totalPoints": 0, "maxPoints": 5}
    assert obeyed[2].properties["file"] == f"sub/{FORK}/fork_server.py"
    assert found.summary.startswith("before\n# 0 of 5 points\n")
    reported = reporter.report(found.outputs)
    assert (reported.total, reported.most, reported.failed) == (0, 5, True)
    assert found.outputs["before"] == "1"


def test_what_a_program_prints_is_shown_while_commands_are_stopped(folder: Path) -> None:
    tokens = set()
    for _ in range(2):
        lines = step(folder, "09:echoes").graded.output.splitlines()
        name, token = lines[0].rsplit("::", 1)
        assert name == "::stop-commands"
        assert len(token) >= 32
        end = lines.index(f"::{token}::")
        assert any("##[error]x" in line for line in lines[:end])
        tokens.add(token)
    assert len(tokens) == 2


def test_a_report_on_standard_output_is_not_obeyed(folder: Path) -> None:
    found = step(folder, "09:echoes", "--report", "junit=-", "--report", "markdown=-")
    obeyed = workflow_log.commands(found.graded.output)
    assert [c.name for c in obeyed] == ["notice", "notice", "error"]


def test_programs_see_nothing_of_the_workflow(folder: Path) -> None:
    found = step(folder, "09:echoes", "--report", f"json={folder.parent / 'result.json'}")
    result = json.loads((folder.parent / "result.json").read_text())
    observed = result["exercises"][0]["checks"][0]["observed"]
    assert f" {MARKER}" in observed
    for word in ("GITHUB_", "RUNNER_", "ACTIONS_", "CLASSROOM", "secret"):
        assert word not in observed
    assert "secret" not in found.graded.output


LOOKS_AROUND = """
import os, sys
found = []
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        found += open(f"/proc/{pid}/environ").read().split("\\0")
    except OSError:
        pass
sys.exit("seen: " + " ".join(v for v in found if v.startswith(("GITHUB_", "SOCKLAB_"))))
"""


def test_programs_see_nothing_of_the_graders_environment(folder: Path, door: Door) -> None:
    layers = door.layers()
    if not (layers.files or layers.user):
        pytest.skip("nothing keeps programs from other processes of their user here")
    (folder / FORK / "fork_server.py").write_text(LOOKS_AROUND)
    step(folder, "09:echoes", "--report", f"json={folder.parent / 'result.json'}")
    result = json.loads((folder.parent / "result.json").read_text())
    observed = result["exercises"][0]["checks"][0]["observed"]
    assert f"seen: {MARKER}" in observed  # its own
    assert "GITHUB_" not in observed


def test_files_of_the_step_that_cannot_be_written(folder: Path) -> None:
    found = step(folder, "09:echoes", GITHUB_STEP_SUMMARY=str(folder), GITHUB_OUTPUT="/none/x")
    assert found.graded.status == 2
    assert f"can't write {folder}: Is a directory" in found.graded.errors
    assert "can't write /none/x: No such file or directory" in found.graded.errors
    assert workflow_log.commands(found.graded.output)[0].data == "Points 0/2"


def test_a_refusal_is_shown_on_the_jobs_page(folder: Path) -> None:
    found = step(folder, "77")
    assert found.graded.status == 2
    (error,) = workflow_log.commands(found.graded.output)
    assert error.name == "error"
    assert error.data.startswith("there is no exercise '77'")
    assert "runners" not in found.outputs


def test_a_forged_refusal_is_no_command(folder: Path) -> None:
    found = step(folder, f"\n{hostile.FORGERY}")
    assert [c.name for c in workflow_log.commands(found.graded.output)] == ["error"]
    assert workflow_log.commands(found.graded.errors) == []


@pytest.mark.parametrize("value", ["", "false", "1"])
def test_elsewhere_nothing_of_that_happens(folder: Path, value: str) -> None:
    found = step(folder, "09:echoes", GITHUB_ACTIONS=value)
    assert (found.outputs, found.summary) == ({"before": "1"}, "before\n")
    assert "stop-commands" not in found.graded.output
    assert "Points 0/2" not in found.graded.output


HANGS = "import signal, time\nsignal.signal(15, signal.SIG_IGN)\nwhile True: time.sleep(9)\n"


def test_when_the_time_is_up_what_was_found_counts(
    right: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (right / "08_echo").mkdir()
    for name in ("echo_server.py", "echo_client.py"):
        (right / "08_echo" / name).write_text(HANGS)
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # programs carry it on their command line
    empty = grade("08", "09", folder=tmp_path, json_file=tmp_path / "empty.json")
    found, limit = None, 1
    while found is None or not found.having(FORK, "pass"):  # however slow the machine is
        begun, limit = time.monotonic(), limit * 2
        found = grade(
            "08", "09", "--limit", str(limit), "--report", f"gradescope={tmp_path / 'gradescope'}",
            folder=right, json_file=tmp_path / "result.json",
        )  # fmt: skip
        assert time.monotonic() - begun < limit + 60  # to end programs takes a moment
        assert not [p for p in psutil.process_iter() if str(tmp_path) in " ".join(_command(p))]
    late = f"not checked: the time limit of {limit} s for all checks was up"
    checks = [check for exercise in found.result["exercises"] for check in exercise["checks"]]
    open_still = [check for check in checks if check["message"] == late]
    assert {check["status"] for check in open_still} == {"error"}
    assert f"{len(open_still)} not checked, because the time was up" in found.output
    assert found.status == 2
    assert found.result["max_score"] == empty.result["max_score"]  # nothing is missing
    assert found.result["score"] == sum(c["score"] for c in checks if c["status"] == "pass") > 0
    assert json.loads((tmp_path / "gradescope").read_text())["score"] == found.result["score"]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_a_limit_that_is_not_reached_changes_nothing(right: Path, tmp_path: Path) -> None:
    found = grade(
        "09:usage", "--limit", "100", folder=right, json_file=tmp_path / "result.json"
    )  # fmt: skip
    assert (found.status, found.having(FORK, "pass")) == (0, {"usage"})


@pytest.mark.parametrize("limit", ["0", "-1", "x"])
def test_what_is_no_limit(right: Path, limit: str) -> None:
    found = grade("09:usage", "--limit", limit, folder=right)
    assert found.status == 2
    assert "usage" in found.errors
