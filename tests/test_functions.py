"""Calls into a student's functions: whatever they do, there is an answer, and it is not believed."""

from __future__ import annotations

import time

import pytest

from grader.lab.functions import wire
from grader.lab.functions.functions import Functions, call
from grader.lab.functions.show import marked, text
from grader.lab.functions.wire import Died, Foreign, Made, Name, Named, Raised, Returned, Twin, same
from grader.lab.lab import Lab
from grader.lab.transcript import NotBegunError, PromiseBrokenError

MODULE = """
import builtins, collections, json, os, socket, sys, threading
Pair = collections.namedtuple("Pair", "a b")
class Liar(int):
    def __eq__(self, other): return True
    def __repr__(self): return "x" * 10**6
    __hash__ = int.__hash__
def same(x): return x
def liar(x): return Liar(x)
def pair(x): return Pair(x, x)
def exits(x): sys.exit(3)
def interrupts(x): raise KeyboardInterrupt
def leaves(x): os._exit(4)
def crashes(x): os.kill(os.getpid(), 11)
def loops(x):
    while True: pass
def large(x): return b"x" * 10**8
def wide(x): return 1 << 10**6
def recurses(x): return recurses(x)
def inside_itself(x):
    found = []
    found.append(found)
    return found
def fails(x): raise OSError(97, "family")
def reads(x): return input()
def prints(x): print("x" * 1000); return x
def memory(x): return len(bytearray(4 << 30))
def unwritten(x): raise NotImplementedError
def replaces(x):
    for name in ("len", "type", "repr", "str", "isinstance"): setattr(builtins, name, None)
    json.loads = json.dumps = json.JSONDecoder = None
    return x
def writes(x):
    for number in range(3, 20):
        try: os.write(number, b'["returned",7]\\n')
        except OSError: pass
    return x
def garbles(x):
    for number in range(3, 20):
        try: os.write(number, b"[" * 100000 + b"\\n")
        except OSError: pass
    os._exit(0)
def floods(x):
    while True:
        for number in range(3, 20):
            try: os.write(number, b"y" * 65536)
            except OSError: pass
def closes(x): os.closerange(0, 20)
def forks(x): os.fork(); return x
def about(x):
    of = collections.UserDict
    return x.__name__, x is of, vars(x).keys() == vars(of).keys() and x.__bases__ == of.__bases__
"""


@pytest.fixture
def functions(lab: Lab) -> Functions:
    (lab.folder / "module.py").write_text(MODULE)
    return Functions(lab, "module.py")


VALUES = [
    *(
        None,
        True,
        False,
        0,
        -1,
        1 << 200,
        1.5,
        float("inf"),
        "",
        "a\u00e9\n\U0001f600",
        b"",
        b"\x00\xff",
    ),
    *([], (), (1,), [1, [2, (3, b"4")]], {}, {"a": {1: b"2"}}),
]


def test_values_go_there_and_come_back(functions: Functions) -> None:
    outcomes = functions.call([call("same", value) for value in VALUES])
    for value, outcome in zip(VALUES, outcomes, strict=True):
        assert isinstance(outcome, Returned)
        assert same(outcome.value, value)


def test_a_bool_is_no_int() -> None:
    assert not same(True, 1)
    assert not same([1], [True])
    assert not same((1,), [1])
    assert not same({1: 1.0}, {1: 1})


def test_what_only_claims_to_be_equal_is_seen_through(functions: Functions) -> None:
    liar, pair = functions.call([call("liar", 5), call("pair", 5)])
    assert isinstance(liar, Returned)
    assert isinstance(liar.value, Foreign)
    assert liar.value.kind == "Liar"
    assert len(liar.value.looks) <= 300
    assert pair == Returned(Named("Pair", (5, 5)))


def test_arguments_are_made_by_the_students_classes(functions: Functions) -> None:
    made = Made("Pair", (1, (b"x", None)))
    same_pair, no_class, no_fit = functions.call(
        [call("same", made), call("same", Made("Nothing", ())), call("same", Made("Pair", (1,)))]
    )
    assert same_pair == Returned(Named("Pair", (1, (b"x", None))))
    assert isinstance(no_class, Raised)
    assert no_class.kind == "KeyError"
    assert isinstance(no_fit, Raised)
    assert no_fit.kind == "TypeError"
    assert text(made) == "Pair(1, (bytes 78, None))"


def test_a_class_of_the_standard_library_and_another_like_it(functions: Functions) -> None:
    of = Name("collections", "UserDict")
    itself, twin = functions.call([call("about", of), call("about", Twin(of))])
    assert itself == Returned(("UserDict", True, True))
    assert twin == Returned(("UserDict", False, True))
    assert text(Twin(of)) == "a class like collections.UserDict"


SAID = {
    "exits": "SystemExit",
    "interrupts": "KeyboardInterrupt",
    "leaves": "ended with status 4",
    "crashes": "SIGSEGV",
    "large": "far too large",
    "wide": "far too large",
    "recurses": "RecursionError",
    "inside_itself": "far too large",
    "fails": "[Errno 97] family (module.py:24)",
    "reads": "EOFError",
    "prints": "gave 5",
    "memory": "MemoryError",
    "replaces": "gave 5",
    "floods": "far more",
    "closes": "ended the process",
}


@pytest.mark.parametrize("function", SAID)
def test_whatever_a_call_does_there_is_a_sentence(functions: Functions, function: str) -> None:
    outcome, after = functions.call([call(function, 5), call("same", 6)])
    assert SAID[function] in text(outcome)
    assert after == Returned(6)


@pytest.mark.parametrize("function", ["writes", "garbles", "forks"])
def test_forged_answers_are_noticed_or_do_no_harm(functions: Functions, function: str) -> None:
    outcomes = functions.call([call(function, 5)])
    assert len(outcomes) == 1
    assert outcomes[0] in (Returned(5), Returned(7)) or isinstance(outcomes[0], Died)


def test_an_endless_loop_is_ended(functions: Functions) -> None:
    begun = time.monotonic()
    before, outcome, after = functions.call([call("same", 1), call("loops", 2), call("same", 3)])
    assert before == Returned(1)
    assert "had not returned after" in text(outcome)
    assert "not called" in text(after)
    assert time.monotonic() - begun < 30


def test_functions_that_are_not_written_yet(functions: Functions) -> None:
    with pytest.raises(NotBegunError, match="not written yet"):
        functions.call([call("unwritten", 1)])


def test_a_missing_function_is_named(functions: Functions) -> None:
    with pytest.raises(PromiseBrokenError, match="function absent"):
        functions.call([call("absent", 1)])


IMPORTS = {
    "def f(:": "SyntaxError",
    "import absent": "ModuleNotFoundError: No module named 'absent' (module.py:1)",
    "import sys\n\nsys.exit(5)": "SystemExit: 5 (module.py:3)",
    "import os; os._exit(5)": "ended with status 5",
    "1 / 0": "ZeroDivisionError: division by zero (module.py:1)",
    "while True: pass": "had not returned",
    "x = '\0'": "null bytes",
}


@pytest.mark.parametrize("source", IMPORTS)
def test_a_file_that_cannot_be_imported(lab: Lab, source: str) -> None:
    (lab.folder / "module.py").write_text(source)
    with pytest.raises(PromiseBrokenError) as broken:
        Functions(lab, "module.py").call([call("f", 1)])
    assert IMPORTS[source] in broken.value.observed


def test_files_of_the_students_hide_nothing_from_the_runner(lab: Lab) -> None:
    for name in ("json", "ast", "ctypes", "types"):
        (lab.folder / f"{name}.py").write_text("raise SystemExit(9)")
    (lab.folder / "module.py").write_text("import helper\nf = helper.f")
    (lab.folder / "helper.py").write_text("def f(x): return x + 1")
    assert Functions(lab, "module.py", {"G": "x"}).call([call("f", 1)]) == [Returned(2)]


@pytest.mark.parametrize(
    "line", ["G = 'mine'", "G: str = f()", "import sys as G; G = G.byteorder", "def f(): return G"]
)
def test_given_constants_take_the_place_of_the_files_own(lab: Lab, line: str) -> None:
    (lab.folder / "module.py").write_text(f"{line}\nat_import = G\ndef g(): return at_import, G\n")
    given = Functions(lab, "module.py", {"G": "given"})
    assert given.call([call("g")]) == [Returned(("given", "given"))]


def test_one_exception_raised_again_and_again_costs_no_more(lab: Lab) -> None:
    source = "ERROR = OSError()\ndef f(x):\n    raise ERROR\n"
    (lab.folder / "module.py").write_text(source)
    begun = time.process_time()
    outcomes = Functions(lab, "module.py").call([call("f", number) for number in range(5000)])
    assert all(isinstance(o, Raised) and o.where == "module.py:3" for o in outcomes)
    assert time.process_time() - begun < 1


def test_thousands_of_calls_take_a_moment(functions: Functions) -> None:
    functions.call([call("same", 0)])
    begun = time.process_time()
    outcomes = functions.call([call("same", number) for number in range(5000)])
    assert outcomes[-1] == Returned(4999)
    assert time.process_time() - begun < 1


LINES = [
    *(b"", b"{}", b"[]", b"null", b"[1]", b'["returned"]', b'["returned",[]]', b"[" * 10000),
    *(b'["returned",["bytes","zz"]]', b'["returned",["dict",["list",1]]]', b'["returned",NaN]'),
    *(b'["returned",["dict",["tuple",["list"],1]]]', b'["raised",1,2,3,4,5]', b"\xff"),
    *(b'["raised","a",[1],null,"",""]', b'["raised","a",[],true,"",""]', b"1" * 10000),
    b'["returned",' + b'["list",' * 200 + b"1" + b"]" * 201,
]


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_lines_that_the_runner_never_writes_are_refused(line: bytes) -> None:
    with pytest.raises(wire.GarbledError):
        wire.outcome(line)


def test_differences_are_marked() -> None:
    assert marked(b"\x01\x02\x03", b"\x01\x03\x03") == "01 [02] 03"
    assert marked(b"\x01", b"\x01\x03\x03") == "01 (2 bytes too few)"
    assert marked(b"\x01\x02", b"\x01") == "01 [02]"


def test_messages_say_what_happened() -> None:
    raised = Raised("gaierror", ("OSError",), -2, "[Errno -2] no name", "inet.py:3")
    assert text(raised) == "raised gaierror: [Errno -2] no name (inet.py:3)"
    assert str(call("f", 1, 300, b"\x01", "x")) == "f(1, 0x12c, bytes 01, 'x')"
    assert text(Returned(None)) == "gave None"
