"""A student's `teardown.Endpoint` and a whole TCP close a connection that the grader has opened."""

from __future__ import annotations

from collections.abc import Callable

from grader.lab.conversation.closing import Connection, corners
from grader.lab.conversation.segment import ACK, FIN, SYN, Segment, plus
from grader.lab.conversation.stack import Stack, expect_soon
from grader.lab.functions.functions import Functions
from grader.lab.lab import Lab
from grader.lab.tun.kernel import peer

_WHY = (
    "A whole TCP takes part, which does all that RFC 9293 says. The diagram shows every segment in "
    "both directions; real ones have other windows, and PSH beside other flags."
)
_TIME_WAIT, _ACK_DELAY, _STEP = 60.1, 0.5, 0.1


def with_stack(lab: Lab, functions: Functions, title: str, act: Callable[[Closing], None]) -> None:
    """Open a connection with a whole TCP, hand its numbers to an endpoint, and let something be done.

    Args:
        lab: the check.
        functions: the student's.
        title: who closes first.
        act: what is done with the connection.

    Raises:
        PromiseBrokenError: if it doesn't go as expected.
    """
    stack = peer(lab)
    try:
        act(Closing(lab, functions, title, stack))
    finally:
        stack.close()


class _Lossless(Connection):
    """A connection on which nothing arrives twice.

    When this machine is slow, the kernel sends again what is under way. Delivered, a repeated FIN
    would be acknowledged to a connection that is gone already, whose RST ends TIME-WAIT (RFC 1337).
    """

    _arrived: frozenset[tuple[int, int, bytes]] = frozenset()

    def deliver(self, segment: Segment) -> None:
        """Let a segment arrive unless it takes numbers and has arrived before."""
        content = segment.seq, segment.flags & FIN, segment.payload
        if segment.length == 0 or content not in self._arrived:
            self._arrived |= {content}
            super().deliver(segment)


class Closing:
    """A connection between a student's endpoint and a whole TCP, ESTABLISHED on both sides.

    Raises:
        RuntimeError: if the whole TCP doesn't even open a connection with the grader itself.
    """

    def __init__(self, lab: Lab, functions: Functions, title: str, stack: Stack) -> None:
        self.stack = stack
        port, remote_port = lab.random.sample(range(1024, 1 << 16), 2)
        snd_nxt, _ = lab.random.choice([*corners(lab.random)])
        stack.listen(remote_port)
        stack.deliver(Segment(port, remote_port, plus(snd_nxt, -1), 0, SYN))
        rcv_nxt = plus(_answer(lab, stack).seq, 1)
        stack.deliver(Segment(port, remote_port, snd_nxt, rcv_nxt, ACK))
        if not lab.wait(lambda: stack.state() == "ESTABLISHED"):
            raise RuntimeError(f"after the handshake the state is {stack.state()}")
        self.talk = _Lossless(
            lab, functions, title, (snd_nxt, rcv_nxt), _WHY, (port, remote_port), stack.name
        )
        #: The states that the whole TCP's table has shown.
        self.seen: list[str] = []
        self.talk.remark(f"the grader has opened a connection with the {stack.name}")
        self._tell_table()

    def exchange_data(self) -> None:
        """Let data go to the endpoint and from it."""
        self.peer_sends()
        self.user_sends()
        self.peer_sends()

    def peer_sends(self) -> None:
        """Let the whole TCP send data, and expect it in `received`."""
        talk, data = self.talk, self._data()
        talk.sent += data
        self.stack.send(data)
        talk.remark(f"the {self.stack.name} is given {len(data)} bytes to send")
        self._expect(
            lambda: talk.value("received") == talk.sent,
            f"{len(data)} bytes that the other side has to send arrive in `received`",
            lambda: f"`received` has {_size(talk.value('received'))} in all, not {len(talk.sent)}",
            f"{_WHY} It sends no more than the window in your segments allows, and goes on once what "
            "it sent is acknowledged.",
        )

    def user_sends(self) -> None:
        """Let the user send data, and expect the whole TCP to have it."""
        before, data = self.stack.received(), self._data()
        self.talk.user("send", data)
        self._expect(
            lambda: self.stack.received() == before + data,
            f"{len(data)} bytes that `send` was given can be read on the other side",
            lambda: f"{len(self.stack.received()) - len(before)} bytes can be read, not the same",
        )

    def user_closes(self, yours: str) -> None:
        """Let the user close."""
        self.talk.user("close")
        self.talk.expect_state(yours)

    def peer_closes(self, its: str) -> None:
        """Let the whole TCP close its direction; what it sends stays under way."""
        self.stack.shut()
        self.talk.lab.wait(lambda: self.stack.state() == its)
        self._tell_table()

    def expect_states(self, yours: str, its: str) -> None:
        """Carry what is under way, and expect a state on both sides."""
        self._expect(
            lambda: (self.talk.state, self.stack.state()) == (yours, its),
            f"{yours} in your endpoint, {its} in the other side's table of connections",
            lambda: f"{self.talk.state} in your endpoint, {self.stack.state()} in the table",
        )
        self._tell_table()

    def expect_end_of_time_wait(self) -> None:
        """Let 2 MSL pass for the endpoint."""
        self.talk.tick(self.talk.now + _TIME_WAIT)
        self.talk.expect_nothing()
        self.talk.expect_state("CLOSED", why="2 MSL are over.")

    def note_states(self) -> None:
        """Say in the transcript which states the whole TCP's table has shown."""
        self.talk.lab.note(
            f"{self.talk.title}: the {self.stack.name}'s table said {', '.join(self.seen)}"
        )

    def _tell_table(self) -> None:
        self.seen.append(self.stack.state())
        self.talk.remark(f"the {self.stack.name}'s table says {self.seen[-1]}")

    def _data(self) -> bytes:
        return self.talk.lab.text(self.talk.lab.random.randrange(100, 400))

    def _expect(
        self,
        until: Callable[[], bool],
        expected: str,
        observed: Callable[[], str],
        why: str = "",
    ) -> None:
        """Carry segments until a condition holds; the clock runs as long as an ACK may wait."""
        end = self.talk.now + _ACK_DELAY

        def holds() -> bool:
            if until():
                return True
            if self.talk.now < end:
                self.talk.run(self.talk.now + _STEP)
            return False

        expect_soon(self.talk, self.stack, holds, expected, observed, why)


def _answer(lab: Lab, stack: Stack) -> Segment:
    """Wait for the answer to a SYN."""
    answers: list[Segment] = []

    def answered() -> bool:
        answers.extend(stack.sent())
        return bool(answers)

    if not lab.wait(answered) or answers[0].flags != SYN | ACK:
        raise RuntimeError(f"a SYN was answered by {', '.join(map(str, answers)) or 'nothing'}")
    return answers[0]


def _size(value: object) -> str:
    return f"{len(value)} bytes" if isinstance(value, bytes) else "no bytes"


def endpoint_first(c: Closing) -> None:
    """Let the endpoint close first, and then the whole TCP."""
    c.exchange_data()
    c.user_closes("FIN-WAIT-1")
    c.expect_states("FIN-WAIT-2", "CLOSE-WAIT")
    c.peer_closes("LAST-ACK")
    c.expect_states("TIME-WAIT", "CLOSED")
    c.talk.expect_all_received(eof=True)
    c.note_states()


def stack_first(c: Closing) -> None:
    """Let the whole TCP close first, and then the endpoint."""
    c.exchange_data()
    c.peer_closes("FIN-WAIT-1")
    c.expect_states("CLOSE-WAIT", "FIN-WAIT-2")
    c.talk.expect_all_received(eof=True)
    c.user_closes("LAST-ACK")
    c.expect_states("CLOSED", "TIME-WAIT")
    c.note_states()
