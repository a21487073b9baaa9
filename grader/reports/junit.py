"""JUnit XML, for GitLab, Jenkins, editors and whatever else shows tests.

There is no official schema; elements and attributes are those that pytest and Maven's Surefire
write. A promise is a test case, an exercise a suite; points are properties of both.
"""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from grader.reports.about import About
from grader.reports.facts import facts
from grader.reports.inert import block, line
from grader.verdict.result import CheckResult, ExerciseResult, Result

_ELEMENTS = {"fail": "failure", "error": "error", "skip": "skipped"}


def render(result: Result, _about: About) -> str:
    """Give the result as an XML document."""
    root = Element("testsuites", name="socklab", time=f"{result.seconds:.3f}")
    for exercise in result.exercises:
        _add_suite(root, exercise, result.started)
    _add_counts(root, [check for exercise in result.exercises for check in exercise.checks])
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _add_suite(root: Element, exercise: ExerciseResult, started: str) -> None:
    seconds = sum(check.seconds for check in exercise.checks)
    suite = SubElement(
        root, "testsuite", name=line(exercise.id), time=f"{seconds:.3f}", timestamp=started
    )
    _add_counts(suite, exercise.checks)
    _add_points(suite, exercise)
    for check in exercise.checks:
        case = SubElement(
            suite, "testcase",
            classname=line(exercise.id), name=line(check.id), time=f"{check.seconds:.3f}",
        )  # fmt: skip
        _add_points(case, check)
        if check.status != "pass":
            said = [f"{name:8}  {block(value)}".strip() for name, value in facts(check)]
            cause = SubElement(case, _ELEMENTS[check.status], message=_message(check))
            cause.text = "\n".join([line(check.title), *said])
    if exercise.problem:
        SubElement(suite, "system-out").text = block(exercise.problem)


def _message(check: CheckResult) -> str:
    return line(check.observed or check.message or check.title)


def _add_counts(element: Element, checks: list[CheckResult]) -> None:
    statuses = [check.status for check in checks]
    element.set("tests", str(len(statuses)))
    for status, name in (("fail", "failures"), ("error", "errors"), ("skip", "skipped")):
        element.set(name, str(sum(s == status for s in statuses)))


def _add_points(element: Element, of: ExerciseResult | CheckResult) -> None:
    properties = SubElement(element, "properties")
    SubElement(properties, "property", name="score", value=str(of.score))
    SubElement(properties, "property", name="max_score", value=str(of.max_score))
