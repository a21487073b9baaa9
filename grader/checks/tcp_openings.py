"""How conversations with a student's `handshake.Endpoint` begin and go on."""

from __future__ import annotations

from random import Random

from grader.lab.conversation.conversation import Conversation
from grader.lab.conversation.segment import ACK, SYN, Pattern, plus
from grader.lab.functions.functions import Functions
from grader.lab.functions.objects import Object
from grader.lab.lab import Lab

#: The promises about what every conversation begins with.
OPENINGS = ("active_open", "passive_open")
#: How often a conversation is led, with other numbers each time.
ROUNDS = 3
#: Sequence numbers after which counting goes wrong if it ever does.
CORNERS = (0, 1, (1 << 31) - 1, 1 << 31, (1 << 32) - 2, (1 << 32) - 1)
#: How long conversations with lost segments go on, in steps of so many seconds.
LOSS_SECONDS, STEP = 40.0, 0.1
#: Seconds until the first repetition: 1 (RFC 6298, 2.1), or 3 as it was before; a step either way.
FIRST_GAP = (0.85, 3.25)
#: By how much each wait may be longer than the one before: twice (RFC 6298, 5.5), or so.
GROWTH = (1.75, 2.5)
FEWEST_REPETITIONS = 3

SYN_ACK = SYN | ACK


def number(random: Random) -> int:
    """Draw a sequence number that is far from the corners."""
    return random.randrange(1 << 12, (1 << 32) - (1 << 20))


def begin(
    lab: Lab, functions: Functions, title: str, iss: int, why: str = "", peer: str = "peer"
) -> Conversation:
    """Make an endpoint, and begin a conversation with it."""
    local, remote = lab.random.sample(range(1024, 65_536), 2)
    endpoint = Object(functions, "Endpoint", local, iss)
    title = f"{title}, iss {iss}"
    return Conversation(lab, endpoint, title, local, remote, why=why, peer=peer)


def connecting(
    lab: Lab, functions: Functions, title: str, iss: int, why: str = "", now: float = 0.0
) -> Conversation:
    """Let an endpoint connect: it has sent its SYN, and is in SYN-SENT."""
    talk = begin(lab, functions, title, iss, why)
    if now:
        talk.tick(now)
    talk.user("connect", talk.remote_port)
    talk.expect(
        Pattern(SYN, iss),
        why="connect sends one SYN, whose sequence number is the iss that the endpoint was made "
        "with, from the local port to the one that connect is given.",
    )
    return talk


def asked(
    lab: Lab, functions: Functions, title: str, iss: int, irs: int, why: str = ""
) -> Conversation:
    """Let a peer's SYN reach an endpoint that listens: it has answered, and is in SYN-RECEIVED."""
    talk = begin(lab, functions, title, iss, why)
    talk.user("listen")
    talk.peer(SYN, irs)
    talk.expect(
        Pattern(SYN_ACK, iss, plus(irs, 1)),
        why="A SYN is answered by one segment with SYN and ACK. The peer's SYN takes one sequence "
        "number, so what is expected next from it, and acknowledged, is SEG.SEQ + 1.",
    )
    return talk


def established(talk: Conversation, iss: int, irs: int, why: str = "", window: int = 65535) -> None:
    """Let an endpoint in SYN-SENT get the answer to its SYN."""
    talk.peer(SYN_ACK, irs, plus(iss, 1), window=window)
    talk.expect(
        Pattern(ACK, plus(iss, 1), plus(irs, 1)),
        why=why
        or "The third segment of the handshake: ACK alone. Either SYN took one sequence "
        "number, so it begins at iss + 1 and acknowledges SEG.SEQ + 1.",
    )
    talk.expect_state("ESTABLISHED", why=why)


def expect_backoff(talk: Conversation, begun: float, why: str, *wanted: Pattern) -> None:
    """Let time pass while nothing arrives; expect one segment again and again, ever more slowly.

    Args:
        talk: the conversation, in which it was sent at `begun`.
        begun: when it was sent first.
        why: the hint.
        wanted: what may be repeated.
    """
    shown = " or ".join(map(str, wanted))
    talk.run(begun + LOSS_SECONDS, STEP)
    last, wait, count = begun, 0.0, 0
    while (time := talk.next_time()) is not None:
        shortest, longest = (wait * factor for factor in GROWTH) if wait else FIRST_GAP
        talk.lab.compared()
        if not shortest <= time - last <= longest:
            rule = f"twice that, about {2 * wait:.1f} s," if wait else "1 s"
            before = f"the last time {wait:.1f} s had passed; now " if wait else ""
            talk.refuse(
                f"{shown} again after {rule} without an answer",
                f"{before}it was sent again after {time - last:.1f} s",
                why,
            )
        talk.expect(*wanted, why=why)
        last, wait, count = time, time - last, count + 1
    if count < FEWEST_REPETITIONS:
        seen = f"it was sent again {count} times in {LOSS_SECONDS:g} s" if count else "it was not"
        talk.refuse(f"{shown} is sent again, after 1 s, 2 s more, 4 s more and so on", seen, why)


def expect_rest(talk: Conversation, why: str) -> None:
    """Expect that nothing is sent while time passes and nothing is under way."""
    talk.run(talk.now + LOSS_SECONDS, 0.5)
    talk.expect_nothing(why)
    talk.end()
