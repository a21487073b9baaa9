"""A student's `handshake.Endpoint` and a whole TCP open a connection."""

from __future__ import annotations

from grader.checks.tcp_openings import begin, number
from grader.lab.conversation.conversation import Conversation
from grader.lab.conversation.stack import Stack, expect_soon
from grader.lab.functions.functions import Functions
from grader.lab.functions.show import text
from grader.lab.lab import Lab
from grader.lab.tun.kernel import peer

BOTH_ESTABLISHED = ("ESTABLISHED", "ESTABLISHED")


def open_with(lab: Lab, functions: Functions, stack: Stack, kernel_connects: bool) -> None:
    """Let a whole TCP and an endpoint open a connection, and exchange data.

    Args:
        lab: the check.
        functions: the student's.
        stack: the whole TCP.
        kernel_connects: whether the active open is its, rather than the student's.

    Raises:
        PromiseBrokenError: if it doesn't come to that.
    """
    who = f"the {stack.name} connects" if kernel_connects else f"connect to the {stack.name}"
    talk = begin(lab, functions, who, number(lab.random), peer=stack.name)
    talk.why = (
        "A whole TCP takes part, which does all that RFC 9293 says. The diagram shows every segment "
        "in both directions. Real segments have other windows, and PSH beside other flags; and who is "
        "told of a window of 0 may send nothing."
    )
    exchange(talk, stack, kernel_connects)
    lab.note(f"{who}: ESTABLISHED in the {stack.name}'s table as well, data went both ways")


def exchange(talk: Conversation, stack: Stack, kernel_connects: bool) -> None:
    """Open a connection, let data go both ways, and hold it against what the other side has."""
    if kernel_connects:
        talk.user("listen")
        stack.connect(talk.remote_port, talk.local_port)
    else:
        stack.listen(talk.remote_port)
        talk.user("connect", talk.remote_port)
    expect_soon(
        talk, stack, lambda: (talk.state, stack.state()) == BOTH_ESTABLISHED,
        "ESTABLISHED on both sides",
        lambda: f"{talk.state} in your endpoint, {stack.state()} on the other side",
    )  # fmt: skip
    talk.remark(f"the {stack.name}'s table says {stack.state()}")
    random = talk.lab.random
    question, answer = (talk.lab.text(random.randrange(100, 400)) for _ in range(2))
    stack.send(question)
    expect_soon(
        talk, stack, lambda: talk.value("received") == question,
        f"{len(question)} bytes that the other side has to send come in and are in `received`",
        lambda: f"`received` is {text(talk.value('received'))}",
    )  # fmt: skip
    talk.user("send", answer)
    expect_soon(
        talk, stack, lambda: stack.received() == answer,
        f"{len(answer)} bytes that `send` was given can be read on the other side",
        lambda: f"{len(stack.received())} bytes can be read, not the same",
    )  # fmt: skip


def tell_opening(lab: Lab, functions: Functions, kernel_connects: bool) -> None:
    """Tell how a whole TCP and an endpoint open a connection, segment by segment."""
    stack = peer(lab)
    who = f"the {stack.name} connects" if kernel_connects else f"connect to the {stack.name}"
    talk = begin(lab, functions, who, number(lab.random), peer=stack.name)
    try:
        exchange(talk, stack, kernel_connects)
    finally:
        stack.close()
    talk.tell()
