"""Stubs from solutions: the bodies that students write are replaced, all else stays byte for byte."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from grader import exercises
from grader.lab.quiz import questions
from grader.lab.quiz.sheet import sheet


class StubError(Exception):
    """A stub can't be made; the message names the file and the function."""


def make(source: str, functions: Sequence[str], name: str, modules: Collection[str] = ()) -> str:
    """Give the stub of a solution.

    Args:
        source: the solution's text.
        functions: the functions that the student writes; `Class.method` for a method.
        name: the file's name, for messages.
        modules: the student's own modules of other exercises. The stub does without them, because
            the student may.

    Raises:
        StubError: if one of the functions is not in the source.
    """
    lines = source.splitlines(keepends=True)
    tree = ast.parse(source)
    found = dict(_functions(tree))
    for function in functions:
        if function not in found:
            raise StubError(f"{name} has no function {function}")
    for function in sorted(functions, key=lambda f: found[f].lineno, reverse=True):
        node = found[function]
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        if not body:
            raise StubError(f"{name}: {function} has no body to write")
        first, last = body[0].lineno - 1, node.end_lineno
        indent = " " * body[0].col_offset
        while lines[first - 1].startswith(f"{indent}#"):
            first -= 1
        lines[first:last] = [
            f'{indent}raise NotImplementedError("{function} is not written yet")\n'
        ]
    for statement in reversed(tree.body):
        if isinstance(statement, ast.ImportFrom) and statement.module in modules:
            end = statement.end_lineno or statement.lineno
            del lines[statement.lineno - 1 : end + lines[end].isspace()]
    return "".join(lines)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.FunctionDef):
                    yield f"{node.name}.{member.name}", member


def all_stubs() -> Iterator[tuple[Path, str]]:
    """Give every file of `exercises/` that is made from a solution, and its text.

    Raises:
        StubError: if a solution is missing or lacks a function.
    """
    for name in exercises.names():
        exercise = exercises.load(name)
        modules = {Path(file).stem for file in exercise.beside}
        for file, functions in exercise.write.items():
            solution = exercises.SOLUTIONS / name / file
            try:
                source = solution.read_text(encoding="utf-8")
            except OSError as error:
                raise StubError(f"{solution}: {error.strerror}") from error
            yield exercises.EXERCISES / name / file, make(source, functions, file, modules)
        if (quiz := exercises.SOLUTIONS / name / "questions.toml").exists():
            yield from _quiz(name, quiz)


def _quiz(name: str, source: Path) -> Iterator[tuple[Path, str]]:
    """Give the files that are made from a quiz's questions; its solution is one of them."""
    try:
        solved = questions.solved(source)
    except questions.QuizError as error:
        raise StubError(str(error)) from error
    folder = exercises.EXERCISES / name
    yield folder / "answers.toml", sheet(solved, answered=False)
    yield exercises.SOLUTIONS / name / "answers.toml", sheet(solved, answered=True)
    yield exercises.CHECKS / f"{name}.json", questions.written([each.sealed() for each in solved])


def for_students() -> Iterator[tuple[str, str]]:
    """Give every file that students write, as a path below `exercises/`, and its text at first.

    Raises:
        StubError: if a solution is missing or lacks a function.
    """
    for path, text in all_stubs():
        if path.is_relative_to(exercises.EXERCISES):
            yield path.relative_to(exercises.EXERCISES).as_posix(), text


def write_all() -> list[Path]:
    """Write the stubs that differ from what is there, and give their paths."""
    changed = []
    for path, text in all_stubs():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed
