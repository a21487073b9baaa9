#!/usr/bin/env python3
"""The autograder of an assignment of Classroom 50; the grader lies beside it.

It is run in a student's checkout. Status 0 says that `result.json` holds what was found; anything else
that nothing could be graded, and is recorded as an error rather than as no points.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

EXERCISES = "@EXERCISES@".split()
#: The job that runs this is ended after 15 minutes.
LIMIT = @LIMIT@  # seconds
SETUP_LIMIT = 180  # seconds

RESULT, BODY = Path("result.json"), Path("release-body.md")


def main() -> int:
    bundle = Path(os.environ.get("CLASSROOM50_BUNDLE_DIR") or Path(__file__).parent).resolve()
    for path in (RESULT, BODY):  # a student may have handed in such a file
        remove(path)
    try:
        subprocess.run(
            ["scripts/setup", "requirements.lock", ".venv/.ready"],
            cwd=bundle, check=True, timeout=SETUP_LIMIT,
        )  # fmt: skip
        status = grade(bundle)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"the grader can't be used: {error}", file=sys.stderr)
        return 2
    if RESULT.is_file():
        return 0
    print(f"nothing was graded (status {status})", file=sys.stderr)
    return 2


def grade(bundle: Path) -> int:
    """Write both files; what the runner takes from `$GITHUB_OUTPUT`, it derives from them."""
    environment = {name: v for name, v in os.environ.items() if name != "GITHUB_OUTPUT"}
    command = [
        bundle / ".venv/bin/grader", "grade", "--untrusted", "--limit", str(LIMIT),
        "--dir", ".", "--report", f"classroom50={RESULT}", "--report", f"markdown={BODY}", *EXERCISES,
    ]  # fmt: skip
    return subprocess.run(command, env=environment, timeout=LIMIT + 60).returncode


def remove(path: Path) -> None:
    """Remove whatever is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
