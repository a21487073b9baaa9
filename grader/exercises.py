"""The exercises, as their `exercise.toml` describes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXERCISES = ROOT / "exercises"
SOLUTIONS = ROOT / "solutions"
CHECKS = ROOT / "grader" / "checks"


class ExerciseError(Exception):
    """An exercise is not there, or its description can't be used; the message says which and why."""


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Args:
        id: the name of its folder, `NN_name`.
        title: what reports call it.
        programs: the programs that it asks for, file names by role.
        write: by file, the functions whose bodies the student writes.
        beside: files of other exercises that are put beside the programs, if the student has them:
            `NN_name/file.py`.
    """

    id: str
    title: str
    programs: Mapping[str, str]
    write: Mapping[str, Sequence[str]]
    beside: Sequence[str] = ()


def load(exercise: str) -> Exercise:
    """Read the description of an exercise.

    Raises:
        ExerciseError: if it is missing or malformed.
    """
    path = EXERCISES / exercise / "exercise.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return Exercise(
            exercise, content["title"], content["programs"], content["write"],
            content.get("beside", ()),
        )  # fmt: skip
    except OSError as error:
        raise ExerciseError(f"{path}: {error.strerror}; `git checkout` restores it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{path}: {error}") from error
    except KeyError as error:
        raise ExerciseError(f"{path} has no {error}") from error


def names() -> list[str]:
    """Give the ids of all exercises that have checks, in the course's order."""
    return sorted(path.stem for path in CHECKS.glob("[0-9][0-9]_*.py"))


def find(word: str) -> str:
    """Give the id of the exercise that a word means: `9`, `09`, `fork_server` or `09_fork_server`.

    Raises:
        ExerciseError: if it means none; the message suggests the nearest.
    """
    known = names()
    for name in known:
        number, _, rest = name.partition("_")
        if word in (name, number, number.lstrip("0"), rest):
            return name
    spellings = {spelling: name for name in known for spelling in (name, name[3:])}
    near = get_close_matches(word, spellings, n=1, cutoff=0.5)
    hint = f"did you mean {spellings[near[0]]}?" if near else f"there are {', '.join(known)}"
    raise ExerciseError(f"there is no exercise {word!r}; {hint}")
