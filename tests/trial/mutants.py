"""Takes a solution apart: the same program with one small change, for each change there is."""

from __future__ import annotations

import ast
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr,
}  # fmt: skip
#: Calls that are easily taken for one another.
_TWINS = {"sendall": "send", "Writen": "Write", "Readn": "Read", "_exit": "abort"}
#: Stands where a function is to be written.
_HERE = "_here_"


@dataclass(frozen=True)
class Mutant:
    """A program with one change.

    Args:
        name: the function (or `Class.method`) that was changed, and the change, in one line.
        source: the whole program.
    """

    name: str
    source: str


def mutants(source: str, functions: frozenset[str] | None = None) -> Iterator[Mutant]:
    """Give all mutants of a program, in the order of its lines.

    Args:
        source: the program.
        functions: the functions, and methods as `Class.method`, that are changed; all if None.
    """
    tree = ast.parse(source)
    seen: Counter[str] = Counter()
    for function, body, block, at in _functions(tree):
        head, tail = _around(tree, block, at)
        indent = " " * (len(head) - len(head.rstrip(" ")))
        chosen = functions is None or function in functions
        for node, statement in _nodes(body) if chosen else ():
            before = _line(statement)
            for change in _changes(node):
                with change:
                    after, changed = _line(statement), ast.unparse(body)
                name = f"{function}: {change.note or f'{before} -> {after}'}"
                seen[name] += 1
                again = f" #{seen[name]}" if seen[name] > 1 else ""
                whole = head + textwrap.indent(changed, indent).lstrip() + tail + "\n"
                yield Mutant(name + again, whole)


def _around(tree: ast.Module, block: list[ast.stmt], at: int) -> tuple[str, str]:
    """Give what comes before and after a statement in a program."""
    statement, block[at] = block[at], ast.Expr(ast.Name(_HERE))
    head, tail = ast.unparse(tree).split(_HERE)
    block[at] = statement
    return head, tail


class _Change:
    """A change of a tree, in force inside a `with`."""

    def __init__(self, node: ast.AST, name: str, value: object, note: str = "") -> None:
        self._node, self._name, self._value = node, name, value
        self.note = note

    def __enter__(self) -> None:
        self._before = getattr(self._node, self._name)
        setattr(self._node, self._name, self._value)
        ast.fix_missing_locations(self._node)

    def __exit__(self, *_: object) -> None:
        setattr(self._node, self._name, self._before)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef, list[ast.stmt], int]]:
    """Give the functions and methods of a program: by name, with the place in a block."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for prefix, block in (("", tree.body), *((f"{node.name}.", node.body) for node in classes)):
        for at, node in enumerate(block):
            if isinstance(node, ast.FunctionDef):
                yield prefix + node.name, node, block, at


def _nodes(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Give all nodes of a function, each with the innermost statement around it.

    Docstrings and the words of exceptions are not among them: nobody promises those.
    """
    waiting: list[tuple[ast.AST, ast.AST]] = [(function, function)]
    while waiting:
        node, statement = waiting.pop(0)
        yield node, statement
        for child in () if isinstance(node, ast.Raise) else ast.iter_child_nodes(node):
            if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
                waiting.append((child, child if isinstance(child, ast.stmt) else statement))


def _changes(node: ast.AST) -> Iterator[_Change]:
    for makers in _MAKERS:
        yield from makers(node)


def _deleted(node: ast.AST) -> Iterator[_Change]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if not isinstance(block, list):
            continue
        for at, statement in enumerate(block):
            if not _idle(statement):
                text = f"{_line(statement)} deleted"
                rest = [*block[:at], ast.Pass(), *block[at + 1 :]]
                yield _Change(node, name, rest, text)
            if isinstance(statement, ast.With):
                yield _Change(node, name, [*block[:at], *_unwound(statement), *block[at + 1 :]],
                              f"{_line(statement)} left open")  # fmt: skip
            if isinstance(statement, ast.While):
                once = ast.If(statement.test, statement.body, [])
                if not any(isinstance(n, ast.Break | ast.Continue) for n in ast.walk(statement)):
                    yield _Change(node, name, [*block[:at], once, *block[at + 1 :]],
                                  f"{_line(statement)} once only")  # fmt: skip


def _unwound(statement: ast.With) -> list[ast.stmt]:
    entered: list[ast.stmt] = [
        ast.Assign([item.optional_vars], item.context_expr)
        if item.optional_vars
        else ast.Expr(item.context_expr)
        for item in statement.items
    ]
    return entered + statement.body


def _conditions(node: ast.AST) -> Iterator[_Change]:
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        test = node.test
        inner = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and test.operand
        negated = inner or ast.UnaryOp(ast.Not(), test)
        yield _Change(node, "test", negated)
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield _Change(node, "op", other)
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            swapped = [*node.ops[:at], _COMPARISONS[type(operator)](), *node.ops[at + 1 :]]
            yield _Change(node, "ops", swapped)


def _values(node: ast.AST) -> Iterator[_Change]:
    if isinstance(node, ast.Constant):
        for value in _others(node.value):
            yield _Change(node, "value", value)
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _ARITHMETIC:
        other = _ARITHMETIC[type(node.op)]()
        yield _Change(node, "op", other)
    if isinstance(node, ast.Return) and node.value and not _is(node.value, None):
        yield _Change(node, "value", None)
    if isinstance(node, ast.Slice):
        for name in ("lower", "upper"):
            end = getattr(node, name)
            if end and not (name == "lower" and _is(end, 0)):
                yield _Change(node, name, None)


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def _others(value: object) -> list[object]:
    match value:
        case bool():
            return [not value]
        case int():
            return [value + 1, value - 1]
        case str() if value:
            return [""]
        case bytes():
            return [b"" if value else b"x"]
    return []


def _calls(node: ast.AST) -> Iterator[_Change]:
    if isinstance(node, ast.Call) and not _any_order(node.func):
        for at in range(len(node.args) - 1):
            if ast.dump(node.args[at]) == ast.dump(node.args[at + 1]):
                continue
            swapped = [*node.args[:at], node.args[at + 1], node.args[at], *node.args[at + 2 :]]
            yield _Change(node, "args", swapped)
    if isinstance(node, ast.Attribute) and node.attr in _TWINS:
        yield _Change(node, "attr", _TWINS[node.attr])
    if isinstance(node, ast.Name) and node.id in _TWINS:
        yield _Change(node, "id", _TWINS[node.id])


def _any_order(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id in ("min", "max")


def _flow(node: ast.AST) -> Iterator[_Change]:
    for name in ("body", "orelse"):
        block = getattr(node, name, None)
        block = block if isinstance(block, list) else []
        for at, statement in enumerate(block):
            if isinstance(statement, ast.Break | ast.Continue):
                other = ast.Continue() if isinstance(statement, ast.Break) else ast.Break()
                yield _Change(node, name, [*block[:at], other, *block[at + 1 :]],
                              f"{_line(statement)} -> {_line(other)}")  # fmt: skip
    if isinstance(node, ast.ExceptHandler):
        yield _Change(node, "body", [ast.Raise()], f"{_line(node)} raises it again")


_MAKERS: tuple[Callable[[ast.AST], Iterator[_Change]], ...] = (
    _deleted, _conditions, _values, _calls, _flow,
)  # fmt: skip


def _idle(statement: ast.stmt) -> bool:
    """Tell whether a statement is one whose absence changes nothing: a docstring, `pass`."""
    return isinstance(statement, ast.Pass | ast.FunctionDef | ast.ClassDef) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _line(node: ast.AST) -> str:
    return ast.unparse(node).strip().splitlines()[0]
