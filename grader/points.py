"""What promises are worth: as their checks declare it, unless a course says otherwise."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from grader.exercises import ExerciseError

#: Points by exercise and promise.
Points = Mapping[str, Mapping[str, int]]

#: Where a course says what its promises are worth; only students' copies have it.
COURSE = Path(__file__).parent / "points.toml"

_LARGEST_TOTAL = 1_000_000
_HEADING = "# What each promise is worth in this course.\n"


class PointsError(ExerciseError):
    """Points can't be given as they were asked for; the message says why."""


@dataclass(frozen=True)
class Course:
    """A choice of exercises, and what their promises are worth.

    Args:
        points: by exercise and promise.
        rescaled: whether a total was asked for, rather than what the checks declare.
    """

    points: Points
    rescaled: bool

    @property
    def total(self) -> int:
        """All points there are."""
        return sum(sum(each.values()) for each in self.points.values())

    def worthless(self) -> list[str]:
        """Give the promises that get no point, as `exercise:promise`."""
        return [
            f"{exercise}:{promise}"
            for exercise, promises in self.points.items()
            for promise, points in promises.items()
            if points == 0
        ]

    def as_toml(self) -> str:
        """Give the text of `points.toml`."""
        lines = [_HEADING, f"rescaled = {str(self.rescaled).lower()}\n"]
        for exercise, promises in self.points.items():
            lines.append(f"\n[points.{exercise}]\n")
            lines += [f"{promise} = {points}\n" for promise, points in promises.items()]
        return "".join(lines)


def read(path: Path) -> Course:
    """Read a `points.toml`, which anybody may have written.

    Raises:
        PointsError: if it is missing or malformed.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        course = Course(content["points"], content["rescaled"])
        every = [number for promises in course.points.values() for number in promises.values()]
    except (OSError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise PointsError(f"{path} can't be used: {error}") from error
    if type(course.rescaled) is not bool or not all(
        type(number) is int and 0 <= number <= _LARGEST_TOTAL for number in every
    ):
        raise PointsError(f"{path} can't be used: points are whole numbers")
    return course


@cache
def of_this_course() -> Points:
    """Give what `points.toml` says; nothing if there is none.

    Raises:
        PointsError: if it can't be used.
    """
    return read(COURSE).points if COURSE.exists() else {}


def rescale(declared: Points, total: int) -> Course:
    """Share out a total in proportion to what checks declare, first to exercises, then to promises.

    Every promise keeps one point at least if the total allows it, and every exercise in any case.

    Raises:
        PointsError: if the total is no number of points, or there are more exercises than points.
    """
    if not len(declared) <= total <= _LARGEST_TOTAL:
        raise PointsError(
            f"{total} points can't be shared out to {len(declared)} exercises; "
            f"{len(declared)} to {_LARGEST_TOTAL} can"
        )
    counts = [len(promises) for promises in declared.values()]
    enough = total >= sum(counts)
    shares = apportion(
        [sum(promises.values()) for promises in declared.values()],
        total,
        counts if enough else [1] * len(counts),
    )
    return Course(
        {
            exercise: dict(
                zip(
                    promises,
                    apportion([*promises.values()], share, [int(enough)] * len(promises)),
                    strict=True,
                )
            )
            for (exercise, promises), share in zip(declared.items(), shares, strict=True)
        },
        rescaled=True,
    )


def apportion(weights: Sequence[int], total: int, least: Sequence[int]) -> list[int]:
    """Share out a total in whole numbers: by largest remainders, nobody below their least.

    Args:
        weights: in which proportion; positive.
        total: what to share out, at least the sum of `least`.
        least: what each gets in any case.
    """
    open_, left = list(range(len(weights))), total
    shares = list(least)
    while open_:
        all_weights = sum(weights[i] for i in open_)
        quotas = {i: Fraction(left * weights[i], all_weights) for i in open_}
        short = [i for i in open_ if quotas[i] < least[i]]
        if not short:
            break
        left -= sum(least[i] for i in short)  # these get their least; the others share the rest
        open_ = [i for i in open_ if i not in short]
    for i in open_:
        shares[i] = int(quotas[i])
    by_remainder = sorted(open_, key=lambda i: (shares[i] - quotas[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares
