"""Connections with a student's `teardown.Endpoint`, and how they get into a state (RFC 9293, 3.3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from grader.lab.conversation.closing import Connection, corners
from grader.lab.conversation.segment import plus
from grader.lab.functions.functions import Functions
from grader.lab.lab import Lab

BOTH_WAYS = ("active_close", "passive_close")
#: Longer than anything lasts, in seconds.
LONG = 300.0
ANSWERS = "Each segment that takes numbers is acknowledged, once; a plain ACK is never answered."


def connections(
    lab: Lab, functions: Functions, title: str, why: str = ANSWERS, most: int | None = None
) -> Iterator[Connection]:
    """Begin connections with numbers of each kind, one after the other; `most` limits how many."""
    first, *others = corners(lab.random)
    chosen = [first, *lab.random.sample(others, len(others))][:most]
    for numbers in chosen:
        connection = Connection(lab, functions, title, numbers, why)
        yield connection
        connection.expect_nothing()
    lab.note(f"{title}: {len(chosen)} connections, as expected")


def data(lab: Lab, largest: int = 60) -> bytes:
    """Draw what somebody sends."""
    return lab.text(lab.random.choice((1, 2, lab.random.randint(3, largest))))


def fin_wait_1(c: Connection) -> None:
    """Let the user close; FIN is under way."""
    c.close()
    c.expect_state("FIN-WAIT-1", why="FIN is sent, and not acknowledged yet.")


def fin_wait_2(c: Connection) -> None:
    """Let the user close, and the peer acknowledge that."""
    fin_wait_1(c)
    c.acknowledge()
    c.expect_state("FIN-WAIT-2", why="FIN is acknowledged; the peer may have more to send.")


def time_wait(c: Connection) -> None:
    """Let the user close, and then the peer."""
    fin_wait_2(c)
    c.arrive(fin=True)
    c.expect_state("TIME-WAIT", why="Both directions are closed, and your end closed first.")
    c.expect_ack()


def closing(c: Connection) -> None:
    """Let both ends close before either knows of it."""
    fin_wait_1(c)
    c.arrive(fin=True, ack=c.snd_una)
    c.expect_state("CLOSING", why="The peer's FIN is here; its ACK doesn't cover your FIN yet.")
    c.expect_ack()


def close_wait(c: Connection) -> None:
    """Let the peer close."""
    c.arrive(fin=True)
    c.expect_state("CLOSE-WAIT", why="The peer has closed, the user of your end has not.")
    c.expect_ack()


def last_ack(c: Connection) -> None:
    """Let the peer close, and then the user."""
    close_wait(c)
    c.close()
    c.expect_state("LAST-ACK", why="Both have closed; your FIN is not acknowledged yet.")


def expect_fin_acknowledged_again(c: Connection) -> None:
    """Let the peer send its FIN once more."""
    c.repeat(b"", True, plus(c.rcv_nxt, -1), c.snd_una)
    c.expect_ack(why="The peer sends its FIN again because your ACK got lost: it needs another.")
