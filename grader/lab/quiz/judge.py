"""One answer of a student's, held against its question."""

from __future__ import annotations

from grader.lab.fixtures import Subject
from grader.lab.lab import Lab
from grader.lab.quiz.answers import Answers, read
from grader.lab.quiz.questions import Question, Sealed, comparable
from grader.lab.quiz.reading import LONGEST
from grader.lab.transcript import NotBegunError, PromiseBrokenError


def judge(lab: Lab, subject: Subject, sealed: Sealed) -> None:
    """Expect a question to be answered right; the explanation is what the check says then.

    Raises:
        NotBegunError: if there is no answer.
        PromiseBrokenError: if there is another one.
    """
    file = subject.programs["answers"]
    lab.compared()
    if file.problem:
        raise NotBegunError(file.problem, f"a file {file.name}", file.problem)
    answers = read(lab, file.name)
    question = sealed.question
    answer = _given(answers, question)
    where = answers.where(question.id)
    lab.note(f"{question.id}{where}: {answer[:200]!r}, read as {shown(question, answer)}")
    explanation = sealed.seal.opened_by(comparable(question, answer))
    if explanation is None:
        raise PromiseBrokenError(
            f"the right answer to {question.id}",
            f"{shown(question, answer)}{where} is not the answer{_miscounted(question, answer)}",
            f"What to read: {question.read}.",
        )
    lab.remark = explanation


def _given(answers: Answers, question: Question) -> str:
    """Give the answer as the student wrote it."""
    name = question.id
    if answers.problem:
        raise PromiseBrokenError(
            f"{answers.file} can be read",
            f"{answers.file}: {answers.problem}",
            "All answers are in this one file, so none can be looked at until it can be read.",
        )
    answer = answers.values.get(name, "")
    expected = f"an answer to {name}"
    if answer is None:
        raise PromiseBrokenError(
            expected,
            f"what stands there is no text{answers.where(name)}",
            'An answer is a text in quotes, a whole number, or a list of such: ["a", "b"].',
        )
    if len(answer) > LONGEST:
        raise PromiseBrokenError(
            expected,
            f"a text of {len(answer)} characters{answers.where(name)}",
            f"No answer needs more than a line; up to {LONGEST} characters are read.",
        )
    if not question.form.read(answer):
        what = f"{name} is empty" if name in answers.values else f"there is no {name} ="
        raise NotBegunError(
            "not answered yet",
            expected,
            f"{what}{answers.where(name)}{'' if name in answers.values else answers.near(name)}",
            f"What to read: {question.read}.",
        )
    return answer


def shown(question: Question, answer: str) -> str:
    """Write an answer as it was understood."""
    text = ", ".join(question.form.read(answer))
    return f"`{text[:200]}{'...' if len(text) > 200 else ''}`"


def _miscounted(question: Question, answer: str) -> str:
    wanted, given = question.form.items, len(question.form.read(answer))
    if wanted in (0, given):
        return ""
    return (
        f"; it was read as {given} item{'s' if given != 1 else ''}, the question asks for {wanted}"
    )
