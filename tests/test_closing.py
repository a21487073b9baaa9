"""Connections that close: in conversations, with the kernel, and with what takes its place."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from grader import exercises
from grader.checks.teardown_with_kernel import Closing, endpoint_first, stack_first, with_stack
from grader.lab.conversation.closing import Connection, corners
from grader.lab.conversation.segment import ACK, FIN, MODULUS, SYN, Segment, plus
from grader.lab.functions.functions import Functions
from grader.lab.lab import Lab
from grader.lab.reactor import Reactor
from grader.lab.transcript import PromiseBrokenError
from grader.lab.tun import namespace
from grader.lab.tun.kernel import Kernel
from grader.lab.tun.namespace import NoNamespaceError
from tests import cases
from tests.test_tun import needs_kernel, pump, reactor, states
from tests.warm import grader

__all__ = ["reactor"]
CLOSES = 100
SOLUTION = exercises.SOLUTIONS / "13_teardown"


RIGHT = [c for c in cases.right() if c.exercise == SOLUTION.name]
WRONG = [c for c in cases.wrong() if (c.exercise, c.promise) == (SOLUTION.name, "real_kernel")]


def functions_of(lab: Lab, folder: Path) -> Functions:
    shutil.copy(SOLUTION / "segment.py", lab.folder)
    shutil.copy(folder / "teardown.py", lab.folder)
    return Functions(lab, "teardown.py")


@pytest.fixture
def functions(lab: Lab) -> Functions:
    return functions_of(lab, SOLUTION)


@pytest.fixture
def talk(lab: Lab, functions: Functions) -> Connection:
    return Connection(lab, functions, "a test", (MODULUS - 1, 300))


@pytest.fixture
def solution(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The solution, in this process."""
    monkeypatch.syspath_prepend(str(SOLUTION))
    spec = importlib.util.spec_from_file_location("teardown", SOLUTION / "teardown.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("segment", None)


class Direct:
    """An endpoint of the solution's as a `Stack`, without a process between."""

    name = "solution"

    def __init__(self, module: ModuleType, *arguments: int) -> None:
        self.endpoint = module.Endpoint(*arguments)
        self._out: list[Segment] = []

    def deliver(self, segment: Segment) -> None:
        self._take(self.endpoint.receive(segment))

    def sent(self) -> list[Segment]:
        sent, self._out = self._out, []
        return sent

    def state(self) -> str:
        return str(self.endpoint.state)

    def send(self, data: bytes) -> None:
        self._take(self.endpoint.send(data))

    def received(self) -> bytes:
        return bytes(self.endpoint.received)

    def shut(self) -> None:
        self._take(self.endpoint.close())

    def listen(self, port: int) -> None:
        raise NotImplementedError

    def connect(self, port: int, remote_port: int) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing belongs to it."""

    def _take(self, segments: list[Segment]) -> None:
        self._out += [Segment(*segment) for segment in segments]


def test_numbers_to_begin_with_have_the_corner_cases() -> None:
    found = [*corners(Random(1))]
    last = MODULUS - 1
    assert {(0, last), (last, 0)} <= {*found}
    assert any(MODULUS - 30 <= snd < last and MODULUS - 30 <= rcv < last for snd, rcv in found)
    assert all(0 <= number < MODULUS for pair in found for number in pair)


def test_both_directions_are_counted(talk: Connection) -> None:
    talk.send(b"abc")
    talk.acknowledge()
    talk.arrive(b"defg")
    talk.expect_ack()
    talk.close()
    assert (talk.snd_una, talk.snd_nxt, talk.rcv_nxt) == (2, 3, 304)
    talk.arrive(fin=True)
    talk.expect_ack()
    talk.expect_all_received(eof=True)
    talk.end()


def test_what_gets_lost_is_expected_again(talk: Connection) -> None:
    talk.send(b"abc")
    talk.lost()
    talk.close()
    talk.lost()
    assert talk.wait_for(1.1)
    assert talk.now == pytest.approx(1.0, abs=0.11)
    assert talk.expect_again() == 2
    talk.acknowledge(2)
    assert talk.wait_for(2.5)
    assert talk.expect_again() == 3
    assert sum("X" in line for line in talk.diagram()) == 2


def test_a_missing_ack_is_waited_for_and_then_missed(talk: Connection) -> None:
    with pytest.raises(PromiseBrokenError, match="nothing was sent"):
        talk.expect_ack()
    assert talk.now == pytest.approx(0.5)


def test_an_ack_with_another_number_is_told(talk: Connection) -> None:
    talk.arrive(b"abc")
    with pytest.raises(PromiseBrokenError, match="ack is 303, not 302"):
        talk.expect_ack(302)


def test_a_refused_call_has_to_raise(talk: Connection) -> None:
    talk.expect_refused("tick", 1.0, silence=True, why="")
    with pytest.raises(PromiseBrokenError, match="tick raises an OSError"):
        talk.expect_refused("tick", 2.0, silence=False, why="")
    talk.close()
    talk.expect_refused("send", b"a", silence=False, why="")


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise NoNamespaceError("not today")

    monkeypatch.setattr(namespace, "make", refuse)


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize("act", [endpoint_first, stack_first])
@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.name)
def test_the_reference_takes_the_kernels_place(
    lab: Lab, case: cases.Right, act: Callable[[Closing], None]
) -> None:
    with_stack(lab, functions_of(lab, case.folder), "a test", act)
    told = "\n".join(lab.transcript.lines)
    assert "no kernel to speak with here (not today)" in told
    assert "the reference's table said ESTABLISHED" in told


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_the_reference_catches_what_the_kernel_catches(lab: Lab, case: cases.Wrong) -> None:
    with pytest.raises(PromiseBrokenError):
        with_stack(lab, functions_of(lab, case.folder), "a test", endpoint_first)


@needs_kernel
def test_a_kernel_that_sends_its_fin_again_does_not_end_time_wait(
    lab: Lab, functions: Functions
) -> None:
    def act(c: Closing) -> None:
        c.user_closes("FIN-WAIT-1")
        c.expect_states("FIN-WAIT-2", "CLOSE-WAIT")
        c.peer_closes("LAST-ACK")
        kernel = c.stack
        under_way: list[Segment] = []
        assert lab.wait(lambda: under_way.extend(kernel.sent()) or len(under_way) > 1)  # type: ignore[func-returns-value]
        assert under_way[0].flags & under_way[1].flags & FIN
        held = iter([under_way])
        sent = kernel.sent
        kernel.sent = lambda: next(held, None) or sent()  # type: ignore[method-assign]
        c.expect_states("TIME-WAIT", "CLOSED")

    with_stack(lab, functions, "a test", act)


@needs_kernel
@pytest.mark.parametrize("first", ["kernel", "solution", "both"])
def test_a_hundred_closes(reactor: Reactor, solution: ModuleType, first: str) -> None:
    random = Random(first)
    for _ in range(CLOSES):
        linux = Kernel(reactor)
        port, remote_port = random.sample(range(1024, 65_536), 2)
        snd_nxt = random.choice((0, MODULUS - 1, random.randrange(MODULUS)))
        linux.listen(remote_port)
        linux.deliver(Segment(port, remote_port, plus(snd_nxt, -1), 0, SYN))
        answers = linux.sent()
        assert [answer.flags for answer in answers] == [SYN | ACK]
        rcv_nxt = plus(answers[0].seq, 1)
        linux.deliver(Segment(port, remote_port, snd_nxt, rcv_nxt, ACK))
        mine = Direct(solution, port, remote_port, snd_nxt, rcv_nxt)
        pair = mine, linux
        _close(reactor, pair, first)
        assert mine.endpoint.eof
        assert mine.endpoint.error is None
        linux.close()


def _close(reactor: Reactor, pair: tuple[Direct, Kernel], first: str) -> None:
    mine, linux = pair
    if first == "both":
        mine.shut()
        linux.shut()
        assert linux.state() == mine.state() == "FIN-WAIT-1"
        pump(reactor, pair, states(pair, "TIME-WAIT", "TIME-WAIT"))
        return
    one, other = ordered = pair if first == "solution" else pair[::-1]
    one.shut()
    assert one.state() == "FIN-WAIT-1"
    pump(reactor, pair, states(ordered, "FIN-WAIT-2", "CLOSE-WAIT"))
    other.send(b"more")
    pump(reactor, pair, lambda: one.received() == b"more")
    other.shut()
    assert other.state() == "LAST-ACK"
    pump(reactor, pair, states(ordered, "TIME-WAIT", "CLOSED"))


def test_scenes_are_played() -> None:
    done = grader("show", "--dir", str(SOLUTION.parent), "13")
    assert done.returncode == 0, done.stdout + done.stderr
    for state in ("FIN-WAIT-1", "FIN-WAIT-2", "CLOSING", "TIME-WAIT", "CLOSE-WAIT", "LAST-ACK"):
        assert state in done.stdout
