"""Calls that may end their process: what is seen of it from outside is what happened."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator

import pytest

from grader.lab.functions.ends import End
from grader.lab.functions.functions import Functions
from grader.lab.functions.series import Series
from grader.lab.functions.wire import Died, Foreign, Made, Raised, Returned
from grader.lab.lab import Lab
from grader.lab.transcript import NotBegunError, PromiseBrokenError

MODULE = """
import atexit, os, signal, socket, sys, threading, time
def returns(x): return x
def exits(x): sys.exit(x)
def leaves(): os.write(2, b"bind error: gone\\n"); os._exit(1)
def prints_and_exits(): print("bind error: gone", file=sys.stderr); sys.exit(1)
def at_exit(): atexit.register(print, "bind error: gone", file=sys.stderr); sys.exit(1)
def in_thread():
    threading.Thread(target=lambda: (time.sleep(0.05), os._exit(7))).start()
    sys.exit(1)
def killed(): signal.raise_signal(signal.SIGPIPE) or os.kill(os.getpid(), signal.SIGKILL)
def fails(): raise OSError(5, "Input/output error")
def unwritten(): raise NotImplementedError
def sleeps(): time.sleep(100)
def reads(sock): return sock.recv(10)
def reads_fully(sock): return sock.recv(10, socket.MSG_WAITALL)
def gives(): return socket.socket(), 5
def closes_all(): os.closerange(3, 100)
def garbles():
    for number in range(3, 20):
        try: os.write(number, b"[" * 1000)
        except OSError: pass
    return 1
def floods():
    while True:
        for number in range(3, 20):
            try: os.write(number, b'["signal",0]')
            except OSError: pass
def claims():
    for number in range(3, 20):
        try: os.write(number, b'["returned",7]')
        except OSError: pass
    os._exit(3)
def strerror(error): return error.strerror
"""


@pytest.fixture
def functions(lab: Lab) -> Iterator[Functions]:
    (lab.folder / "module.py").write_text(MODULE)
    functions = Functions(lab, "module.py", forked=True)
    yield functions
    functions.stop()


def done(lab: Lab, functions: Functions, name: str, *arguments: object) -> object:
    """Make one call, and give its outcome; the next series must work all the same."""
    with Series(lab, functions) as series:
        series.begin(name, *arguments)
        outcome = series.value(seconds=0.5)
    with Series(lab, functions) as series:
        series.begin("returns", 5)
        assert series.value() == Returned(5)
    return outcome


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("leaves", ()), ("prints_and_exits", ()), ("exits", ("bind error: gone",)), ("at_exit", ())],
)  # fmt: skip
def test_every_way_to_say_it_and_end_is_one(
    lab: Lab, functions: Functions, name: str, arguments: tuple[object, ...]
) -> None:
    with Series(lab, functions) as series:
        series.begin(name, *arguments)
        series.expect_exit("bind error: gone", "")


@pytest.mark.parametrize(
    ("name", "arguments", "seen"),
    [
        ("exits", (0,), "status 0"), ("exits", (None,), "status 0"), ("exits", (-1,), "status 255"),
        ("exits", (True,), "status 1, and standard error is empty"), ("exits", ("other",), "other"),
        ("killed", (), "SIGKILL"), ("returns", (3,), "goes on"), ("fails", (), "raised OSError"),
        ("claims", (), "gave 7"), ("in_thread", (), "status 7"),
    ],
)  # fmt: skip
def test_other_ends_are_told_apart(
    lab: Lab, functions: Functions, name: str, arguments: tuple[object, ...], seen: str
) -> None:
    with Series(lab, functions) as series:
        series.begin(name, *arguments)
        with pytest.raises(PromiseBrokenError) as broken:
            series.expect_exit("bind error: gone", "")
    assert seen in broken.value.observed


def test_what_is_not_written_is_not_begun(lab: Lab, functions: Functions) -> None:
    with Series(lab, functions) as series:
        series.begin("unwritten")
        with pytest.raises(NotBegunError):
            series.value()
    with Series(lab, functions) as series:
        series.begin("missing")
        with pytest.raises(PromiseBrokenError, match="there is none"):
            series.value()


@pytest.mark.parametrize("name", ["sleeps", "closes_all", "garbles", "floods", "leaves"])
def test_a_spoilt_process_spoils_no_other(lab: Lab, functions: Functions, name: str) -> None:
    assert isinstance(done(lab, functions, name), Died | Returned)


def test_errors_can_be_made_over_there(lab: Lab, functions: Functions) -> None:
    assert done(lab, functions, "strerror", Made("OSError", (5, "why"))) == Returned("why")


def test_sockets_come_back_as_the_kernel_has_them(lab: Lab, functions: Functions) -> None:
    with Series(lab, functions) as series:
        series.begin("gives")
        outcome = series.value()
        assert isinstance(outcome, Returned)
        assert isinstance(outcome.value, tuple)
        assert isinstance(outcome.value[0], Foreign)
        assert [sock.type for sock in series.sockets] == [socket.SOCK_STREAM]


def test_a_call_that_waits_fails_as_it_is_told(lab: Lab, functions: Functions) -> None:
    end = End.over_tcp(lab.bench.reactor)
    with Series(lab, functions) as series:
        conn = series.give("conn", end.other)
        series.begin("reads", conn)
        assert series.disturb()
        assert not series.answered()
        assert series.fail_with(errno.EHOSTUNREACH)
        outcome = series.value()
    end.close()
    assert isinstance(outcome, Raised)
    assert outcome.errno == errno.EHOSTUNREACH


def test_a_call_that_has_moved_bytes_gives_them_instead(lab: Lab, functions: Functions) -> None:
    for _ in range(5):
        end = End.over_tcp(lab.bench.reactor)
        with Series(lab, functions) as series:
            series.begin("reads_fully", series.give("conn", end.other))
            end.send(b"abc")
            series.settle(lambda: end.delivered() and not end.unread())  # noqa: B023
            assert series.fail_with(errno.EINTR)
            assert series.value() == Returned(b"abc")
        end.close()


def test_a_number_is_the_lowest_that_is_free(lab: Lab, functions: Functions) -> None:
    with Series(lab, functions) as series:
        first = series.give("first", socket.socket())
        series.close_under(first)
        second = series.give("second", socket.socket())
        series.begin("returns", first)
        one = series.value()
        series.begin("returns", second)
        two = series.value()
    assert isinstance(one, Returned)
    assert isinstance(two, Returned)
    assert str(one.value).partition("fd=")[2][:2] == str(two.value).partition("fd=")[2][:2]
