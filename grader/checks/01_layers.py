"""01_layers: a quiz; each question is a promise, and they are under seal in the file beside this."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from grader.lab.fixtures import Subject
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.quiz import questions
from grader.lab.quiz.judge import judge
from grader.lab.quiz.questions import Sealed


def _check_of(sealed: Sealed) -> Callable[[Lab, Subject], None]:
    def check(lab: Lab, subject: Subject) -> None:
        judge(lab, subject, sealed)

    check.__name__ = f"test_{sealed.question.id}"
    check.__doc__ = sealed.question.text
    return promise()(check)


for _each in questions.read(Path(__file__).with_suffix(".json")):
    globals()[f"test_{_each.question.id}"] = _check_of(_each)
