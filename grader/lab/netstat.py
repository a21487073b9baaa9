"""Rows as a student's netstat gives them, held against the kernel's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from grader.lab.functions.functions import Functions, call
from grader.lab.functions.show import text
from grader.lab.functions.wire import Named, Returned
from grader.lab.kernel.tcp import Row
from grader.lab.lab import Lab
from grader.lab.specimens import Specimens
from grader.lab.transcript import PromiseBrokenError

_TRIES = 5
MISSING, TWICE, INVENTED = "missing", "there more than once", "there that the kernel doesn't have"
#: One of these words, and a row's ports.
Difference = tuple[str, tuple[int, int]]


@dataclass(frozen=True)
class Seen:
    """A row as a student's function gave it, with the right types."""

    local_host: str
    local_port: int
    remote_host: str
    remote_port: int
    state: str

    @property
    def ports(self) -> tuple[int, int]:
        """The ports, which tell a row from others."""
        return self.local_port, self.remote_port

    def __str__(self) -> str:
        return f"{self.local_host}:{self.local_port} {self.remote_host}:{self.remote_port} {self.state}"


def shown(row: Row) -> str:
    """Write a row of the kernel's."""
    return str(Seen(row.local_host, row.local_port, row.remote_host, row.remote_port, row.state))


def listed(lab: Lab, functions: Functions, port: int | None = None) -> list[Seen]:
    """Call the student's function."""
    asked = call("connections", *([] if port is None else [port]))
    (outcome,) = functions.call([asked])
    expected = f"{asked} gives a list of Connections"
    why = (
        "A Connection has five items: a host (a str such as 127.0.0.1), a port (an int), the same of "
        "the other end, and the name of the state (a str). The file defines it."
    )
    value = outcome.value if isinstance(outcome, Returned) else None
    lab.expect(isinstance(value, list), expected, f"it {text(outcome)[:300]}", why)
    assert isinstance(value, list)
    return [_seen(each, expected, why) for each in value]


def _seen(value: object, expected: str, why: str) -> Seen:
    if isinstance(value, Named):
        match value.items:
            case (str(host), int(port), str(remote_host), int(remote_port), str(state)):
                if bool not in (type(port), type(remote_port)):
                    return Seen(host, port, remote_host, remote_port, state)
    raise PromiseBrokenError(expected, f"one of its items is {text(value, decimal=True)}", why)


def compare(
    lab: Lab, functions: Functions, made: Specimens, states: Collection[str], why: str
) -> None:
    """Hold the rows in some states against the kernel's, by their ports.

    Raises:
        PromiseBrokenError: if one is missing, or in another state.
        RuntimeError: if the kernel has no row in one of the states any more.
    """
    before = made.rows()
    for _ in range(_TRIES):
        found = listed(lab, functions)
        after = made.rows()
        if Counter(before) == Counter(after):
            break
        before = after
    interesting = [row for row in before if row.state in states]
    interesting.sort(key=lambda row: (row.state, shown(row)))
    if {row.state for row in interesting} != {*states}:
        raise RuntimeError(f"the kernel has no longer a socket in each of {', '.join(states)}")
    lab.note(f"the kernel has {', '.join(map(shown, interesting))}")
    for row in interesting:
        expect_row(lab, found, row, why)


def expect_row(lab: Lab, found: Sequence[Seen], row: Row, why: str) -> None:
    """Expect a row of the kernel's, with its state."""
    same = [each for each in found if each.ports == (row.local_port, row.remote_port)]
    lab.expect(
        bool(same) and all(each.state == row.state for each in same),
        f"connections() has {shown(row)}",
        f"it has {', '.join(map(str, same))}" if same else
        "no row has these ports",
        why,
    )  # fmt: skip


def differences(
    found: Sequence[Seen], wanted: Sequence[tuple[int, int]], known: Sequence[Row], repeated: int
) -> set[Difference]:
    """Find out how a list differs from the kernel's table.

    Args:
        found: the list.
        wanted: the ports of the rows that have to be there.
        known: all rows that the kernel may have shown.
        repeated: how many rows the kernel may have repeated; more than half of those wanted is
            never put down to it.
    """
    counts = Counter(each.ports for each in found)
    real = {(row.local_port, row.remote_port) for row in known}
    twice = [pair for pair in wanted if counts[pair] > 1]
    if sum(counts[pair] - 1 for pair in twice) <= min(repeated, len(wanted) // 2):
        twice = []
    four = [each.ports for each in found if ":" not in each.local_host]
    return {
        *((MISSING, pair) for pair in wanted if not counts[pair]),
        *((TWICE, pair) for pair in twice),
        *((INVENTED, pair) for pair in four if pair not in real),
    }
