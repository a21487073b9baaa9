"""The questions of a quiz: with their answers, as instructors write them, and under seal."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from grader.lab.quiz.reading import Form
from grader.lab.quiz.seal import Seal


class QuizError(Exception):
    """The questions can't be used; the message says which and why."""


@dataclass(frozen=True)
class Question:
    """What everybody may know of a question.

    Args:
        id: the promise's id, and the answer's name in the student's file.
        text: the question, in a line.
        notes: what is offered to choose from, or how to write the answer, a line each.
        read: where the matter is explained.
        form: how the answer is read.
    """

    id: str
    text: str
    notes: tuple[str, ...]
    read: str
    form: Form


@dataclass(frozen=True)
class Sealed:
    """A question, and the explanation that its right answer opens."""

    question: Question
    seal: Seal


@dataclass(frozen=True)
class Solved:
    """A question with its answer.

    Args:
        question: the question.
        answer: the items of the answer, each with the spellings that the vocabulary doesn't know to
            be the same; the first of them is the one to show.
        also: other answers that are right.
        explanation: what is to be read once the question is answered.
    """

    question: Question
    answer: tuple[tuple[str, ...], ...]
    also: tuple[str, ...]
    explanation: str

    def shown(self) -> str:
        """Give the answer as one would write it."""
        return ", ".join(spellings[0] for spellings in self.answer)

    def accepted(self) -> list[str]:
        """Give all answers that are right, as they are compared."""
        texts = [", ".join(items) for items in product(*self.answer)]
        return list(dict.fromkeys(comparable(self.question, text) for text in (*texts, *self.also)))

    def sealed(self) -> Sealed:
        """Put the explanation under seal."""
        return Sealed(self.question, Seal.put(self.question.id, self.accepted(), self.explanation))


def comparable(question: Question, text: str) -> str:
    """Give an answer in the spelling in which answers to a question are compared."""
    return "; ".join(question.form.read(text))


def solved(path: Path) -> list[Solved]:
    """Read what instructors write, `questions.toml`.

    Raises:
        QuizError: if it can't be used.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return [_solved(each) for each in content["question"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise QuizError(f"{path}: {type(error).__name__}: {error}") from error


def _solved(content: dict[str, Any]) -> Solved:
    answer = tuple((each,) if isinstance(each, str) else tuple(each) for each in content["answer"])
    form = Form(
        content["kind"],
        content.get("ordered", content["kind"] != "letters"),
        content.get("unit", ""),
        "".join(option[0] for option in content.get("options", [])),
        0 if content["kind"] == "letters" else len(answer),
    )
    notes = [*content.get("options", []), content["write"]]
    question = Question(content["id"], content["text"], tuple(notes), content["read"], form)
    explanation = " ".join(content["explanation"].split())
    return Solved(question, answer, tuple(content.get("also", ())), explanation)


def written(sealed: list[Sealed]) -> str:
    """Give the file of sealed questions, which everybody may read."""
    content = [{**asdict(each.question), "seal": each.seal.plain()} for each in sealed]
    return json.dumps({"questions": content}, indent=1, ensure_ascii=False) + "\n"


def read(path: Path) -> list[Sealed]:
    """Read the file that `written` gives.

    Raises:
        QuizError: if it can't be used.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [_sealed(each) for each in content["questions"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise QuizError(f"{path}: {type(error).__name__}: {error}") from error


def _sealed(content: dict[str, Any]) -> Sealed:
    seal = content.pop("seal")
    form, notes = Form(**content.pop("form")), tuple(content.pop("notes"))
    return Sealed(Question(**content, notes=notes, form=form), Seal.of(seal, seal["locks"]))
