"""Names off limits: found in the source under any name, and trapped at run time."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.lab.functions.functions import Functions, call
from grader.lab.functions.wire import Returned
from grader.lab.lab import Lab
from grader.lab.rules import expect_rules
from grader.lab.scan import scan
from grader.lab.transcript import PromiseBrokenError

OFF_LIMITS = ["sys.byteorder", "struct", "socket", "int.to_bytes", "int.from_bytes", "array"]
FOUND = {
    "import struct": "struct",
    "import struct as s": "struct",
    "from struct import pack as p": "struct",
    "import _struct": "_struct",
    "def f():\n    import socket": "socket",
    "import sys\nx = sys.byteorder": "sys.byteorder",
    "import sys as s\nx = s.byteorder": "sys.byteorder",
    "import sys\ns = sys\nt = s\nx = t.byteorder": "sys.byteorder",
    "from sys import byteorder as b": "sys.byteorder",
    "x = (5).to_bytes(2, 'big')": "to_bytes",
    "x = int.from_bytes(b'a', 'big')": "int.from_bytes",
    "f = int.to_bytes": "int.to_bytes",
    "x = getattr(5, 'to_bytes')": "to_bytes",
    "import sys\nx = getattr(sys, 'byte' + 'order')": "getattr on sys",
    "import sys\nx = vars(sys)": "vars on sys",
    "import sys\nx = sys.__dict__['byteorder']": "sys.__dict__",
    "import sys\nx = sys.modules['struct']": "sys.modules",
    "x = eval('1')": "eval",
    "exec('import struct')": "exec",
    "x = __import__('struct')": "__import__",
    "import importlib": "importlib",
    "from importlib import import_module as i": "importlib",
    "import base64\nx = base64.struct": "base64.struct",
    "from base64 import struct": "base64.struct",
    "import os\nos.system('true')": "os.system",
    "import subprocess": "subprocess",
}
ALLOWED = [
    "# struct and socket\n'''import struct'''",
    "def to_bytes(x): return x\ny = to_bytes(5)",
    "class A:\n    def to_bytes(self): pass\nA().to_bytes()",
    "array = []\narray.append(1)",
    "def eval(x): return x\ny = eval(5)",
    "def f(struct, socket): return struct.pack + socket.htons",
    "import sys\nsys.exit",
    "import re\nre.compile('a')",
    "getattr(5, 'real')",
    "GIVEN = sys.byteorder",
]


@pytest.mark.parametrize("source", FOUND)
def test_what_is_off_limits_is_found_with_its_line(tmp_path: Path, source: str) -> None:
    (tmp_path / "module.py").write_text(source)
    found = scan(tmp_path, "module.py", OFF_LIMITS)
    assert any(FOUND[source] in finding.name for finding in found)
    last = len(source.splitlines())
    assert any(finding.where == f"module.py:{last}" for finding in found)


@pytest.mark.parametrize("source", ALLOWED)
def test_what_only_looks_alike_is_not(tmp_path: Path, source: str) -> None:
    (tmp_path / "module.py").write_text(f"import sys\n{source}")
    assert scan(tmp_path, "module.py", OFF_LIMITS, frozenset({"GIVEN"})) == []


def test_files_beside_it_are_searched_too(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("from helper import f\n")
    (tmp_path / "helper.py").write_text("import other\n")
    (tmp_path / "other.py").write_text("\nimport struct\n")
    (tmp_path / "unused.py").write_text("import socket\n")
    assert [f.where for f in scan(tmp_path, "module.py", OFF_LIMITS)] == ["other.py:2"]


def test_a_file_that_is_no_python_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_bytes(b"\0\xff def(")
    assert scan(tmp_path, "module.py", OFF_LIMITS) == []
    assert scan(tmp_path, "absent.py", OFF_LIMITS) == []


METHODCALLER = (
    "import operator\ndef f(): return operator.methodcaller('to_' + 'bytes', 2, 'big')(5)"
)
TRAPPED = {
    METHODCALLER: "int.to_bytes",
    "def f(): return type(5).__dict__['from_' + 'bytes'].__get__(None, int)(b'a', 'big')": "int.from",
    "import os\ndef f(): return os.sys.byteorder": "sys.byteorder",
    "def f():\n    try:\n        import struct\n    except Exception: return 1": "struct",
    "import importlib\ndef f(): return importlib.import_module('soc' + 'ket')": "socket",
    'def f(): return eval(\'__import__("str" + "uct")\')': "struct",
    "import base64\ndef f():\n    import _struct": "_struct",
    "import subprocess, sys\ndef f(): return subprocess.run([sys.executable, '-V'])": "another program",
    "import os\ndef f(): os.system('true')": "another program",
}


@pytest.mark.parametrize("source", TRAPPED)
def test_what_slips_past_the_search_is_trapped(lab: Lab, source: str) -> None:
    (lab.folder / "module.py").write_text(source)
    functions = Functions(lab, "module.py", off_limits=OFF_LIMITS)
    functions.call([call("f")])
    used = functions.used()
    assert used
    assert TRAPPED[source] in used[0][0]
    assert used[0][1].startswith("module.py:")


def test_pythons_own_library_is_not_stopped(lab: Lab) -> None:
    source = """
import base64, ipaddress, random, uuid, decimal, fractions, logging, dataclasses, sys
def f():
    import tempfile, hashlib
    address = ipaddress.ip_address("1.2.3.4").packed
    return address, str(uuid.UUID(int=5)), random.Random(1).random() < 1, base64.b85encode(b"abc")
"""
    (lab.folder / "module.py").write_text(source)
    functions = Functions(lab, "module.py", off_limits=OFF_LIMITS)
    (outcome,) = functions.call([call("f")])
    assert isinstance(outcome, Returned), outcome
    assert functions.used() == []


def test_the_message_names_the_line(lab: Lab) -> None:
    (lab.folder / "module.py").write_text("\n\nfrom sys import byteorder\ndef f(): return 1\n")
    with pytest.raises(PromiseBrokenError) as broken:
        expect_rules(lab, "module.py", OFF_LIMITS, [call("f")], {})
    assert broken.value.observed == "it uses sys.byteorder (module.py:3)"
