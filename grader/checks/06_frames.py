"""06_frames: headers by the RFCs' tables, and frames that a real kernel sent."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from random import Random

from grader.lab.frames import calls, draw, hostile, pcap, reading, reference, sums
from grader.lab.frames.layers import (
    REPLY,
    REQUEST,
    SHORTEST,
    TCP,
    UDP,
    Layer,
    made,
)
from grader.lab.frames.trials import Trial, expect
from grader.lab.functions.functions import Functions
from grader.lab.lab import Lab
from grader.lab.promise import promise

DRAWN = 100
#: Payloads with which the upper byte of a length isn't 0, and that still fit into a frame.
LARGE = 256, 1400
#: Frames of this length need no padding, even if four bytes of CRC were counted.
LONG = SHORTEST + 4
#: The sum of these needs more than one fold, in several ways.
CARRIES = ("ffffffff0001", "ffffffffffff0002", "8000800080008000", "ffff0001", "fffffffe0002")


@promise()
def test_ethernet(lab: Lab, functions: Functions) -> None:
    """Ethernet: destination, source and type are built and parsed."""
    drawn = [(draw.ethernet(lab.random), data) for data in payloads(lab.random)]
    trials = [
        trial(*each) for each in drawn for trial in (calls.build_ethernet, calls.parse_ethernet)
    ]
    expect(
        lab, functions, trials,
        "Six bytes of destination, six of source, two of type in network order, then the payload.",
    )  # fmt: skip


def payloads(random: Random) -> list[bytes]:
    """Draw payloads: an empty one, long ones, and others."""
    large = [draw.payload(random, *LARGE) for _ in range(10)]
    return [b"", *large, *(draw.payload(random) for _ in range(DRAWN))]


@promise()
def test_arp_request(lab: Lab, functions: Functions) -> None:
    """ARP: a request is built and parsed."""
    arp(lab, functions, REQUEST)


@promise()
def test_arp_reply(lab: Lab, functions: Functions) -> None:
    """ARP: a reply is built and parsed."""
    arp(lab, functions, REPLY)


def arp(lab: Lab, functions: Functions, operation: int) -> None:
    """Hold ARP packets of one operation against the table."""
    drawn = [draw.arp(lab.random, operation) for _ in range(DRAWN)]
    expect(
        lab, functions,
        [trial(each) for each in drawn for trial in (calls.build_arp, calls.parse_arp)],
        "The kinds and the lengths of the addresses come first and are always the same for Ethernet "
        "and IPv4; then the operation; then the sender's MAC and IP address, and the target's.",
    )  # fmt: skip


@promise(points=2)
def test_checksum(lab: Lab, functions: Functions) -> None:
    """`checksum` gives the Internet checksum of any bytes: odd lengths, all ones, none at all."""
    data = [bytes.fromhex(digits) for digits in CARRIES]
    data += [byte * size for byte in (b"\0", b"\xff", b"\x01") for size in (*range(9), 40, 4095)]
    data += [lab.random.randbytes(lab.random.randrange(60)) for _ in range(4 * DRAWN)]
    data += [lab.random.randbytes(size) for size in (1499, 1500, 9000, 9001)]
    with_sum = [
        each + reference.checksum(each).to_bytes(2, "big")
        for each in data[-50:]
        if not len(each) % 2
    ]
    expect(
        lab, functions, [calls.checksum(each) for each in data + with_sum],
        "Add 16-bit words in network order; what is beyond 16 bits comes in again at the bottom, as "
        "often as there is any; then flip all bits. An odd last byte is the upper half of a word.",
    )  # fmt: skip


@promise()
def test_pseudo_header(lab: Lab, functions: Functions) -> None:
    """`pseudo_header` gives the 12 bytes that a UDP or TCP checksum covers besides."""
    trials = [
        calls.pseudo_header(
            draw.address(lab.random),
            draw.address(lab.random),
            lab.random.choice((UDP, TCP, draw.number(lab.random, 8))),
            draw.number(lab.random, 16),
        )
        for _ in range(3 * DRAWN)
    ]
    expect(
        lab, functions, trials,
        "Source and destination address, a byte of 0, the protocol, and 16 bits for the length of "
        "the segment, header included.",
    )  # fmt: skip


@promise(points=2)
def test_ipv4(lab: Lab, functions: Functions) -> None:
    """IPv4: headers with options and of fragments are built and parsed."""
    drawn = [(draw.ipv4(lab.random), data) for data in payloads(lab.random)]
    drawn += [(sums.ipv4_of_zero(header, data), data) for header, data in drawn[:20]]
    drawn.append((draw.ipv4(lab.random)._replace(options=b""), b""))
    trials = [trial(*each) for each in drawn for trial in (calls.build_ipv4, calls.parse_ipv4)]
    trials += bad_options(lab.random, "build_ipv4", draw.ipv4(lab.random), b"payload")
    expect(
        lab, functions, trials,
        "The header length counts words of four bytes, options included; the total length counts "
        "bytes, header included. The flags are the upper 3 bits of 16, the fragment offset is the "
        "lower 13. The checksum covers the header with its options, and nothing else. One that comes "
        "out as 0 is a 0.",
    )  # fmt: skip


@promise(points=2)
def test_udp(lab: Lab, functions: Functions) -> None:
    """UDP: headers are built and parsed, with their lengths and checksums."""
    trials = []
    for data in payloads(lab.random):
        header, between = draw.udp(lab.random), (draw.address(lab.random), draw.address(lab.random))
        trials += [calls.build_udp(header, data, *between), calls.parse_udp(header, data, *between)]
        trials.append(calls.parse_udp(header, data, *between, after=draw.payload(lab.random, 1, 9)))
        trials.append(calls.parse_udp(header, data, *between, checksum=0))
        zero = sums.udp_of_zero(header, data, *between)
        trials += [calls.build_udp(header, zero, *between), calls.parse_udp(header, zero, *between)]
    expect(
        lab, functions, trials,
        "The length counts the header's 8 bytes as well, and what follows after so many bytes is not "
        "the datagram's. The checksum covers the pseudo header, the header with a checksum of 0, and "
        "the payload. A 0 in its place means that there is none: a sum that is 0 is sent as ffff.",
    )  # fmt: skip


@promise(points=2)
def test_tcp(lab: Lab, functions: Functions) -> None:
    """TCP: headers with any flags and options are built and parsed, with their checksums."""
    trials = []
    for data in payloads(lab.random):
        header, between = draw.tcp(lab.random), (draw.address(lab.random), draw.address(lab.random))
        reserved = lab.random.randrange(16)
        for each in (header, sums.tcp_of_zero(header, data, *between)):
            trials += [calls.build_tcp(each, data, *between), calls.parse_tcp(each, data, *between)]
        trials.append(calls.parse_tcp(header, data, *between, reserved=reserved))
    between = (draw.address(lab.random), draw.address(lab.random))
    bare = draw.tcp(lab.random)._replace(options=b"")
    trials += [calls.build_tcp(bare, b"", *between), calls.parse_tcp(bare, b"", *between)]
    trials += bad_options(lab.random, "build_tcp", draw.tcp(lab.random), b"payload", *between)
    expect(
        lab, functions, trials,
        "The data offset is the upper half of byte 12, and counts words of four bytes, options "
        "included. The lower half is reserved: 0 in what you build, not looked at in what you parse. "
        "The flags are byte 13. The checksum covers pseudo header, header, options and payload; it is "
        "never left out, so one that comes out as 0 is a 0.",
    )  # fmt: skip


def bad_options(random: Random, function: str, header: Layer, *arguments: object) -> list[Trial]:
    """Want options refused that don't fill whole words, or more than ten."""
    assert not isinstance(header, bytes)
    trials = []
    for size in (1, 2, 3, 5, 39, 41, 44, 60):
        forged = header._replace(options=random.randbytes(size))  # type: ignore[call-arg]
        trials.append(calls.refused(function, made(forged), *arguments))
    return trials


def drawn_layers(random: Random, least: int, most: int) -> list[list[Layer]]:
    """Draw the layers of many frames."""
    return [draw.layers(random, random.choice(draw.STACKS), least, most) for _ in range(DRAWN)] + [
        draw.layers(random, stack, least, most) for stack in draw.STACKS
    ]


def captured_layers() -> list[list[Layer]]:
    """Give the layers of all frames that a kernel sent."""
    return [reading.layers(frame) for scene in pcap.captured().values() for frame in scene]


@promise()
def test_encapsulate(lab: Lab, functions: Functions) -> None:
    """`encapsulate` puts layers into each other: ARP, IPv4 with UDP, TCP or bytes, and other types."""
    layers = drawn_layers(lab.random, 50, 100)
    layers += [each for each in captured_layers() if len(reference.build(each)) >= LONG]
    expect(
        lab, functions, [calls.encapsulate(each) for each in layers],
        "From the inside out: what one layer gives is the next one's payload. The last item is the "
        "payload, or an Arp. UDP and TCP take the addresses of the IPv4 header before them.",
    )  # fmt: skip


@promise(points=2)
def test_decapsulate(lab: Lab, functions: Functions) -> None:
    """`decapsulate` gives a frame's layers from outside in; a fragment's payload stays bytes."""
    layers = drawn_layers(lab.random, 50, 100)
    trials = []
    for each in layers:
        frame = reference.build(each)
        trials.append(calls.decapsulate(each, bytes(max(0, SHORTEST - len(frame)))))
    expect(
        lab, functions, trials,
        "Ethernet's type says what comes next, and IPv4's protocol what comes then. What you have no "
        "parser for stays bytes, and so does any fragment: the first one has only the beginning of "
        "a datagram, and the others don't even have its header.",
    )  # fmt: skip


@promise(after="decapsulate")
def test_truncated(lab: Lab, functions: Functions) -> None:
    """Bytes that are cut off, or whose lengths contradict each other, raise ValueError."""
    asked = [
        *hostile.cut(lab.random),
        *hostile.lying(lab.random),
        *hostile.garbage(lab.random, 100),
    ]
    expect(
        lab, functions, hostile.refusals(asked, reading.TruncatedError),
        "Before a field is read, there have to be that many bytes. A length in a header is a claim: "
        "hold it against the least that a header has, and against the bytes that are there. "
        "IndexError and struct.error are no ValueErrors.",
    )  # fmt: skip


@promise(after="decapsulate")
def test_corrupted(lab: Lab, functions: Functions) -> None:
    """A wrong checksum, another version than 4, or another kind of ARP raises ValueError."""
    asked = [
        *hostile.flipped(lab.random, DRAWN),
        *hostile.seemingly_unchecked(lab.random, DRAWN),
        *hostile.misdelivered(lab.random, 40),
        *hostile.of_other_kinds(lab.random),
    ]
    expect(
        lab, functions, hostile.refusals(asked, reading.CorruptedError),
        "A bit may have changed on the way. The checksum over bytes that have their checksum in them "
        "is 0, if nothing has. A 0 in its place means that there is none in UDP only. Look at the "
        "version, and at ARP's kinds and lengths, too.",
    )  # fmt: skip


@promise(after="encapsulate")
def test_padding(lab: Lab, functions: Functions) -> None:
    """A short frame is filled with zeros up to 60 bytes, and padding is no payload."""
    layers = drawn_layers(lab.random, 0, 50)
    trials = [calls.encapsulate(each, padding_judged=True) for each in layers]
    for each in layers:
        short = max(0, SHORTEST - len(reference.build(each)))
        if not isinstance(each[1], bytes):
            size = lab.random.choice((short, short, short + 4, lab.random.randrange(short + 40)))
            filling = lab.random.choice((bytes(size), lab.random.randbytes(size)))
            trial = calls.decapsulate(each, filling)
            trials.append(replace(trial, needs=partial(unpadded, each)))
    expect(
        lab, functions, trials,
        "A frame has 60 bytes at least; a longer one stays as it is. On the way back, IPv4's total "
        "length says where the packet ends: what follows is padding.",
    )  # fmt: skip


def unpadded(layers: list[Layer]) -> tuple[Trial, ...]:
    """Want a frame taken apart that has no padding."""
    return (calls.decapsulate(layers),)


@promise(points=2, after="decapsulate")
def test_real_capture(lab: Lab, functions: Functions) -> None:
    """Frames that a Linux kernel sent are taken apart: ARP, ping, UDP, a whole TCP connection."""
    layers = captured_layers()
    expect(
        lab, functions, [calls.decapsulate(each) for each in layers],
        "These frames are as tcpdump saw them between two hosts. A frame on its way out of the kernel "
        "isn't padded yet: it may be shorter than 60 bytes.",
    )  # fmt: skip
