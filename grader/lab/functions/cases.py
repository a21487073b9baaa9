"""Calls with what is wanted of them, held against what a student's functions do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from grader.lab.functions.functions import Call, Functions
from grader.lab.functions.show import difference, text
from grader.lab.functions.wire import Died, Named, Outcome, Raised, Returned, same
from grader.lab.lab import Lab
from grader.lab.transcript import PromiseBrokenError


@dataclass(frozen=True)
class Error:
    """What is wanted is an exception: one of some, with an errno if that matters."""

    kinds: Collection[str]
    errno: int | None = None
    errno_name: str = ""

    def __str__(self) -> str:
        number = f" with errno {self.errno_name}" if self.errno_name else ""
        return f"raises {' or '.join(self.kinds)}{number}"


@dataclass(frozen=True)
class Case:
    """A call and what it has to give: a value, or an `Error`."""

    call: Call
    wanted: object

    def met_by(self, outcome: Outcome) -> bool:
        """Tell whether an outcome is what is wanted."""
        if isinstance(self.wanted, Error):
            return (
                isinstance(outcome, Raised)
                and any(kind in outcome.kinds for kind in self.wanted.kinds)
                and self.wanted.errno in (None, outcome.errno)
            )
        if not isinstance(outcome, Returned):
            return False
        value = outcome.value
        if isinstance(value, Named):  # a named tuple is as good as a plain one
            value = value.items
        return same(value, self.wanted)

    def size(self) -> tuple[int, str]:
        """Tell how simple the call is to look at; the smallest one is shown."""
        return sum(map(_size, self.call.arguments)), str(self.call)


def expect(
    lab: Lab,
    functions: Functions,
    cases: Sequence[Case],
    why: str | Callable[[Case, Outcome], str],
    decimal: bool = False,
) -> None:
    """Make the calls of all cases, and hold each outcome against what is wanted.

    Args:
        lab: the check.
        functions: the student's.
        cases: what is called, and what is wanted.
        why: the hint, or what makes one for the case that is shown.
        decimal: numbers are shown in decimal rather than in hex.

    Raises:
        PromiseBrokenError: if any differs; it shows the smallest call that fails.
    """
    if not cases:
        raise ValueError("there is nothing to compare")
    outcomes = functions.call([case.call for case in cases])
    names = ", ".join(dict.fromkeys(case.call.function for case in cases))
    lab.note(f"{functions.file}: {names} called with {len(cases)} inputs")
    lab.compared()
    failing = [pair for pair in zip(cases, outcomes, strict=True) if not pair[0].met_by(pair[1])]
    if not failing:
        return
    called = [pair for pair in failing if not isinstance(pair[1], Died) or pair[1].called]
    case, outcome = min(called or failing, key=lambda pair: pair[0].size())
    no_value = isinstance(case.wanted, Error)
    wanted = case.wanted if no_value else f"gives {text(case.wanted, decimal)}"
    observed = text(outcome, decimal) if no_value else difference(outcome, case.wanted, decimal)
    others = f"; {len(failing)} of {len(cases)} inputs fail" if len(failing) > 1 else ""
    raise PromiseBrokenError(
        f"{case.call.text(decimal)} {wanted}",
        f"it {observed}{others}",
        why if isinstance(why, str) else why(case, outcome),
    )


def _size(value: object) -> int:
    match value:
        case bool() | None:
            return 0
        case int():
            return abs(value)
        case str():
            return (len(value) << 8) + sum(value.encode(errors="replace")) % 256
        case bytes():
            return (len(value) << 16) + sum(value)
        case list() | tuple():
            return sum(map(_size, value))
    return 1
