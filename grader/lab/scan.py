"""Finds names that are off limits in a student's source, whatever they are called there."""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_MAX_BYTES = 1 << 18
#: Ways to say a name without writing it, off limits wherever something is.
_DETOURS = ("eval", "exec", "compile", "__import__", "__builtins__", "__loader__")
_DETOUR_MODULES = ("importlib", "builtins", "runpy", "imp", "pkgutil", "subprocess")
_DETOUR_ATTRIBUTES = (
    "sys.modules",
    "os.system",
    "os.popen",
    "os.exec*",
    "os.spawn*",
    "os.posix_spawn*",
)


@dataclass(frozen=True)
class Finding:
    """A name off limits, and the file and line where it stands."""

    name: str
    where: str


def scan(
    folder: Path, file: str, off_limits: Sequence[str], given: frozenset[str] = frozenset()
) -> list[Finding]:
    """Search a file, and those beside it that it imports.

    Args:
        folder: where the files are.
        file: the first file's name.
        off_limits: modules, or names in them, which may be patterns.
        given: constants whose own assignments at the top level are not searched.

    A file that can't be parsed gives nothing: it can't be imported either.
    """
    findings: list[Finding] = []
    waiting, seen = [file], {file}
    while waiting:
        name = waiting.pop(0)
        tree = _parse(folder / name)
        if tree is None:
            continue
        tree.body = [node for node in tree.body if not _assigns(node, given)]
        search = _Search(tree, off_limits)
        lines = sorted(set(search.found()))
        findings += [Finding(found, f"{name}:{line}") for line, found in lines]
        helpers = {f"{module.split('.')[0]}.py" for module in search.imported}
        waiting += sorted(helper for helper in helpers - seen if (folder / helper).is_file())
        seen |= helpers
    return findings


def _parse(path: Path) -> ast.Module | None:
    try:
        if path.stat().st_size <= _MAX_BYTES:
            return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    return None


def _assigns(node: ast.stmt, names: frozenset[str]) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return any(isinstance(target, ast.Name) and target.id in names for target in targets)


class _Search:
    """The search of one file."""

    def __init__(self, tree: ast.Module, off_limits: Sequence[str]) -> None:
        self._tree = tree
        modules = [name for name in off_limits if "." not in name]
        self._modules = {twin for name in modules for twin in (name, f"_{name}")} | {
            *_DETOUR_MODULES
        }
        attributes = [name for name in off_limits if "." in name]
        self._attributes = [*attributes, *(f"_{name}" for name in attributes), *_DETOUR_ATTRIBUTES]
        self._methods = {name[4:] for name in attributes if name.startswith("int.")}
        self._methods -= _own_methods(tree)
        #: Modules that the file imports.
        self.imported: set[str] = set()
        self._meaning: dict[str, str] = {"int": "int"}
        self._own = _bound(tree)
        self._learn()

    def found(self) -> Iterator[tuple[int, str]]:
        """Give the lines and the names."""
        for node in ast.walk(self._tree):
            line = getattr(node, "lineno", 0)
            for name in self._names(node):
                yield line, name

    def _names(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Import():
                yield from (a.name for a in node.names if self._off_limits(a.name))
            case ast.ImportFrom(level=0, module=str(module)):
                if self._off_limits(module):
                    yield module
                else:
                    names = (f"{module}.{alias.name}" for alias in node.names)
                    yield from filter(self._off_limits, names)
            case ast.Attribute():
                name = self._dotted(node)
                if name and self._off_limits(name):
                    yield name
                elif node.attr in self._methods or node.attr == "__globals__":
                    yield node.attr
            case ast.Name(id=name) if name in _DETOURS and name not in self._own:
                yield name
            case ast.Call(func=ast.Name(id="getattr" | "vars" as function), args=[of, *rest]):
                yield from self._looked_up(function, of, rest)

    def _looked_up(self, function: str, of: ast.expr, rest: list[ast.expr]) -> Iterator[str]:
        """Judge `getattr` and `vars` of something."""
        name = self._dotted(of)
        wanted = rest[0].value if rest and isinstance(rest[0], ast.Constant) else None
        if isinstance(wanted, str):
            if wanted in self._methods or (name and self._off_limits(f"{name}.{wanted}")):
                yield f"{name or 'getattr of'} {wanted}"
        elif name and (name in self.imported or name == "int"):
            yield f"{function} on {name}"

    def _off_limits(self, name: str) -> bool:
        first, *rest = name.split(".")
        if first in self._modules or (first in self.imported and {*rest} & self._modules):
            return True
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self._attributes) or (
            rest == ["__dict__"] and (first in self.imported or first == "int")
        )

    def _learn(self) -> None:
        """Find out what modules and their contents are called in this file."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.imported.add(alias.name)
                    first = alias.name.split(".")[0]
                    self._meaning[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom) and node.module:
                self.imported.add(node.module)
                for alias in node.names:
                    self._meaning[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        before = -1
        while before != len(self._meaning):
            before = len(self._meaning)
            for node in ast.walk(self._tree):
                if isinstance(node, ast.Assign) and (name := self._dotted(node.value)):
                    for target in node.targets:
                        if isinstance(target, ast.Name):
                            self._meaning.setdefault(target.id, name)

    def _dotted(self, node: ast.expr) -> str:
        """Give the full name that an expression means; empty if it isn't known."""
        if isinstance(node, ast.Name):
            return self._meaning.get(node.id, "")
        if isinstance(node, ast.Attribute) and (base := self._dotted(node.value)):
            return f"{base}.{node.attr}"
        return ""


def _own_methods(tree: ast.Module) -> set[str]:
    """Give the names of methods that the file itself defines."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {n.name for c in classes for n in c.body if isinstance(n, ast.FunctionDef)}


def _bound(tree: ast.Module) -> set[str]:
    """Give the names of functions and variables that the file itself makes."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found
