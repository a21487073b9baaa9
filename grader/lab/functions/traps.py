"""Makes names unusable in the student's process, and tells when one is used; the runner arms it.

A name off limits is a module (`struct`), or something in one (`sys.byteorder`, `socket.inet_*`), or a
method of `int`. Only the student's own code is stopped: Python's library goes on using what it needs.
What slips past this is found in the source (`grader.lab.rules`), and the other way round.
"""

from __future__ import annotations

import builtins
import ctypes
import fnmatch
import gc
import os
import sys
from collections.abc import Callable, Sequence
from types import FrameType, ModuleType
from typing import Any

_LIBRARY = (os.path.dirname(os.__file__), "<frozen ", "<runner>")
#: What starts another program, in which nothing is off limits (audit events, PEP 578).
_PROGRAMS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"}


class OffLimitsError(Exception):
    """Something is used that the exercise asks to do without."""


class Traps:
    """All traps of one process.

    Args:
        folder: the student's files.
        tell: sends a line to the grader.
    """

    def __init__(self, folder: str, tell: Callable[[str], None]) -> None:
        self._folder = folder
        self._tell = tell
        self._modules: set[str] = set()

    def set(self, names: Sequence[str]) -> None:
        """Set a trap for each name."""
        for name in names:
            module, _, pattern = name.partition(".")
            if module == "int":
                self._replace(gc.get_referents(vars(int))[0], pattern, name)
                ctypes.pythonapi.PyType_Modified(ctypes.py_object(int))
            elif pattern:
                for twin in (module, f"_{module}"):
                    self._set_in_module(twin, pattern, name)
        self._modules = {twin for name in names if "." not in name for twin in (name, f"_{name}")}
        for known in list(sys.modules):
            if known.split(".")[0] in self._modules:
                del sys.modules[known]
        sys.meta_path.insert(0, self)
        self._import: Callable[..., Any] = builtins.__import__
        builtins.__import__ = self._checked_import
        sys.addaudithook(self._audit)

    def find_spec(self, name: str, *_: object) -> None:
        """Stop an import of a module that is off limits (an entry of `sys.meta_path`)."""
        if name.split(".")[0] in self._modules and self._student():
            self._stop(name)

    def _checked_import(self, name: str, *details: Any, **more: Any) -> Any:
        if name.split(".")[0] in self._modules and self._student():
            self._stop(name)
        return self._import(name, *details, **more)

    def _set_in_module(self, name: str, pattern: str, shown: str) -> None:
        try:
            module = self._import_plainly(name)
        except ImportError:
            return
        for attribute in fnmatch.filter(list(vars(module)), pattern):
            if callable(vars(module)[attribute]):
                self._replace(vars(module), attribute, f"{shown.partition('.')[0]}.{attribute}")
            else:
                self._hide(module, attribute, shown)

    def _import_plainly(self, name: str) -> ModuleType:
        __import__(name)
        return sys.modules[name]

    def _replace(self, names: dict[str, Any], attribute: str, shown: str) -> None:
        original = names[attribute]

        def trap(*arguments: Any, **more: Any) -> Any:
            if self._student():
                self._stop(shown)
            return original(*arguments, **more)

        def class_trap(kind: Any, *arguments: Any, **more: Any) -> Any:
            if self._student():
                self._stop(shown)
            return original.__get__(None, kind)(*arguments, **more)

        is_class_method = type(original).__name__ == "classmethod_descriptor"
        names[attribute] = classmethod(class_trap) if is_class_method else trap

    def _hide(self, module: ModuleType, attribute: str, shown: str) -> None:
        value = vars(module).pop(attribute)

        def read(_module: object) -> Any:
            if self._student():
                self._stop(shown)
            return value

        kind = type("module", (type(module),), {attribute: property(read)})
        module.__class__ = kind

    def _audit(self, event: str, _arguments: object) -> None:
        if event in _PROGRAMS:
            self._stop("another program")

    def _student(self) -> bool:
        """Tell whether the code that uses a name now is the student's, or made by it."""
        frame: FrameType | None = sys._getframe(2)
        while frame and _imports(frame.f_code.co_filename):
            frame = frame.f_back
        return frame is not None and not frame.f_code.co_filename.startswith(_LIBRARY)

    def _stop(self, name: str) -> None:
        self._tell(f'["off limits","{name}","{self._where()}"]')
        raise OffLimitsError(f"{name} is off limits in this exercise")

    def _where(self) -> str:
        frame: FrameType | None = sys._getframe(2)
        while frame:
            path = frame.f_code.co_filename
            if path.startswith(self._folder):
                return f"{os.path.basename(path)}:{frame.f_lineno}"
            frame = frame.f_back
        return ""


def _imports(path: str) -> bool:
    """Tell whether code of this file only imports on behalf of its caller."""
    return path.startswith("<frozen importlib") or path.endswith("/importlib/__init__.py")


def arm(folder: str, names: Sequence[str], tell: Callable[[str], None]) -> None:
    """Set traps for the names in this process."""
    Traps(folder, tell).set(names)
