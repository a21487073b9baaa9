"""Calls into a student's `frames.py`, held against what the RFCs' tables say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.lab.frames.naming import bytes_differ, described, headers_differ, owners
from grader.lab.functions.cases import Error
from grader.lab.functions.functions import Call, Functions
from grader.lab.functions.show import text
from grader.lab.functions.wire import Died, Named, Outcome, Raised, Returned, same
from grader.lab.lab import Lab
from grader.lab.transcript import PromiseBrokenError

#: One in so many inputs must be left to judge by. If fewer are, all of them count.
_LEFT = 3


@dataclass(frozen=True)
class Trial:
    """A call, and what it has to give.

    Args:
        call: the call.
        wanted: bytes, an int, an `Error`, a header (`Named`), or a sequence of headers and bytes.
        first: the header that wanted bytes begin with.
        deep: they hold other headers as well.
        prefix: only so many of the bytes are judged; what follows may be padding.
        needs: the calls that this one may be put together from. If it fails and so does one of
            them, it is left out: the mistake belongs to another promise, and costs once.
    """

    call: Call
    wanted: object
    first: str = ""
    deep: bool = False
    prefix: int | None = None
    needs: Callable[[], tuple[Trial, ...]] = tuple

    def met_by(self, outcome: Outcome) -> bool:
        """Tell whether an outcome is what is wanted."""
        if isinstance(self.wanted, Error):
            return isinstance(outcome, Raised) and any(
                kind in outcome.kinds for kind in self.wanted.kinds
            )
        return isinstance(outcome, Returned) and _equal(self._judged(outcome.value), self.wanted)

    def expected(self) -> str:
        """Say what is wanted."""
        arguments = ", ".join(map(described, self.call.arguments))
        wanted = (
            self.wanted if isinstance(self.wanted, Error) else f"gives {described(self.wanted)}"
        )
        return f"{self.call.function}({arguments}) {wanted}"

    def observed(self, outcome: Outcome) -> str:
        """Say how an outcome differs from what is wanted."""
        if not isinstance(outcome, Returned):
            return text(outcome)
        if isinstance(self.wanted, Error):
            return f"gave {described(outcome.value)}"
        return f"gave {_difference(self._judged(outcome.value), self.wanted, self._owners())}"

    def size(self) -> tuple[int, int]:
        """Tell how simple the trial is to look at; the smallest one is shown."""
        shown = self.expected()
        return _bytes_in([*self.call.arguments, self.wanted]), len(shown)

    def _owners(self) -> list[str]:
        return owners(self.first, self.wanted, self.deep) if isinstance(self.wanted, bytes) else []

    def _judged(self, value: object) -> object:
        return value[: self.prefix] if isinstance(value, bytes) else value


def expect(lab: Lab, functions: Functions, trials: Sequence[Trial], why: str) -> None:
    """Make all calls, and hold each outcome against what is wanted.

    Args:
        lab: the check.
        functions: the student's.
        trials: what is called, and what is wanted.
        why: the hint.

    Raises:
        PromiseBrokenError: if any differs; it shows the smallest call that fails.
    """
    if not trials:
        raise ValueError("there is nothing to compare")
    outcomes = functions.call([trial.call for trial in trials])
    lab.compared()
    called = ", ".join(dict.fromkeys(trial.call.function for trial in trials))
    lab.note(f"{functions.file}: {called} called with {len(trials)} inputs")
    pairs = zip(trials, outcomes, strict=True)
    failing = [pair for pair in pairs if not pair[0].met_by(pair[1])]
    if not failing:
        return
    own, broken = _without_broken_parts(functions, failing)
    left_out = len(failing) - len(own)
    if left_out and (len(trials) - left_out) * _LEFT >= len(trials):
        names = " or ".join(broken)
        lab.note(f"inputs left out, because {names} itself is wrong for them: {left_out}")
        failing = own
    if failing:
        _fail(failing, len(trials), why)


def _without_broken_parts(
    functions: Functions, failing: Sequence[tuple[Trial, Outcome]]
) -> tuple[list[tuple[Trial, Outcome]], list[str]]:
    """Give the trials none of whose parts is wrong itself, and the names of the wrong parts."""
    needs = [_all_needs(trial) for trial, _ in failing]
    parts = {need.call: need for each in needs for need in each}
    outcomes = zip(parts.values(), functions.call([*parts]), strict=True)
    broken = {part.call for part, outcome in outcomes if not part.met_by(outcome)}
    own = [
        pair
        for pair, each in zip(failing, needs, strict=True)
        if not any(need.call in broken for need in each)
    ]
    return own, sorted({call.function for call in broken})


def _fail(failing: Sequence[tuple[Trial, Outcome]], count: int, why: str) -> None:
    called = [pair for pair in failing if not isinstance(pair[1], Died) or pair[1].called]
    trial, outcome = min(called or failing, key=lambda pair: pair[0].size())
    others = f"; {len(failing)} of {count} inputs fail" if len(failing) > 1 else ""
    raise PromiseBrokenError(trial.expected(), f"it {trial.observed(outcome)}{others}", why)


def _all_needs(trial: Trial) -> list[Trial]:
    return [each for need in trial.needs() for each in (need, *_all_needs(need))]


def _equal(got: object, wanted: object) -> bool:
    """Tell whether a result is right; where several things are wanted, a tuple is as good as a list."""
    if isinstance(wanted, Named):
        return isinstance(got, Named) and got.kind == wanted.kind and same(got.items, wanted.items)
    if isinstance(wanted, list | tuple):
        items = _items(got)
        return items is not None and len(items) == len(wanted) and all(map(_equal, items, wanted))
    return same(got, wanted)


def _items(value: object) -> Sequence[object] | None:
    return value if isinstance(value, list | tuple) else None


def _difference(got: object, wanted: object, owners: Sequence[str] = ()) -> str:
    if isinstance(got, bytes) and isinstance(wanted, bytes):
        return bytes_differ(got, wanted, owners or ["payload"] * len(wanted))
    if isinstance(got, Named) and isinstance(wanted, Named):
        return headers_differ(got, wanted)
    if isinstance(got, tuple) and isinstance(wanted, Named):
        return f"a plain tuple {described(got)} where {wanted.kind}(...) belongs"
    items = _items(got)
    if items is not None and isinstance(wanted, list | tuple):
        if len(items) != len(wanted):
            return f"{len(items)} of {len(wanted)} items: {described(got)}"
        pairs = zip(items, wanted, strict=True)
        index, pair = next((i, p) for i, p in enumerate(pairs) if not _equal(*p))
        place = "" if isinstance(pair[1], Named) else f"as item {index}: "
        return place + _difference(*pair)
    return described(got)


def _bytes_in(value: object) -> int:
    match value:
        case bytes():
            return len(value)
        case list() | tuple():
            return sum(map(_bytes_in, value))
        case Named() | bool():
            return 1
    items = getattr(value, "items", ())
    return sum(map(_bytes_in, items)) if isinstance(items, tuple) else 1
