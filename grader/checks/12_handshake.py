"""12_handshake: the opening half of a TCP endpoint, in conversations and with the kernel (RFC 9293)."""

from __future__ import annotations

from grader.checks.handshake_opens import (  # noqa: F401
    test_active_open,
    test_duplicate_syn,
    test_lost_syn,
    test_lost_syn_ack,
    test_numbers,
    test_passive_open,
)
from grader.checks.tcp_openings import (
    OPENINGS,
    ROUNDS,
    SYN_ACK,
    asked,
    begin,
    connecting,
    established,
    expect_rest,
    number,
)
from grader.checks.tcp_with_kernel import open_with, tell_opening
from grader.lab.conversation.conversation import Conversation
from grader.lab.conversation.segment import ACK, FIN, MODULUS, PSH, RST, SYN, Pattern, plus
from grader.lab.functions.functions import Functions
from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.tun.kernel import peer

#: A segment of every kind, by its flags, its bytes of data, and whether a closed port answers it.
TO_A_CLOSED_PORT = (
    (SYN, 0, True), (SYN, 5, True), (FIN, 0, True), (0, 7, True), (SYN | FIN, 3, True),
    (ACK, 0, True), (SYN_ACK, 0, True), (FIN | ACK, 9, True), (RST, 0, False), (RST | ACK, 0, False),
    (RST | SYN, 0, False),
)  # fmt: skip

NO_ACK = "After the SYN, a segment without an ACK is dropped (RFC 9293, 3.10.7.4, fifth step)."


@promise(points=2, after=OPENINGS)
def test_bad_ack(lab: Lab, functions: Functions) -> None:
    """An ACK of what was never sent is answered by a reset, and the handshake goes on."""
    why = (
        "Until the handshake is complete, the only number that can be acknowledged is iss + 1. Any "
        "other comes from an older connection: answer by <SEQ=SEG.ACK><CTL=RST>, and stay in the "
        "state (RFC 9293, 3.10.7.2 to 3.10.7.4)."
    )
    for _ in range(ROUNDS):
        iss, irs = number(lab.random), number(lab.random)
        far = lab.random.randrange(1 << 12, 1 << 19)
        wrong = [plus(iss, shift) for shift in (0, 2, far, -far)]
        talk = connecting(lab, functions, "wrong ACKs while connecting", iss)
        for ack in wrong:
            talk.peer(lab.random.choice((ACK, SYN_ACK)), irs, ack)
            talk.expect(Pattern(RST, ack), why=why)
            talk.expect_state("SYN-SENT", why=why)
        talk.peer(ACK, irs, plus(iss, 1))
        talk.expect_nothing("An ACK without a SYN answers no SYN: it is dropped.")
        talk.expect_state("SYN-SENT", why="An ACK without a SYN answers no SYN: it is dropped.")
        established(talk, iss, irs, why)
        talk.end()
        talk = asked(lab, functions, "wrong ACKs instead of the third segment", iss, irs)
        for ack in wrong:
            talk.peer(ACK, plus(irs, 1), ack, lab.random.choice((b"", b"of an older connection")))
            talk.expect(Pattern(RST, ack), why=why)
            talk.expect_state("SYN-RECEIVED", why=why)
        talk.peer(ACK, plus(irs, 1), plus(iss, 1))
        talk.expect_state("ESTABLISHED", why=why)
        talk.end()
        talk = begin(lab, functions, "ACKs that reach a listener", iss)
        talk.user("listen")
        for flags in (ACK, SYN_ACK):
            talk.peer(flags, irs, far)
            talk.expect(
                Pattern(RST, far),
                why="Who listens has sent nothing that could be acknowledged. " + why,
            )
            talk.expect_state("LISTEN", why=why)
        talk.end()


@promise()
def test_closed_port(lab: Lab, functions: Functions) -> None:
    """In CLOSED, whatever comes in is answered by a reset, except a reset."""
    why = (
        "RFC 9293, 3.10.7.1. Without an ACK: <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>, where SEG.LEN "
        "counts the bytes of data, and one each for SYN and FIN. With an ACK: <SEQ=SEG.ACK><CTL=RST>. "
        "A reset is never answered."
    )
    for seq in (number(lab.random), MODULUS // 2, MODULUS - 1):
        talk = begin(lab, functions, "to a closed port", number(lab.random), why)
        for flags, size, answered in TO_A_CLOSED_PORT:
            ack = number(lab.random)
            arrived = talk.peer(flags, seq, ack, lab.random.randbytes(size))
            if answered and flags & ACK:
                talk.expect(Pattern(RST, ack))
            elif answered:
                talk.expect(Pattern(RST | ACK, 0, arrived.end))
            else:
                talk.expect_nothing(why)
            talk.expect_state("CLOSED")
        talk.end()


@promise(points=2, after="active_open")
def test_simultaneous_open(lab: Lab, functions: Functions) -> None:
    """Two SYNs that cross on their way make one connection."""
    why = (
        "A SYN without an ACK in SYN-SENT: the peer called connect, too. Answer it by SYN and ACK "
        "with the same iss, and go on as in SYN-RECEIVED until our SYN is acknowledged (RFC 9293, "
        "3.5, figure 7)."
    )
    for _ in range(ROUNDS):
        iss, irs = number(lab.random), number(lab.random)
        acknowledged = Pattern(ACK, plus(iss, 1), plus(irs, 1))
        answer = Pattern(SYN_ACK, iss, plus(irs, 1))
        for last in ((SYN_ACK, irs), (ACK, plus(irs, 1)), (RST, plus(irs, 1))):
            talk = connecting(lab, functions, "two SYNs that cross", iss)
            talk.peer(SYN, irs)
            talk.expect(answer, why=why)
            talk.expect_state("SYN-RECEIVED", why=why)
            talk.peer(last[0], last[1], plus(iss, 1))
            if last[0] == RST:
                talk.expect_nothing("A reset is never answered.")
                talk.expect_state("CLOSED", why="`connect` was called here, so a reset refuses it.")
                talk.expect_value("error", "connection refused")
                continue
            if last[0] == SYN_ACK:  # its SYN is an old one: it may be acknowledged and dropped
                talk.allow(acknowledged, answer)
                talk.expect_state("SYN-RECEIVED", "ESTABLISHED", why=why)
                talk.peer(ACK, plus(irs, 1), plus(iss, 1))
            talk.expect_nothing(why)
            talk.expect_state("ESTABLISHED", why=why)
            talk.end()


@promise(points=2, after=OPENINGS)
def test_refused(lab: Lab, functions: Functions) -> None:
    """A reset ends an attempt to connect, and leads a listener back to LISTEN, if it is genuine."""
    why = (
        "In SYN-SENT a reset counts only if it acknowledges our SYN: then nobody is there to connect "
        "to. In SYN-RECEIVED it counts only with the number that is expected next, RCV.NXT, and leads "
        "back to LISTEN after a passive open. No reset is ever answered (RFC 9293, 3.10.7)."
    )
    for _ in range(ROUNDS):
        iss, irs = number(lab.random), number(lab.random)
        far = lab.random.randrange(1 << 17, 1 << 19)
        talk = connecting(lab, functions, "a refused connection", iss, why)
        for flags, ack in ((RST, 0), (RST | ACK, iss), (RST | ACK, plus(iss, far))):
            talk.peer(flags, plus(iss, 1), ack)
            talk.expect_nothing(why)
            talk.expect_state("SYN-SENT")
        talk.peer(RST | ACK, 0, plus(iss, 1))
        talk.expect_nothing(why)
        talk.expect_state("CLOSED")
        talk.expect_value("error", "connection refused")
        expect_rest(talk, "Nothing is sent again once the attempt is over.")
        talk = begin(lab, functions, "resets to a listener", iss, why)
        talk.user("listen")
        for flags in (RST, RST | ACK, RST | SYN):
            talk.peer(flags, irs, iss)
            talk.expect_nothing(why)
            talk.expect_state("LISTEN")
        talk.peer(SYN, irs)
        talk.expect(Pattern(SYN_ACK, iss, plus(irs, 1)))
        talk.peer(RST, plus(irs, far))
        talk.expect_nothing(why)
        talk.expect_state("SYN-RECEIVED")
        talk.peer(RST, plus(irs, 1))
        talk.expect_nothing(why)
        talk.expect_state("LISTEN")
        talk.expect_value("error", None, why="Nobody's attempt has failed on this side.")
        talk.run(10.0, 0.5)
        talk.expect_nothing("The peer is gone: nothing is sent to it again.")
        _expect_next_peer(talk, iss, plus(irs, far))
        talk = connecting(lab, functions, "resets to a connection", iss, why)
        established(talk, iss, irs)
        talk.peer(RST, plus(irs, far))
        talk.expect_nothing(why)
        talk.expect_state("ESTABLISHED", why="A reset whose number is far off is somebody else's.")
        talk.peer(RST, plus(irs, 1))
        talk.expect_nothing(why)
        talk.end()


def _expect_next_peer(talk: Conversation, iss: int, irs: int) -> None:
    """Expect an endpoint in LISTEN to open a connection with another peer."""
    talk.remote_port ^= 1
    talk.remark(f"another peer, on port {talk.remote_port}")
    talk.peer(SYN, irs)
    talk.expect(Pattern(SYN_ACK, iss, plus(irs, 1)), why="Back in LISTEN, any peer may connect.")
    talk.peer(ACK, plus(irs, 1), plus(iss, 1))
    talk.expect_state("ESTABLISHED")
    talk.end()


@promise(points=2, after=OPENINGS)
def test_data_with_ack(lab: Lab, functions: Functions) -> None:
    """Data may come with the handshake's last ACK, and what `send` was given early goes out then."""
    for iss, irs in [
        (number(lab.random), number(lab.random)),
        (MODULUS - lab.random.randrange(2, 9), MODULUS - lab.random.randrange(2, 9)),
    ]:
        first, second = (lab.text(lab.random.randrange(100, 400)) for _ in range(2))
        _receive_data(lab, functions, (iss, irs), first, second)
        _send_data(lab, functions, (iss, irs), first, second)


def _receive_data(
    lab: Lab, functions: Functions, numbers: tuple[int, int], first: bytes, second: bytes
) -> None:
    """Let data come in: with the handshake's last ACK, once more, and after it."""
    iss, irs = numbers
    talk = asked(lab, functions, "data with the third segment", iss, irs)
    talk.peer(PSH, plus(irs, 1), payload=b"without an ACK")
    talk.expect_nothing(NO_ACK)
    talk.expect_state("SYN-RECEIVED", why=NO_ACK)
    for part, so_far in ((first, b""), (first, first), (second, first)):
        repeated = part is first and so_far is first
        seq = plus(irs, 1 if repeated else 1 + len(so_far))
        talk.peer(ACK, seq, plus(iss, 1), part)
        total = so_far if repeated else so_far + part
        talk.expect(
            Pattern(ACK, plus(iss, 1), plus(irs, 1 + len(total))),
            why="Each byte of data takes one sequence number: acknowledge the one after the last "
            "byte that came in. What comes a second time is acknowledged again.",
        )
        talk.expect_state("ESTABLISHED", why="The segment acknowledges our SYN as well.")
        talk.expect_value(
            "received", total,
            why="`received` holds all data so far, as bytes, in order and each byte once.",
        )  # fmt: skip
    talk.end()


def _send_data(
    lab: Lab, functions: Functions, numbers: tuple[int, int], first: bytes, second: bytes
) -> None:
    """Let the user send data: before there is a connection, and after."""
    iss, irs = numbers
    title = "data before the connection"
    talk = asked(lab, functions, title, iss, irs)
    _send_early(talk, first)
    talk.peer(ACK, plus(irs, 1), plus(iss, 1))
    _expect_sent(talk, numbers, first, second)
    talk = connecting(lab, functions, title, iss)
    _send_early(talk, first)
    talk.peer(SYN_ACK, irs, plus(iss, 1))
    talk.allow(Pattern(ACK, plus(iss, 1), plus(irs, 1)))
    _expect_sent(talk, numbers, first, second)


def _send_early(talk: Conversation, data: bytes) -> None:
    talk.user("send", data)
    talk.expect_nothing(
        "Before the connection is there, data waits (RFC 9293, 3.10.2: queue the data)."
    )


def _expect_sent(talk: Conversation, numbers: tuple[int, int], first: bytes, second: bytes) -> None:
    """Expect the data that waited for the connection, and let the user send more."""
    iss, irs = numbers
    why = "Data begins at iss + 1, and the next data after the last byte; it carries an ACK."
    talk.expect_data(plus(iss, 1), plus(irs, 1), first, why=why)
    talk.expect_state("ESTABLISHED")
    talk.peer(ACK, plus(irs, 1), plus(iss, 1 + len(first)))
    talk.user("send", second)
    talk.expect_data(plus(iss, 1 + len(first)), plus(irs, 1), second, why=why)
    talk.end()


@promise(points=2, after=(*OPENINGS, "data_with_ack"))
def test_real_kernel(lab: Lab, functions: Functions) -> None:
    """Opens connections with the Linux kernel, both ways, and exchanges data with it."""
    for kernel_connects in (True, False):
        stack = peer(lab)
        try:
            open_with(lab, functions, stack, kernel_connects)
        finally:
            stack.close()


def show_kernel_connects(lab: Lab, functions: Functions) -> None:
    """The kernel connects to your endpoint."""
    tell_opening(lab, functions, kernel_connects=True)


def show_endpoint_connects(lab: Lab, functions: Functions) -> None:
    """Your endpoint connects to the kernel."""
    tell_opening(lab, functions, kernel_connects=False)
