"""Runs in the student's process: imports the student's file, calls its functions, tells the outcomes.

Standard input is a stream socket to the grader (`grader.lab.functions.functions`), with one JSON
value in each line. The first line that comes in names the file and what is given to it; each line
after it is a list of calls: of functions, or on objects that stay here (`_target`). Each line that
goes out is one outcome.

Nothing that is known here is a secret, and nothing that is said here is believed unexamined. What is
needed after the student's file was imported is bound before that, so that a file which replaces
`len` or `json.loads` spoils its own results only.
"""

from __future__ import annotations

import builtins
import json
import os
import sys
from builtins import BaseException, bytes, dict, int, len, list, repr, str, tuple, type  # noqa: A004, UP029
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:  # none of these is needed at run time, and a start should be quick
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any

#: What one result may hold: values in it, levels of nesting, bytes or characters or bits of each.
MAX_VALUES, MAX_DEPTH, MAX_SIZE = 200_000, 20, 1 << 20
MAX_INT_BITS = 8192
MAX_TEXT = 300
RUNNER = "<runner>"
#: What each class has for itself, and can't be given.
_OF_ITS_OWN = ("__dict__", "__weakref__")

_read, _write = os.read, os.write
_loads = json.JSONDecoder().decode
_quote: Callable[[str], str] = json.encoder.encode_basestring_ascii
_hex, _join, _bit_length, _int_text = bytes.hex, str.join, int.bit_length, int.__repr__
_float_hex, _from_hex, _starts_with = float.hex, bytes.fromhex, str.startswith
_name_of = type.__dict__["__name__"].__get__
_module_of = type.__dict__["__module__"].__get__
_mro_of = type.__dict__["__mro__"].__get__
_items_of, _tuple_items, _head = dict.items, tuple.__iter__, str.__getitem__
_traceback_of = BaseException.__dict__["__traceback__"].__get__
_with_traceback = BaseException.with_traceback
_errno_of = OSError.__dict__["errno"].__get__
_BUILTIN = {kind: _name_of(kind) for kind in vars(builtins).values() if isinstance(kind, type)}
_known: Callable[[Any], str | None] = _BUILTIN.get


class TooMuchError(Exception):
    """A result is larger than any right one."""


def encode(value: Any) -> str:
    """Give the JSON text of a result; of what is no plain data, its type's name and its looks."""
    try:
        return _encode(value, [MAX_VALUES], 0)
    except TooMuchError:
        return f'["huge",{_quote(_name_of(type(value)))}]'


def _encode(value: Any, left: list[int], depth: int) -> str:
    left[0] -= 1
    if left[0] < 0 or depth > MAX_DEPTH:
        raise TooMuchError
    kind = type(value)
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if kind is int:
        if _bit_length(value) > MAX_INT_BITS:
            raise TooMuchError
        return _int_text(value)
    if kind is str or kind is bytes:
        left[0] -= len(value) * MAX_VALUES // MAX_SIZE
        if left[0] < 0:
            raise TooMuchError
        return _quote(value) if kind is str else f'["bytes","{_hex(value)}"]'
    if kind is float:
        return f'["float","{_float_hex(value)}"]'
    if kind is list or kind is tuple:
        return f'["{_name_of(kind)}"{_encode_all(value, left, depth)}]'
    if kind is dict:
        return f'["dict"{_encode_all(_items_of(value), left, depth)}]'
    if tuple in _mro_of(kind):
        name = _quote(_name_of(kind))
        return f'["named",{name}{_encode_all(_tuple_items(value), left, depth)}]'
    return f'["other",{_quote(_name_of(kind))},{_quote(_looks(value))}]'


def _encode_all(values: Any, left: list[int], depth: int) -> str:
    return _join("", ["," + _encode(value, left, depth + 1) for value in values])


def _looks(value: Any, look: Callable[[Any], str] = repr) -> str:
    try:
        return _head(look(value), slice(0, MAX_TEXT))
    except BaseException:
        return ""


def decode(content: Any, names: dict[str, Any]) -> Any:
    """Give the argument that `grader.lab.functions.wire.encode` has made plain.

    Args:
        content: what came in.
        names: the student's module, which has the classes that arguments are made by.
    """
    if type(content) is not list:
        return content
    tag, *rest = content
    if tag == "bytes":
        return _from_hex(rest[0])
    if tag == "float":
        return float.fromhex(rest[0])
    if tag == "name":
        __import__(rest[0])
        return getattr(sys.modules[rest[0]], rest[1])
    if tag == "twin":
        of = decode(["name", *rest], names)
        members = {name: value for name, value in vars(of).items() if name not in _OF_ITS_OWN}
        return type(of)(of.__name__, of.__bases__, members)
    if tag == "made":
        module, _, kind = rest[0].rpartition(".")
        if module:
            __import__(module)
            names = vars(sys.modules[module])
        return names[kind](*[decode(item, names) for item in rest[1:]])
    values = [decode(item, names) for item in rest]
    return values if tag == "list" else dict(values) if tag == "dict" else tuple(values)


class Runner:
    """The student's side of the socket."""

    def __init__(self, channel: int, folder: str) -> None:
        self.channel = channel
        self.folder = folder
        self._received = b""
        self.module = ModuleType("empty")
        self._objects: dict[int, Any] = {}

    def run(self) -> None:
        """Serve the grader until it has no more to ask."""
        order = self._receive()
        if order["traps"]:
            _part(order["traps"])["arm"](self.folder, order["off_limits"], self.tell)
        forks = _part(order["forks"]) if order["forks"] else None
        try:
            self.module = load(self.folder, order["file"], order["given"])
        except BaseException as error:
            self.tell(self.raised(error))
            return
        self.tell('["imported"]')
        if forks:
            forks["serve"](self, decode, encode)
            return
        while (calls := self._receive()) is not None:
            for name, arguments, *on in calls:
                self.tell(self.answer(name, arguments, *on))

    def tell(self, line: str) -> None:
        """Send a line to the grader."""
        data = line.encode("ascii") + b"\n"
        while data:
            data = data[_write(self.channel, data) :]

    def answer(self, name: str, arguments: Any, action: str = "", number: int = 0) -> str:
        """Make one call, and give the line that tells its outcome."""
        names = vars(self.module)
        try:
            target = self._target(name, action, number)
            if target is self:
                return '["missing"]'
            if action == "read":
                return f'["returned",{encode(target)}]'
            values = [decode(argument, names) for argument in arguments]
            if action == "make":
                self._objects[number] = target(*values)
                return '["returned",null]'
            return f'["returned",{encode(target(*values))}]'
        except BaseException as error:
            return self.raised(error)

    def _target(self, name: str, action: str, number: int) -> Any:
        """Give what a call is about; this runner itself if there is no such thing.

        Args:
            name: a function, or for the action "make" a class, of the student's file; for "method"
                and "read" a method or an attribute of an object.
            action: empty for a plain function.
            number: what the object is known by.
        """
        if action in ("method", "read"):
            if number not in self._objects:
                return self
            target = self._objects[number]
            return getattr(target, name, self) if action == "method" else getattr(target, name)
        return vars(self.module).get(name, self)

    def raised(self, error: BaseException) -> str:
        """Give the line that tells of an exception."""
        kinds = [name for kind in _mro_of(type(error)) if (name := _known(kind))]
        number = _errno_of(error) if "OSError" in kinds else None
        where = self._where(_traceback_of(error))
        _with_traceback(error, None)  # one object raised again and again would gather them all
        if "SyntaxError" in kinds and not where:
            where = f"{os.path.basename(str(error.filename))}:{error.lineno}"  # type: ignore[attr-defined]
        own_name = _name_of(type(error))
        module = _module_of(type(error))
        if type(module) is str and module not in ("builtins", self.module.__name__):
            own_name = f"{module}.{own_name}"
        return _join(
            "",
            [
                '["raised",',
                _quote(own_name),
                _encode_list(kinds),
                f",{_int_text(number) if type(number) is int else 'null'},",
                _quote(_looks(error, str)),
                ",",
                _quote(_head(where, slice(0, MAX_TEXT))),
                "]",
            ],
        )

    def _where(self, trace: TracebackType | None) -> str:
        """Give the student's file and line that an exception went through last."""
        found = ""
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if _starts_with(name, self.folder):
                found = f"{name[len(self.folder) + 1 :]}:{trace.tb_lineno}"
            trace = trace.tb_next
        return found

    def _receive(self) -> Any:
        while b"\n" not in self._received:
            data = _read(self.channel, 1 << 20)
            if not data:
                return None
            self._received += data
        line, self._received = self._received.split(b"\n", 1)
        return _loads(line.decode("ascii"))


def _encode_list(texts: list[str]) -> str:
    return ",[" + _join(",", [_quote(text) for text in texts]) + "]"


def _part(source: str) -> dict[str, Any]:
    """Run another file of the runner's, and give what it defines."""
    names: dict[str, Any] = {"__name__": "part"}
    exec(compile(source, RUNNER, "exec"), names)
    return names


def load(folder: str, file: str, given: dict[str, Any]) -> ModuleType:
    """Import a file, with the constants in `given` in the place of its own at the top level."""
    path = f"{folder}/{file}"
    with open(path, "rb") as source:
        content: Any = source.read()
    if given:
        import ast

        content = ast.parse(content, path)
        for node in content.body:
            targets = (
                node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            )
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            if isinstance(node, ast.Assign | ast.AnnAssign) and names and names[0] in given:
                node.value = ast.copy_location(ast.Constant(given[names[0]]), node)
                ast.fix_missing_locations(node)
    module = ModuleType(file.removesuffix(".py"))
    module.__file__ = path
    vars(module).update(given)
    sys.modules[module.__name__] = module
    sys.path.insert(0, folder)
    exec(compile(content, path, "exec"), vars(module))
    return module


def main() -> None:
    """Take the socket off standard input, which is empty for the student's code."""
    channel = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    Runner(channel, os.getcwd()).run()


if __name__ == "__main__":
    main()
