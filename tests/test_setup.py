"""What `make` says on a machine that lacks something."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.grading import ROOT

NO_PYTHON = "#!/bin/sh\nexit 1\n"
NO_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n'


@pytest.mark.parametrize(
    ("python3", "says"),
    [(NO_PYTHON, "Python 3.11 or later is needed"), (NO_VENV, "sudo apt install python3-venv")],
)
def test_what_is_missing_is_said(tmp_path: Path, python3: str, says: str) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "mktemp", "rm", "touch", "tail"):
        path = shutil.which(name)
        assert path
        (tools / name).symlink_to(path)
    fake = tools / "python3"
    fake.write_text(python3)
    fake.chmod(0o755)
    done = subprocess.run(
        [str(ROOT / "scripts/setup"), "requirements.lock", ".venv/.ready"],
        cwd=tmp_path, env={"PATH": str(tools)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert says in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_lock_files_pin_hashes_and_name_no_hosts() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text().splitlines()
        pinned = [line for line in lines if "==" in line]
        assert pinned
        assert "://" not in "".join(lines)
        assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)
