"""Scenes: a student's endpoint at work, told as it happens and without marks."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import ModuleType

from grader import exercises, submission
from grader.containment.door import Door
from grader.exercises import ExerciseError
from grader.lab.fixtures import Subject, program_file
from grader.lab.functions.functions import Functions
from grader.lab.lab import Bench, Lab
from grader.lab.transcript import PromiseBrokenError, Transcript
from grader.reports import inert

_PREFIX = "show_"
Scene = Callable[[Lab, Functions], None]


class _Spoken(Transcript):
    """A transcript that is printed line by line."""

    def note(self, line: str) -> None:
        super().note(line)
        _say(f"  {line}")


def play(directory: Path, selection: str, seed: int, door: Door) -> bool:
    """Play the scenes of an exercise, or one of them, and print what happens.

    Args:
        directory: the folder that a student handed in.
        selection: `12`, or `12:kernel_connects`.
        seed: what sequence numbers and the like are drawn from.
        door: through which the student's code is started.

    Returns:
        Whether every scene came to its end; the first one that doesn't is the last one played.

    Raises:
        SubmissionError: if there is no such folder.
        ExerciseError: if there is no such exercise or scene.
    """
    word, _, wanted = selection.partition(":")
    exercise = exercises.load(exercises.find(word))
    scenes = of(importlib.import_module(f"grader.checks.{exercise.id}"))
    if not scenes or (wanted and wanted not in scenes):
        there_are = f"there are {', '.join(scenes)}" if scenes else "there are none"
        raise ExerciseError(f"{exercise.id} has no scene {wanted!r}: {there_are}")
    submission.check_directory(directory)
    subject = submission.take(directory, exercise, door.scratch / "submission")
    bench = Bench(door)
    for name, scene in scenes.items():
        lab = Lab(bench, subject.folder, Random(f"{seed}/{name}"), _Spoken())
        if wanted in ("", name) and not _play(lab, subject, scene):
            return False
    return True


def of(checks: ModuleType) -> dict[str, Scene]:
    """Give the scenes of an exercise's checks, by name, in the order in which they are written."""
    return {
        name.removeprefix(_PREFIX): scene
        for name, scene in vars(checks).items()
        if name.startswith(_PREFIX)
    }


def _play(lab: Lab, subject: Subject, scene: Scene) -> bool:
    """Play one scene; tell in the same words as a check does if it can't go on."""
    _say((scene.__doc__ or "").strip().splitlines()[0])
    try:
        scene(lab, Functions(lab, program_file(lab, subject, "module")))
    except PromiseBrokenError as broken:
        _say(f"  expected: {broken.expected}\n  observed: {broken.observed}\n  {broken.why}\n")
        return False
    finally:
        lab.bench.clear()
    _say("")
    return True


def _say(text: str) -> None:
    """Print what may hold something of a student's, harmless for a terminal."""
    print(inert.block(text, most=len(text)), flush=True)
