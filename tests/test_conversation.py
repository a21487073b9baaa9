"""Conversations with endpoints: what is right passes, what is wrong is shown where it happened."""

from __future__ import annotations

import pytest

from grader.lab.conversation.conversation import Conversation
from grader.lab.conversation.reference import Reference
from grader.lab.conversation.segment import (
    ACK,
    MODULUS,
    PSH,
    RST,
    SYN,
    Pattern,
    Segment,
    before,
    segments,
)
from grader.lab.conversation.stack import converse, expect_soon
from grader.lab.functions.functions import Functions
from grader.lab.functions.objects import Object
from grader.lab.functions.wire import Returned
from grader.lab.lab import Lab
from grader.lab.transcript import PromiseBrokenError

SEGMENT = """
from typing import NamedTuple
class Segment(NamedTuple):
    source_port: int
    destination_port: int
    seq: int
    ack: int
    flags: int
    window: int = 65535
    payload: bytes = b""
"""
ENDPOINT = """
from segment import Segment
class Endpoint:
    def __init__(self, local_port):
        self.port, self.state, self.sent = local_port, "CLOSED", 0.0
    def connect(self, port):
        self.remote, self.state = port, "SYN-SENT"
        return [Segment(self.port, port, 4294967295, 7, 2)]
    def receive(self, segment):
        self.state = "ESTABLISHED"
        if segment.flags & 4:
            raise ValueError("a reset")
        if segment.window == 1:
            return Segment(self.port, segment.source_port, 0, segment.seq + 1, 16)
        return [Segment(self.port, segment.source_port, 0, segment.seq + 1, 24, payload=b"abc")]
    def tick(self, now):
        if now - self.sent < 1:
            return []
        self.sent = now
        return [Segment(self.port, self.remote, 4294967295, 0, 2)]
"""


@pytest.fixture
def talk(lab: Lab) -> Conversation:
    (lab.folder / "segment.py").write_text(SEGMENT)
    (lab.folder / "endpoint.py").write_text(ENDPOINT)
    endpoint = Object(Functions(lab, "endpoint.py"), "Endpoint", 40_000)
    return Conversation(lab, endpoint, "a test", 40_000, 80)


def test_a_conversation_as_expected(talk: Conversation) -> None:
    talk.user("connect", 80)
    assert talk.expect(Pattern(SYN)).seq == MODULUS - 1
    talk.peer(SYN | ACK, seq=300, ack=0)
    assert talk.allow(Pattern(ACK)) is None
    talk.expect(Pattern(RST), Pattern(ACK, 0, 301, b"abc"))
    talk.expect_state("ESTABLISHED")
    talk.end()
    assert talk.lab.transcript.lines == ["a test: 3 segments, as expected"]
    assert talk.lab.transcript.comparisons >= 4


def test_the_wrong_line_is_marked(talk: Conversation) -> None:
    talk.user("connect", 80)
    talk.expect(Pattern(SYN, MODULUS - 1))
    talk.peer(SYN | ACK, seq=300, ack=0)
    with pytest.raises(PromiseBrokenError) as caught:
        talk.expect(Pattern(ACK, 0, 300, b"abc"), why="because")
    assert caught.value.expected.startswith("ACK seq=0 ack=300 len=3")
    assert "ack is 301, not 300" in caught.value.observed
    assert caught.value.why == "because"
    assert talk.lab.transcript.lines == [
        "a test:",
        "                        your endpoint                         peer",
        "    0.0 s  SYN-SENT     |   connect(80) is called",
        "    0.0 s  SYN-SENT     |-- SYN seq=4294967295 ----------------->|",
        "    0.0 s  ESTABLISHED  |<-------------- SYN,ACK seq=300 ack=0 --|",
        "✗   0.0 s  ESTABLISHED  |-- PSH,ACK seq=0 ack=301 len=3 -------->|",
        "                          expected here: ACK seq=0 ack=300 len=3",
    ]


def test_silence_where_something_was_expected(talk: Conversation) -> None:
    with pytest.raises(PromiseBrokenError, match="nothing was sent"):
        talk.expect(Pattern(SYN))
    assert talk.lab.transcript.lines[-1].endswith("expected here: SYN")


def test_something_where_silence_was_expected(talk: Conversation) -> None:
    talk.user("connect", 80)
    with pytest.raises(PromiseBrokenError, match="nothing more is sent"):
        talk.peer(SYN | ACK, seq=300, ack=0)


def test_ports_are_looked_at(talk: Conversation) -> None:
    talk.user("connect", 81)
    with pytest.raises(PromiseBrokenError, match="to port 81"):
        talk.expect(Pattern(SYN))


def test_an_exception_is_the_endpoints(talk: Conversation) -> None:
    with pytest.raises(PromiseBrokenError, match=r"ValueError: a reset \(endpoint.py:12\)"):
        talk.peer(RST, seq=1)


def test_one_segment_is_no_list(talk: Conversation) -> None:
    with pytest.raises(PromiseBrokenError, match="not in a list"):
        talk.peer(ACK, seq=1, window=1)


def test_segments_sent_while_the_clock_runs(talk: Conversation) -> None:
    talk.user("connect", 80)
    assert len(talk.lose()) == 1
    talk.run(until=5.05, step=0.1)
    assert [round(time) for time, _segment in talk.take()] == [1, 2, 3, 4, 5]
    assert "X   |" in talk.diagram()[2]


def test_flags_that_were_not_asked_for_differ_but_for_push() -> None:
    anything = Pattern(SYN | ACK)
    good = Segment(1, 2, 3, 4, SYN | ACK)
    assert anything.differences(good) == []
    assert anything.differences(good._replace(flags=SYN | ACK | PSH)) == []
    assert len(anything.differences(good._replace(flags=SYN | ACK | 64))) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("source_port", -1), ("seq", MODULUS), ("ack", -1), ("flags", 256), ("window", 1 << 16)],
)
def test_a_number_beyond_its_field_is_said(field: str, value: int) -> None:
    good = Segment(1, 2, 3, 4, SYN)
    assert segments(Returned([tuple(good)])) == [good]
    said = segments(Returned([tuple(good._replace(**{field: value}))]))  # type: ignore[arg-type]
    assert f"whose {field} is {value}" in str(said)


def test_numbers_are_compared_modulo_2_to_the_32() -> None:
    assert before(MODULUS - 1, 0)
    assert before(0, 1)
    assert not before(0, MODULUS - 1)
    assert not before(5, 5)


def test_data_may_be_cut(talk: Conversation) -> None:
    talk.peer(ACK, seq=1)
    talk.expect_data(0, 2, b"abc")
    talk.peer(ACK, seq=1)
    with pytest.raises(PromiseBrokenError, match="nothing was sent"):
        talk.expect_data(0, 2, b"abcdef")


def test_what_waits_may_be_refused(talk: Conversation) -> None:
    talk.user("connect", 80)
    talk.lose()
    talk.run(until=9.05, step=0.1)
    assert talk.next_time() == pytest.approx(1, abs=0.11)
    with pytest.raises(PromiseBrokenError, match="too early"):
        talk.refuse("a later one", "too early")
    assert [line[:1] for line in talk.lab.transcript.lines[-5:]] == [" ", "✗", " ", " ", " "]


def test_the_middle_of_a_long_conversation_is_left_out(talk: Conversation) -> None:
    for _ in range(60):
        talk.remark("again")
    lines = talk.diagram()
    assert len(lines) == 1 + 4 + 1 + 30
    assert "... 26 lines ..." in lines[5]


def test_endpoints_that_answer_each_other_for_ever_are_stopped(talk: Conversation) -> None:
    reference = Reference(5)
    reference.listen(80)
    reference.deliver(Segment(40_000, 80, 0, 0, SYN))
    reference.deliver(Segment(40_000, 80, 1, 6, ACK))
    with pytest.raises(PromiseBrokenError, match="to and fro"):  # it acknowledges every time anew
        converse(talk, reference, lambda: False)


def test_a_whole_tcp_and_an_endpoint_that_never_agree(talk: Conversation) -> None:
    reference = Reference(5)
    with pytest.raises(PromiseBrokenError, match="the state is CLOSED"):
        expect_soon(
            talk, reference, lambda: False, "a connection",
            lambda: f"the state is {reference.state()}",
        )  # fmt: skip
