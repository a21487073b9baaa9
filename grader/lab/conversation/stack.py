"""A whole TCP as the peer of a student's endpoint: the Linux kernel, or one that stands in for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from grader.lab.conversation.conversation import Conversation
from grader.lab.conversation.segment import Segment

#: Two endpoints that go on answering each other are stopped after so many segments. A right one may
#: send hundreds of bytes in as many segments, each of which is acknowledged.
_MOST_SEGMENTS = 4000


class Stack(Protocol):
    """One TCP with one connection. States are named as in RFC 9293, section 3.3.2."""

    #: What the diagram calls it.
    name: str

    def listen(self, port: int) -> None:
        """Wait for a connection on a port."""

    def connect(self, port: int, remote_port: int) -> None:
        """Begin to connect from a port to the student's endpoint."""

    def deliver(self, segment: Segment) -> None:
        """Let a segment arrive."""

    def sent(self) -> list[Segment]:
        """Give the segments that were sent since the last time."""

    def state(self) -> str:
        """Give the state of the connection; of none, "LISTEN" or "CLOSED"."""

    def send(self, data: bytes) -> None:
        """Send data."""

    def received(self) -> bytes:
        """Give all data that came in so far."""

    def shut(self) -> None:
        """Say that no more data will be sent: a FIN comes after what was sent."""

    def close(self) -> None:
        """Let go of everything that belongs to it."""


def converse(
    talk: Conversation, stack: Stack, until: Callable[[], bool], seconds: float = 2.0
) -> bool:
    """Carry segments between an endpoint and a stack until a condition holds.

    Args:
        talk: the conversation, whose peer the stack is.
        stack: the peer.
        until: the condition, which is looked at when nothing is under way.
        seconds: how long that may take; the endpoint's own clock stands still.

    Returns:
        Whether the condition came true in time.

    Raises:
        PromiseBrokenError: if the endpoint sends what can't be on a wire, or without end.
    """

    def carry() -> bool:
        quiet = False
        while not quiet:
            for segment in talk.drain():
                stack.deliver(segment)
            arriving = stack.sent()
            for segment in arriving:
                talk.deliver(segment)
                for answer in talk.drain():
                    stack.deliver(answer)
            quiet = not arriving
            if len(talk.rows) > _MOST_SEGMENTS:
                del talk.rows[20:]
                talk.fail(
                    "a conversation that comes to an end",
                    f"more than {_MOST_SEGMENTS} segments went to and fro",
                    "A segment without data, SYN or FIN is never answered if it is acceptable, or "
                    "two endpoints acknowledge each other's acknowledgements for ever.",
                )
        return until()

    return talk.lab.wait(carry, seconds)


def expect_soon(
    talk: Conversation,
    stack: Stack,
    until: Callable[[], bool],
    expected: str,
    observed: Callable[[], str],
    why: str = "",
) -> None:
    """Expect a condition to come true while segments are carried; `observed` is asked if it doesn't.

    Raises:
        PromiseBrokenError: if it is not true in time.
    """
    talk.lab.compared()
    if not converse(talk, stack, until):
        talk.fail(expected, observed(), why)
