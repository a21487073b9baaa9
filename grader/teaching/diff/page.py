"""A diff as a page: two columns of source, and what each side does. It needs nothing but itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from grader.reports.inert import block, line
from grader.teaching.diff import highlight
from grader.teaching.diff.behaviour import Behaviour, Promise, named_in, score
from grader.teaching.diff.compare import Pair, Row
from grader.teaching.diff.sides import FileDiff, Side
from grader.teaching.diff.source import Line, Part
from grader.verdict.result import CheckResult

_STYLE = Path(__file__).parents[1] / "templates" / "diff.css"
_MARKS = {"pass": "✓ kept", "fail": "✗ broken", "skip": "- not checked", "error": "! not checked"}


def render(diffs: dict[str, list[FileDiff]], behaviour: Behaviour, sides: tuple[Side, Side]) -> str:
    """Give the page.

    Args:
        diffs: the files by exercise.
        behaviour: verdicts by exercise; none if nothing was graded.
        sides: left and right.
    """
    labels = [_text(side.label) for side in sides]
    title = f"{', '.join(map(_text, diffs))}: {labels[0]} and {labels[1]}"
    parts = [
        "<!doctype html>\n<html lang=en><meta charset=utf-8>\n"
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name=viewport content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_STYLE.read_text(encoding='utf-8')}</style>\n"
        f"<h1>{labels[0]} <small>and</small> {labels[1]}</h1>\n"
    ]
    for exercise, files in diffs.items():
        promises = behaviour.get(exercise, [])
        parts.append(f"<section><h2>{_text(exercise)}</h2>\n")
        if promises:
            parts.append(_promises(promises, labels))
        parts += [_file(each, promises, labels) for each in files]
        parts.append("</section>\n")
    return "".join([*parts, "</html>\n"])


def _promises(promises: Sequence[Promise], labels: Sequence[str]) -> str:
    lefts, rights = [p.left for p in promises], [p.right for p in promises]
    heads = (
        f"<tr><th scope=col>promise<th scope=col>{labels[0]} ({score(lefts)})"
        f"<th scope=col>{labels[1]} ({score(rights)})</tr>\n"
    )
    differing, same = ([p for p in promises if p.same == same] for same in (False, True))
    table = "<table class=promises>\n{}{}</table>\n"
    parts = ["<h3>What they do</h3>\n", table.format(heads, "".join(map(_promise, differing)))]
    if same:
        rows = "".join(map(_promise, same))
        summary = f"<summary>{len(same)} promises with the same verdict</summary>\n"
        parts.append(f"<details>{summary}{table.format('', rows)}</details>\n")
    return "".join(parts)


def _promise(promise: Promise) -> str:
    verdicts = "".join(
        f'<td class="{verdict.status}">{_MARKS[verdict.status]}{_evidence(verdict)}'
        for verdict in (promise.left, promise.right)
    )
    kind = "same" if promise.same else "differs"
    name = f"<code>{_text(promise.left.id)}</code> {_text(promise.left.title)}"
    return f'<tr class="{kind}"><th scope=row>{name}{verdicts}</tr>\n'


def _evidence(verdict: CheckResult) -> str:
    said = verdict.observed or verdict.message
    if verdict.status == "pass" or not said:
        return ""
    why = f"<p>{_text(verdict.hint)}</p>" if verdict.hint else ""
    return f"<p>{escape(block(said, 600))}</p>{why}"


def _file(diff: FileDiff, promises: Sequence[Promise], labels: Sequence[str]) -> str:
    problems = "".join(
        f"<p class=problem>{label}: {_text(source.problem)}</p>\n"
        for label, source in zip(labels, (diff.left, diff.right), strict=True)
        if source.problem
    )
    html = [highlight.lines(source.text, diff.name) for source in (diff.left, diff.right)]
    same = [_text(pair.name) for pair in diff.pairs if pair.same]
    alike = f"<p class=alike>The same: {', '.join(same)}</p>\n" if same else ""
    pairs = "".join(_pair(pair, diff.name, html, promises) for pair in diff.pairs if not pair.same)
    return f"<h3>{_text(diff.name)}</h3>\n{problems}{alike}{pairs}"


def _pair(pair: Pair, file: str, html: list[list[str]], promises: Sequence[Promise]) -> str:
    notes = [
        _notes(part, file, [(promise.left, promise.right)[side] for promise in promises])
        for side, part in enumerate((pair.left, pair.right))
    ]
    heading = f"<tr class=notes><td colspan=2>{notes[0]}<td colspan=2>{notes[1]}</tr>\n"
    rows = "<tr class=gap><td colspan=4>⋯</tr>\n".join(
        "".join(_row(row, html) for row in block) for block in pair.blocks()
    )
    return (
        f"<table class=code><caption>{_text(pair.name)}</caption>\n"
        "<colgroup><col class=number><col class=line><col class=number><col class=line>\n"
        f"{heading if any(notes) else ''}{rows}</table>\n"
    )


def _notes(part: Part | None, file: str, verdicts: Sequence[CheckResult]) -> str:
    broken = named_in(part, file, verdicts)
    names = ", ".join(f"<code>{_text(verdict.id)}</code>" for verdict in broken)
    return f"breaks {names}" if names else ""


def _row(row: Row, html: list[list[str]]) -> str:
    kind = "same" if row.same else "differs"
    return f'<tr class="{kind}">{"".join(_cells(row, html))}</tr>\n'


def _cells(row: Row, html: list[list[str]]) -> Iterator[str]:
    for each, lines, side in ((row.left, html[0], "left"), (row.right, html[1], "right")):
        yield _cell(each, lines, side)


def _cell(each: Line | None, lines: list[str], side: str) -> str:
    if each is None:
        return "<td class=none><td class=none>"
    return f'<td class=number>{each.number}<td class="line {side}">{lines[each.number - 1]}'


def _text(text: str) -> str:
    return escape(line(text))
