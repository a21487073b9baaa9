"""The handshake, opened from either end, when segments come twice or get lost (RFC 9293, RFC 6298)."""

from __future__ import annotations

from grader.checks.tcp_openings import (
    CORNERS,
    OPENINGS,
    ROUNDS,
    SYN_ACK,
    asked,
    begin,
    connecting,
    established,
    expect_backoff,
    expect_rest,
    number,
)
from grader.lab.conversation.conversation import Conversation
from grader.lab.conversation.segment import ACK, FIN, MODULUS, RST, SYN, Pattern, plus
from grader.lab.functions.functions import Functions
from grader.lab.lab import Lab
from grader.lab.promise import promise

STRAYS = (
    "What comes meanwhile has not acknowledged our SYN, and has changed nothing: so it is still to be "
    "sent again."
)


@promise(points=3)
def test_active_open(lab: Lab, functions: Functions) -> None:
    """`connect` sends a SYN; the SYN and ACK that answers it is acknowledged: ESTABLISHED."""
    for _ in range(ROUNDS):
        iss, irs = number(lab.random), number(lab.random)
        talk = begin(lab, functions, "connect", iss)
        talk.expect_state("CLOSED", why="An endpoint begins in CLOSED.")
        talk = connecting(lab, functions, "connect", iss)
        talk.expect_state("SYN-SENT", why="After the SYN the endpoint waits for the answer to it.")
        established(talk, iss, irs, window=lab.random.randrange(1, 65_536))
        talk.expect_value("error", None, why="Nothing has gone wrong.")
        talk.end()


@promise(points=3)
def test_passive_open(lab: Lab, functions: Functions) -> None:
    """After `listen`, a SYN is answered by SYN and ACK; the ACK of that gives ESTABLISHED."""
    for _ in range(ROUNDS):
        iss, irs = number(lab.random), number(lab.random)
        talk = begin(lab, functions, "listen", iss)
        talk.user("listen")
        talk.expect_nothing("A passive open waits for somebody else's SYN.")
        talk.expect_state("LISTEN", why="`listen` leads from CLOSED to LISTEN.")
        talk.peer(FIN, irs)
        talk.expect_nothing("Only a SYN asks for a connection.")
        talk.expect_state("LISTEN", why="Only a SYN asks for a connection.")
        talk.end()
        talk = asked(lab, functions, "listen", iss, irs)
        talk.expect_state(
            "SYN-RECEIVED", why="The SYN came in, the answer is not acknowledged yet."
        )
        talk.peer(ACK, plus(irs, 1), plus(iss, 1), window=lab.random.randrange(1, 65_536))
        talk.expect_nothing(
            "A segment that only acknowledges takes no sequence number, and is never acknowledged: "
            "otherwise that would have no end."
        )
        talk.expect_state("ESTABLISHED", why="Our SYN is acknowledged, the handshake is complete.")
        talk.end()


@promise(points=2, after=OPENINGS)
def test_numbers(lab: Lab, functions: Functions) -> None:
    """Sequence numbers wrap: the number after 4294967295 is 0, in what is sent and in comparisons."""
    why = (
        "Sequence numbers have 32 bits and are counted modulo 2**32. Of two numbers the larger one "
        "may be the earlier one, so < and > say nothing about them."
    )
    pairs = [(corner, number(lab.random)) for corner in CORNERS]
    pairs += [(irs, iss) for iss, irs in pairs] + [(MODULUS - 1, MODULUS - 1), (0, MODULUS - 1)]
    for iss, irs in pairs:
        talk = begin(lab, functions, f"connect, the peer's first number {irs}", iss, why)
        talk.user("connect", talk.remote_port)
        talk.expect(Pattern(SYN, iss))
        talk.peer(SYN_ACK, irs, plus(iss, 1))
        talk.expect(Pattern(ACK, plus(iss, 1), plus(irs, 1)))
        talk.expect_state("ESTABLISHED")
        talk.end()
        talk = begin(lab, functions, f"listen, the peer's first number {irs}", iss, why)
        talk.user("listen")
        talk.peer(SYN, irs)
        talk.expect(Pattern(SYN_ACK, iss, plus(irs, 1)))
        talk.peer(ACK, plus(irs, 1), plus(iss, 1))
        talk.expect_state("ESTABLISHED")
        talk.end()


@promise(points=2, after=OPENINGS)
def test_duplicate_syn(lab: Lab, functions: Functions) -> None:
    """A SYN, or SYN and ACK, that comes once more is acknowledged once more and changes nothing."""
    why = (
        "The peer repeats its segment because our answer got lost, or the network delivered it "
        "twice. Its number is an old one, so it opens nothing: acknowledge what was expected "
        "before, RCV.NXT, and drop it (RFC 9293, 3.10.7.4, first step)."
    )
    for _ in range(ROUNDS):
        iss, irs = number(lab.random), number(lab.random)
        acknowledged = Pattern(ACK, plus(iss, 1), plus(irs, 1))
        talk = asked(lab, functions, "a SYN that is repeated", iss, irs, why)
        for _ in range(lab.random.randint(1, 3)):
            talk.peer(SYN, irs)
            talk.expect(acknowledged, Pattern(SYN_ACK, iss, plus(irs, 1)))
            talk.expect_state("SYN-RECEIVED")
        talk.peer(ACK, plus(irs, 1), plus(iss, 1))
        talk.expect_state("ESTABLISHED")
        talk.peer(SYN, irs)
        talk.expect(acknowledged)
        talk.expect_state("ESTABLISHED")
        talk.end()
        talk = connecting(lab, functions, "a SYN and ACK that is repeated", iss)
        established(talk, iss, irs)
        for _ in range(lab.random.randint(1, 3)):
            talk.peer(SYN_ACK, irs, plus(iss, 1))
            talk.expect(acknowledged, why=why)
            talk.expect_state("ESTABLISHED", why=why)
        talk.end()


@promise(points=2, after="active_open")
def test_lost_syn(lab: Lab, functions: Functions) -> None:
    """A SYN that nobody answers is sent again: after 1 s, then waiting twice as long each time."""
    why = (
        "`tick` tells the time. Note when the SYN was sent, send the same segment again when the "
        "timeout is over, and double the timeout (RFC 6298, 2.1 and 5.5). Nothing is due in between, "
        "however often `tick` is called, and nothing once the SYN is acknowledged."
    )
    for start in (0.0, float(lab.random.randrange(100, 10_000))):
        iss, irs = number(lab.random), number(lab.random)
        talk = connecting(lab, functions, f"a SYN lost at {start:g} s", iss, why, now=start)
        expect_backoff(talk, start, why, Pattern(SYN, iss))
        talk.expect_state("SYN-SENT")
        established(talk, iss, irs)
        expect_rest(talk, why)
    iss, irs = number(lab.random), number(lab.random)
    talk = connecting(lab, functions, "a SYN lost, and strays", iss, why)
    _receive_strays(talk, (ACK, irs, plus(iss, 2)), (RST, irs, 0), (RST | ACK, irs, iss))
    if talk.state == "SYN-SENT":  # or else bad_ack or refused is broken
        expect_backoff(talk, 0.0, STRAYS, Pattern(SYN, iss))
    talk = connecting(lab, functions, "two SYNs that cross, and the answer is lost", iss, why)
    talk.peer(SYN, irs)
    answer = Pattern(SYN_ACK, iss, plus(irs, 1))
    if talk.allow(answer) and talk.state == "SYN-RECEIVED":  # or else simultaneous_open is broken
        expect_backoff(talk, 0.0, why, answer, Pattern(SYN, iss))


@promise(points=2, after="passive_open")
def test_lost_syn_ack(lab: Lab, functions: Functions) -> None:
    """A SYN and ACK that nobody acknowledges is sent again in the same way."""
    why = (
        "The SYN of a passive open needs an acknowledgement as much as any. `tick` sends the same "
        "segment, SYN and ACK with the same numbers, again after 1 s, 2 s more, 4 s more, until the "
        "ACK comes (RFC 6298)."
    )
    iss, irs = number(lab.random), number(lab.random)
    talk = asked(lab, functions, "a SYN and ACK that is lost", iss, irs, why)
    answer = Pattern(SYN_ACK, iss, plus(irs, 1))
    expect_backoff(talk, 0.0, why, answer)
    talk.expect_state("SYN-RECEIVED")
    talk.peer(ACK, plus(irs, 1), plus(iss, 1))
    talk.expect_state("ESTABLISHED")
    expect_rest(talk, why)
    talk = asked(lab, functions, "a SYN and ACK that is lost, and strays", iss, irs, why)
    bad_ack, forged = (ACK, plus(irs, 1), plus(iss, 2)), (RST, plus(irs, 1 << 18), 0)
    _receive_strays(talk, (SYN, irs, 0), bad_ack, forged)
    if talk.state == "SYN-RECEIVED":  # or else duplicate_syn, bad_ack or refused is broken
        expect_backoff(talk, 0.0, STRAYS, answer)
        _receive_strays(talk, (RST, plus(irs, 1), 0))
        talk.remark("the next peer")
        talk.peer(SYN, irs)
        if talk.allow(answer):  # or else refused is broken
            expect_backoff(talk, talk.now, why, answer)


def _receive_strays(talk: Conversation, *strays: tuple[int, int, int]) -> None:
    """Let segments arrive, given by flags, seq and ack, whose answers nobody looks at."""
    for stray in strays:
        talk.peer(*stray)
        talk.lose()
