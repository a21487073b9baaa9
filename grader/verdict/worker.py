"""A process of the grader's that carries out checks, one at a time, as it is told."""

from __future__ import annotations

import json
import os
import signal
import time
import traceback
from multiprocessing.connection import Connection
from typing import Any, Literal

import pytest

from grader.containment.process import die_with_parent
from grader.lab.fixtures import FAILED, LAB, REUSED, SHELF
from grader.lab.lab import Lab
from grader.lab.shelf import Shelf
from grader.lab.transcript import NotBegunError, PromiseBrokenError

OUTCOME = pytest.StashKey[dict[str, Any]]()


def work(session: pytest.Session, orders: Connection) -> None:
    """Carry out the checks whose numbers come in, and send their outcomes back; never returns."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the grader ends its workers itself
    try:
        while (index := json.loads(orders.recv_bytes())) is not None:
            orders.send_bytes(json.dumps(carry_out(session.items[index])).encode())
    except EOFError:
        pass
    finally:
        session.config.stash.get(SHELF, Shelf()).clear()
        os._exit(0)


def carry_out(item: pytest.Item) -> dict[str, Any]:
    """Run one check and give its outcome as plain data."""
    begun = time.monotonic()
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
    if item.stash.get(FAILED, False) and item.stash.get(REUSED, False):
        # Whatever an earlier check may have left there: only a fresh process can break a promise.
        del item.stash[FAILED], item.stash[OUTCOME]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
    outcome: dict[str, Any] = item.stash.get(
        OUTCOME, {"status": "error", "message": "the check did not run"}
    )
    lab = item.stash.get(LAB, None)
    if lab:
        outcome["transcript"] = lab.transcript.lines
        if outcome["status"] == "pass" and not lab.transcript.comparisons:
            outcome |= {"status": "error", "message": "the check compared nothing"}
        elif outcome["status"] == "pass":
            outcome["message"] = lab.remark
    return {**outcome, "seconds": round(time.monotonic() - begun, 3)}


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
    """Turn what a check raised into an outcome; pytest's own report of it is read by nobody."""
    if call.excinfo is None:
        if call.when == "call":
            item.stash[OUTCOME] = {"status": "pass"}
    elif item.stash.get(OUTCOME, {}).get("status") in (None, "pass"):
        error = call.excinfo.value
        item.stash[OUTCOME] = _outcome(error, item.stash.get(LAB, None))
        if not isinstance(error, NotBegunError):
            item.stash[FAILED] = True
    assert call.when != "collect"
    result: Literal["passed", "failed"] = "failed" if call.excinfo else "passed"
    return pytest.TestReport(item.nodeid, item.location, {}, result, None, call.when)


def _outcome(error: BaseException, lab: Lab | None) -> dict[str, Any]:
    if isinstance(error, PromiseBrokenError):
        said = [line for line in (lab.complaints() if lab else []) if line not in error.observed]
        return {
            "status": "fail",
            "message": error.reason if isinstance(error, NotBegunError) else "",
            "expected": error.expected,
            "observed": "; ".join([error.observed, *(f"traceback: {line}" for line in said)]),
            "hint": error.why,
        }
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({os.path.basename(last[0].filename)}:{last[0].lineno})" if last else ""
    return {"status": "error", "message": f"{type(error).__name__}: {error}{where}"}
