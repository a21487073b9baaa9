"""The sheets of a quiz: TOML files with each question as a comment and its answer below."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from grader.lab.quiz.questions import Solved

_HEAD = """\
# Write each answer between the quotes below its question. Capitals, spaces and punctuation don't
# matter, usual abbreviations are fine, and the items of a list can have anything between them. The
# order matters where the question asks for one. Leave "" where you don't know yet.
"""
_WIDTH = 98


def sheet(questions: Sequence[Solved], *, answered: bool) -> str:
    """Give a sheet, with all answers or with none."""
    parts = [_HEAD]
    for number, each in enumerate(questions, 1):
        label = f"{number}. "
        lines = textwrap.wrap(f"{label}{each.question.text}", _WIDTH, subsequent_indent="   ")
        for note in each.question.notes:
            lines += textwrap.wrap(note, _WIDTH, initial_indent="   ", subsequent_indent="      ")
        answer = each.shown() if answered else ""
        comment = "".join(f"# {line}\n" for line in lines)
        parts.append(f"{comment}{each.question.id} = {json.dumps(answer, ensure_ascii=False)}\n")
    return "\n".join(parts)
