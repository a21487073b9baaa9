"""What every echo server does for a client."""

from __future__ import annotations

from grader.lab.lab import Lab
from grader.lab.promise import promise
from grader.lab.server import Server

MIB = 1 << 20
#: A client that empties the buffers at once may make room for all that a careless server sends next.
SIPS, SIP_BYTES = 24, 8_192
#: What other programs take for a command.
COMMANDS = (b"quit", b"exit", b"bye", b"close", b"stop", b"end", b"q")


@promise(points=2)
def test_echoes(server: Server) -> None:
    """Sends back what a client sends, while the client waits for it."""
    why = (
        "A client sends, then waits for the echo before it sends more. Send back what each recv "
        "gives, at once, and go on until recv gives b''."
    )
    client = server.crowd(1)
    for size in (12, 1, 500, 1024, 4096, 8192):  # the last are sizes that buffers often have
        client.round_trip(size, why)


@promise(after="echoes")
def test_binary(server: Server, lab: Lab) -> None:
    """Echoes every byte value, with or without a newline."""
    values = [value for value in range(256) if value != ord("\n")]
    lab.random.shuffle(values)
    client = server.crowd(1)
    words = [word + end for word in COMMANDS for end in (b"", b"\n")]
    lab.random.shuffle(words)
    for data, what in (
        (bytes(values), "each byte value but newline"),
        (b"\n\0\r\n", "newlines"),
        *((word, repr(word)) for word in words),
    ):
        client[0].send(data)
        lab.note(f"the client sent {what}: {len(data)} bytes")
        client.expect_echo(
            "Bytes are not text: don't decode, strip or split them, and don't wait for a newline. No "
            "word means anything to the server: a client says with its FIN that it is done."
        )


@promise(points=2, after="echoes")
def test_large(server: Server, lab: Lab) -> None:
    """Echoes several MiB to a client that sends faster than it reads."""
    client = server.crowd(1, narrow=True)
    server.clogged_by(client, lab.random.randbytes(3 * MIB))
    with server.program.paused(whole=True):
        pass
    for _ in range(SIPS):
        client[0].read_some(SIP_BYTES)
        lab.wait(server.asleep, 0.2)
    client[0].read(True)
    lab.note(f"the client reads slowly, then fast: {len(client[0].sent)} bytes are to come back")
    client.expect_echo(
        "send may take only a part of what it is given, when the buffer is full or a signal comes; "
        f"what it returns says how much{server.where('send')}. The rest has to be sent as well.",
    )


@promise(after="echoes")
def test_half_close(server: Server, lab: Lab) -> None:
    """After the client's FIN, sends the rest of the echo and then end-of-file."""
    client = server.crowd(1).round_trip(16)
    with server.program.paused(whole=True):
        client.send(40_000)
        client[0].half_close()
        arrived = lab.wait(lambda: server.state_of(client[0]) in ("CLOSE_WAIT", ""))
        lab.note("the client sent 40000 bytes and FIN" + " that wait to be read" * arrived)
    why = (
        "A FIN closes one direction only: the client still reads. recv gives b'' once everything "
        "before the FIN was read; only then close, after the last byte was sent back."
    )
    client.expect_echo(why)
    client.expect_end_of_file(why)


@promise(after="echoes")
def test_one_after_another(server: Server) -> None:
    """Serves one client after another."""
    for _ in range(8):
        server.crowd(1).round_trip(
            32, "When a client has left, the server has to go back to accept."
        ).leave()
