"""Names that an exercise asks to do without: found in the source, and made unusable at run time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.lab.functions.functions import Call, Functions
from grader.lab.functions.show import text
from grader.lab.functions.wire import Died
from grader.lab.lab import Lab
from grader.lab.scan import scan
from grader.lab.transcript import PromiseBrokenError

#: Ways into the C library through ctypes, for exercises that need ctypes itself.
C_LIBRARY = (
    "ctypes.CDLL", "ctypes.PyDLL", "ctypes.cdll", "ctypes.pydll", "ctypes.pythonapi",
    "ctypes.LibraryLoader", "ctypes.util", "ctypes.dlopen", "ctypes._dlopen",
)  # fmt: skip


def expect_rules(
    lab: Lab, file: str, off_limits: Sequence[str], calls: Sequence[Call], given: Mapping[str, str]
) -> None:
    """Expect a student's file to do without some names.

    Args:
        lab: the check.
        file: the student's file, which may import others beside it.
        off_limits: modules (`struct`), or names in them (`sys.byteorder`, `socket.inet_*`).
        calls: calls that together reach what the file does, made with traps in place.
        given: constants that the stub gives, whose own line may use what is off limits.

    Raises:
        PromiseBrokenError: if it uses one; the message names the lines.
    """
    lab.compared()
    why = (
        "The README lists what is off limits: what this exercise is about is yours to write. Ways "
        "around that count as well: eval, exec, importlib, another program."
    )
    names = [name for name in off_limits if name not in C_LIBRARY]
    names += ["the C library through ctypes"] * (len(names) < len(off_limits))
    expected = f"{file} does without {', '.join(names)}"
    found = scan(lab.folder, file, off_limits, frozenset(given))
    lab.note(f"{file} searched for names that are off limits: {len(found)} found")
    if found:
        shown = "; ".join(f"{each.name} ({each.where})" for each in found[:5])
        raise PromiseBrokenError(expected, f"it uses {shown}", why)
    functions = Functions(lab, file, given, off_limits)
    try:
        outcomes = functions.call(calls)
    except PromiseBrokenError:
        _expect_unused(functions, expected, why)
        raise
    lab.note(f"{len(calls)} calls made while those names can't be used")
    _expect_unused(functions, expected, why)
    for each, outcome in zip(calls, outcomes, strict=True):
        if isinstance(outcome, Died):
            raise PromiseBrokenError(f"{each} returns", text(outcome), why)


def _expect_unused(functions: Functions, expected: str, why: str) -> None:
    used = functions.used()
    if used:
        name, where = used[0]
        raise PromiseBrokenError(expected, f"while it ran it used {name} ({where})", why)
