"""A conversation that begins in ESTABLISHED and keeps account of the numbers of both directions."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from grader.lab.conversation.conversation import Conversation
from grader.lab.conversation.diagram import Kind
from grader.lab.conversation.segment import ACK, FIN, MODULUS, Pattern, Segment, plus
from grader.lab.functions.functions import Functions
from grader.lab.functions.objects import Object, method, read
from grader.lab.functions.show import text
from grader.lab.functions.wire import Outcome, Raised, Returned
from grader.lab.lab import Lab

#: What a user sends at once, and a peer: this many bytes at most.
LARGEST = 500
#: Where numbers are to wrap in the data, they do before so many bytes.
WRAPS_WITHIN = 30
#: An ACK may wait for half a second (RFC 9293, 3.8.6.3), and so much as a loop of ticks is late.
_ACK_DELAY, _STEP = 0.5, 0.1
#: How far from its time something may be sent again, in seconds.
TOLERANCE = 0.25


class Connection(Conversation):
    """An established connection, of which the check plays the user of one end and all of the other.

    Args:
        lab: the check.
        functions: the student's file, with a class Endpoint.
        title: what this conversation is about, in a few words.
        numbers: the endpoint's next number, and the peer's.
        why: the hint of whatever has none of its own.
        ports: the endpoint's port and the peer's; drawn if not given.
        peer: what the peer is called.
    """

    def __init__(
        self,
        lab: Lab,
        functions: Functions,
        title: str,
        numbers: tuple[int, int],
        why: str = "",
        ports: tuple[int, int] | None = None,
        peer: str = "peer",
    ) -> None:
        local, remote = ports or lab.random.sample(range(1024, 1 << 16), 2)
        #: The endpoint's next number, and the first one that the peer has not acknowledged.
        self.snd_nxt = self.snd_una = numbers[0]
        #: The peer's next number, and what the peer has sent so far.
        self.rcv_nxt = numbers[1]
        self.sent = b""
        self._unacknowledged = b""
        self._closed = False
        #: When the peer's last segment that takes numbers arrived.
        self.arrived_at = 0.0
        #: What the endpoint has to acknowledge: the numbers that its ACKs may have.
        self._owed: list[int] = []
        endpoint = Object(functions, "Endpoint", local, remote, *numbers)
        about = f"{title}, SND.NXT={numbers[0]} RCV.NXT={numbers[1]}"
        super().__init__(lab, endpoint, about, local, remote, peer=peer, why=why)

    # The endpoint's user.

    def send(self, data: bytes, why: str = "") -> None:
        """Let the user send data, and expect it to go out, in one piece or in several."""
        self.user("send", data)
        self.expect_data(self.snd_nxt, self.rcv_nxt, data, why=why)
        self.snd_nxt = plus(self.snd_nxt, len(data))
        self._owed.clear()
        self._unacknowledged += data

    def close(self, why: str = "") -> None:
        """Let the user close, and expect FIN to go out."""
        self.user("close")
        self.expect(
            Pattern(FIN | ACK, self.snd_nxt, self.rcv_nxt),
            why=why
            or "FIN comes after all data; as every segment, it says which number is expected.",
        )
        self._owed.clear()
        self.snd_nxt = plus(self.snd_nxt, 1)
        self._closed = True

    def expect_refused(self, name: str, *arguments: object, silence: bool, why: str) -> None:
        """Let the user call a method that has to raise an OSError and to send nothing.

        Args:
            name: the method.
            arguments: what it is called with.
            silence: an empty list will do as well.
            why: the hint.
        """
        self.expect_nothing()
        self.lab.compared()
        call = method(name, *arguments)
        (outcome,) = self.endpoint.do(call)
        row = self.remark(f"{call.text(decimal=True)} is called")
        if not _refusal(outcome) and not (silence and outcome == Returned([])):
            wanted = f"{name} {'gives [] or ' if silence else ''}raises an OSError"
            self._break(row, wanted, f"it {text(outcome, decimal=True)}", why)

    # The peer.

    def arrive(
        self, data: bytes = b"", fin: bool = False, ack: int | None = None, take: bool = True
    ) -> None:
        """Let the peer send what comes next, and the endpoint owe an ACK for it.

        Args:
            data: the data.
            fin: whether FIN comes after it.
            ack: the number that the peer expects next; by default, all is acknowledged.
            take: False if the segment gets lost.
        """
        first = self.rcv_nxt
        self.sent += data
        self.rcv_nxt = plus(first, len(data) + fin)
        if take:
            self.repeat(data, fin, first, ack)

    def repeat(self, data: bytes, fin: bool, seq: int, ack: int | None = None) -> None:
        """Let the peer send something that it has sent before, with the numbers that it had."""
        self._owed.append(self.rcv_nxt)
        self.arrived_at = self.now
        ack = self._take(self.snd_nxt if ack is None else ack)
        self.peer(ACK | FIN * fin, seq, ack, data)

    def acknowledge(self, ack: int | None = None) -> None:
        """Let the peer acknowledge all, or up to a number; that is not to be answered."""
        self.peer(ACK, self.rcv_nxt, self._take(self.snd_nxt if ack is None else ack))
        self.expect_nothing(why="A plain ACK is not acknowledged: the ends would never stop.")

    def _take(self, ack: int) -> int:
        """Let the peer have everything before a number."""
        self._unacknowledged = self._unacknowledged[(ack - self.snd_una) % MODULUS :]
        self.snd_una = ack
        return ack

    # What is expected.

    def expect_ack(self, *numbers: int, why: str = "", or_with_fin: bool = False) -> Segment:
        """Expect an ACK, at once or within half a second; a FIN that is sent again may bring it along.

        Args:
            numbers: what it may say; by default, that all has arrived.
            why: the hint.
            or_with_fin: FIN may come with it, and any number of the endpoint's own.
        """
        numbers = numbers or (self.rcv_nxt,)
        wanted = [Pattern(ACK, self.snd_nxt, number) for number in numbers]
        if or_with_fin:
            wanted = [Pattern(flags, None, self.rcv_nxt) for flags in (ACK, FIN | ACK)]
        self.answers()
        if self._closed and self.snd_una == plus(self.snd_nxt, -1):
            fin = [Pattern(FIN | ACK, self.snd_una, number) for number in numbers]
            if repeated := self.allow(*fin):
                self._owed.clear()
                return repeated
        before = [Pattern(ACK, self.snd_nxt, number) for number in self._owed]
        while len(self._unseen) > 1 and self.allow(*before):
            pass
        segment = self.expect(
            *wanted,
            why=why or "What arrives is acknowledged; the number is that of the next one expected.",
        )
        self._owed.clear()
        return segment

    def expect_again(self, why: str = "") -> int:
        """Expect the oldest of what is not acknowledged to be sent again, and perhaps what follows it.

        Returns:
            The number after the last one that was sent again.
        """
        position, data = self.snd_una, self._unacknowledged
        while True:
            piece = data[: self.next_size() or len(data)]
            patterns = [Pattern(ACK, position, self.rcv_nxt, piece)] if piece else []
            if self._closed and piece == data:
                patterns.append(Pattern(FIN | ACK, position, self.rcv_nxt, piece))
            position = self.expect(*patterns, why=why).end
            data = data[len(piece) :]
            if position == self.snd_nxt or not self._unseen:
                return position

    def answers(self) -> bool:
        """Tell whether the endpoint sends something, at once or as late as an ACK may come."""
        return self.wait_for(self.now + _ACK_DELAY)

    def settle(self) -> None:
        """Let the endpoint answer what has arrived, in whatever way."""
        self.answers()
        self.take()
        self._owed.clear()

    def wait_for(self, until: float) -> bool:
        """Let the clock run until something is sent, or up to a time; tell which it was."""
        while not self._unseen and self.now < until - 1e-6:
            self.run(min(self.now + _STEP, until))
        return bool(self._unseen)

    def expect_all_received(self, eof: bool, why: str = "") -> None:
        """Expect the user to have all that the peer has sent, and to know whether it ends there."""
        outcome, ended = self.endpoint.do(read("received"), read("eof"))
        got = outcome.value if isinstance(outcome, Returned) else None
        self.lab.compared()
        if type(got) is not bytes or got != self.sent:
            row = self.remark(f"received {_what_was_received(outcome, self.sent)}")
            wanted = f"received has the {len(self.sent)} bytes that the peer has sent"
            self._break(row, wanted, row.text, why or "All data so far is there, in order, once.")
        self._expect_outcome("eof", ended, [eof], why or "It tells that no more data follows.")

    def lost(self) -> None:
        """Show the segments that were sent last as lost."""
        for row in reversed(self.rows):
            if row.kind is not Kind.SENT:
                break
            row.kind = Kind.LOST


def _what_was_received(outcome: Outcome, sent: bytes) -> str:
    got = outcome.value if isinstance(outcome, Returned) else None
    if type(got) is not bytes:
        is_value = isinstance(outcome, Returned)
        return f"is {text(got)}, not bytes" if is_value else text(outcome, decimal=True)
    if sent.startswith(got):
        return f"has the first {len(got)} of {len(sent)} bytes" if got else "has no bytes"
    return f"has {len(got)} bytes, which are not the {len(sent)} that were sent"


def _refusal(outcome: Outcome) -> bool:
    return isinstance(outcome, Raised) and "OSError" in outcome.kinds


def corners(random: Random) -> Iterator[tuple[int, int]]:
    """Give pairs of numbers to begin with: small ones, corner cases, wraps in the data, any."""
    yield random.randrange(100, 500), random.randrange(500, 1000)
    yield 0, MODULUS - 1
    yield MODULUS - 1, 0
    yield MODULUS - random.randrange(2, WRAPS_WITHIN), MODULUS - random.randrange(2, WRAPS_WITHIN)
    yield random.choice(
        (
            (MODULUS // 2 - random.randrange(30), MODULUS // 2 + random.randrange(-30, 30)),
            (random.randrange(MODULUS), random.randrange(MODULUS)),
        )
    )
