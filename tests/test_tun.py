"""The kernel as a peer through a TUN device, and the reference that takes its place."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from itertools import count
from random import Random

import pytest

from grader.lab.conversation.reference import Reference
from grader.lab.conversation.segment import ACK, PSH, RST, SYN, Segment
from grader.lab.conversation.stack import Stack
from grader.lab.lab import Lab
from grader.lab.patience import Deadline
from grader.lab.reactor import Reactor
from grader.lab.tun import kernel, namespace, packet
from grader.lab.tun.kernel import Kernel
from grader.lab.tun.namespace import NoNamespaceError

Pair = tuple[Stack, Stack]
HANDSHAKES = 100


def can_have_a_kernel() -> bool:
    try:
        namespace.make()
    except NoNamespaceError:
        return False
    return True


needs_kernel = pytest.mark.skipif(
    not can_have_a_kernel(), reason="this user may not make a network namespace with a TUN device"
)


@pytest.fixture
def reactor() -> Iterator[Reactor]:
    reactor = Reactor()
    yield reactor
    reactor.close()


@pytest.fixture
def linux(reactor: Reactor) -> Iterator[Kernel]:
    linux = Kernel(reactor)
    yield linux
    linux.close()


def pump(reactor: Reactor, pair: Pair, until: Callable[[], bool]) -> list[Segment]:
    """Carry segments between two stacks until a condition holds; give all of them."""
    carried = []

    def carry() -> bool:
        quiet = False
        while not quiet:
            quiet = True
            for one, other in (pair, pair[::-1]):
                for segment in one.sent():
                    quiet = False
                    carried.append(segment)
                    other.deliver(segment)
        return until()

    assert reactor.wait(carry, Deadline(3)), [*map(str, carried)]
    return carried


def states(pair: Pair, *wanted: str) -> Callable[[], bool]:
    return lambda: (pair[0].state(), pair[1].state()) == wanted


@needs_kernel
@pytest.mark.parametrize("kernel_connects", [True, False])
def test_the_reference_and_the_kernel_open_and_close(
    reactor: Reactor, linux: Kernel, kernel_connects: bool
) -> None:
    reference = Reference(0xFFFFFFFF)
    pair = (linux, reference) if kernel_connects else (reference, linux)
    first, second = pair
    second.listen(80)
    first.connect(40_000, 80)
    carried = pump(reactor, pair, states(pair, "ESTABLISHED", "ESTABLISHED"))
    assert [segment.flags for segment in carried] == [SYN, SYN | ACK, ACK]
    data = Random(1).randbytes(20_000)
    first.send(data)
    pump(reactor, pair, lambda: second.received() == data)
    second.send(b"answer")
    pump(reactor, pair, lambda: first.received() == b"answer")
    first.shut()
    pump(reactor, pair, states(pair, "FIN-WAIT-2", "CLOSE-WAIT"))
    second.send(b"more")
    pump(reactor, pair, lambda: first.received() == b"answermore")
    second.shut()
    pump(reactor, pair, states(pair, "TIME-WAIT", "CLOSED"))


@needs_kernel
def test_both_open_at_the_same_time(reactor: Reactor, linux: Kernel) -> None:
    pair = reference, linux = Reference(7), linux
    reference.connect(80, 40_000)
    linux.connect(40_000, 80)
    carried = pump(reactor, pair, states(pair, "ESTABLISHED", "ESTABLISHED"))
    assert [segment.flags for segment in carried][:4] == [SYN, SYN, SYN | ACK, SYN | ACK]


@needs_kernel
def test_both_close_at_the_same_time(reactor: Reactor, linux: Kernel) -> None:
    pair = reference, linux = Reference(7), linux
    linux.listen(80)
    reference.connect(40_000, 80)
    pump(reactor, pair, states(pair, "ESTABLISHED", "ESTABLISHED"))
    linux.shut()
    reference.shut()
    pump(reactor, pair, states(pair, "TIME-WAIT", "TIME-WAIT"))


@needs_kernel
def test_both_answer_alike_what_belongs_to_no_connection(reactor: Reactor, linux: Kernel) -> None:
    asked = [
        Segment(5000, 80, 4_000_000_000, 0, SYN),
        Segment(5000, 80, 0xFFFFFFFF, 0, SYN, payload=b"abc"),
        Segment(5000, 80, 100, 300, ACK),
        Segment(5000, 80, 100, 0xFFFFFFFF, SYN | ACK),
        Segment(5000, 80, 100, 300, RST),
        Segment(5000, 80, 100, 300, RST | ACK),
    ]
    answers = []
    for stack in (linux, Reference(1)):
        for segment in asked:
            stack.deliver(segment)
        found: list[Segment] = []
        reactor.wait(lambda s=stack, f=found: f.extend(s.sent()) or len(f) >= 4, Deadline(2))  # type: ignore[misc]
        answers.append([segment._replace(window=0) for segment in found])
    assert answers[0] == answers[1]
    assert len(answers[0]) == 4


@needs_kernel
@pytest.mark.parametrize("kernel_connects", [True, False])
def test_a_hundred_handshakes(
    reactor: Reactor, kernel_connects: bool, record_property: Callable[[str, object], None]
) -> None:
    random, begun = Random(5), time.monotonic()
    for _ in range(HANDSHAKES):
        linux, reference = Kernel(reactor), Reference(random.getrandbits(32))
        pair: Pair = (linux, reference) if kernel_connects else (reference, linux)
        port, remote_port = random.sample(range(1024, 65_536), 2)
        pair[1].listen(remote_port)
        pair[0].connect(port, remote_port)
        pump(reactor, pair, states(pair, "ESTABLISHED", "ESTABLISHED"))
        linux.close()
    seconds = time.monotonic() - begun
    record_property("handshakes_seconds", seconds)
    assert seconds < 60


@needs_kernel
def test_nothing_is_left(reactor: Reactor) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        Kernel(reactor).close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_reference_takes_the_kernels_place(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise NoNamespaceError("not today")

    monkeypatch.setattr(namespace, "make", refuse)
    assert isinstance(kernel.peer(lab), Reference)
    assert lab.transcript.lines == [
        "no kernel to speak with here (not today): the grader's own TCP takes its place"
    ]


def test_where_a_device_can_not_be_opened_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise PermissionError(13, "Permission denied", "/dev/net/tun")

    monkeypatch.setattr(namespace, "_open_tun", refuse)
    with pytest.raises(NoNamespaceError):
        namespace.make()


def test_references_agree_with_each_other(reactor: Reactor) -> None:
    ports = count(1024)
    for _ in range(20):
        pair = first, second = Reference(next(ports) << 20), Reference(0xFFFFFFFE)
        second.listen(80)
        first.connect(next(ports), 80)
        first.send(b"x" * 200_000)
        first.shut()
        pump(reactor, pair, states(pair, "FIN-WAIT-2", "CLOSE-WAIT"))
        assert second.received() == b"x" * 200_000


def test_segments_survive_the_way_through_packets() -> None:
    segment = Segment(40_000, 80, 0xFFFFFFFF, 1, ACK | PSH, 1024, b"odd")
    built = packet.build(segment, "10.0.0.1", "10.0.0.2")
    assert packet.parse(built) == segment
    assert packet.checksum(built[:20]) == 0
    pseudo = socket.inet_aton("10.0.0.1") + socket.inet_aton("10.0.0.2") + b"\0\x06\0\x17"
    assert packet.checksum(pseudo + built[20:]) == 0
    for nonsense in (b"", b"\x60" + bytes(60), built[:30], built[:9] + b"\x11" + built[10:]):
        assert packet.parse(nonsense) is None
