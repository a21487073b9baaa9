"""Trials of each function of `frames.py`, with the calls that it may be put together from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from grader.lab.frames import reference
from grader.lab.frames.layers import (
    SHORTEST,
    TCP,
    UDP,
    Arp,
    Ethernet,
    IPv4,
    Layer,
    Tcp,
    Udp,
    made,
    named,
)
from grader.lab.frames.trials import Trial
from grader.lab.functions.cases import Error
from grader.lab.functions.functions import call

_CHECKSUM_AT = {UDP: 6, TCP: 16}
REFUSED = Error(["ValueError"])


def checksum(data: bytes) -> Trial:
    """Wants the checksum of some bytes."""
    return Trial(call("checksum", data), reference.checksum(data))


def pseudo_header(source: str, destination: str, protocol: int, length: int) -> Trial:
    """Wants a pseudo header."""
    wanted = reference.pseudo_header(source, destination, protocol, length)
    return Trial(
        call("pseudo_header", source, destination, protocol, length),
        wanted,
        "pseudo header",
    )


def build_ethernet(header: Ethernet, payload: bytes) -> Trial:
    """Wants a frame; padding may follow."""
    frame = reference.ethernet(header, payload)
    return Trial(
        call("build_ethernet", made(header), payload),
        frame,
        "Ethernet",
        prefix=len(frame),
    )


def parse_ethernet(header: Ethernet, payload: bytes) -> Trial:
    """Wants a frame's header and its payload."""
    frame = reference.ethernet(header, payload)
    return Trial(call("parse_ethernet", frame), (named(header), payload))


def build_arp(arp: Arp) -> Trial:
    """Wants an ARP packet."""
    data = reference.arp(arp)
    return Trial(call("build_arp", made(arp)), data, "Arp")


def parse_arp(arp: Arp) -> Trial:
    """Wants what an ARP packet says."""
    return Trial(call("parse_arp", reference.arp(arp)), named(arp))


def build_ipv4(header: IPv4, payload: bytes) -> Trial:
    """Wants a packet."""
    data = reference.ipv4(header, payload)
    return Trial(
        call("build_ipv4", made(header), payload),
        data,
        "IPv4",
        needs=lambda: (checksum(reference.ipv4(header, b"", total_length=len(data), checksum=0)),),
    )


def parse_ipv4(header: IPv4, payload: bytes) -> Trial:
    """Wants a packet's header and its payload."""
    data = reference.ipv4(header, payload)

    def needs() -> tuple[Trial, ...]:
        bare = reference.ipv4(header, b"", total_length=len(data), checksum=0)
        return checksum(bare), checksum(data[: len(bare)])

    return Trial(
        call("parse_ipv4", data),
        (named(header), payload),
        needs=needs,
    )


def build_udp(header: Udp, payload: bytes, source: str, destination: str) -> Trial:
    """Wants a datagram."""
    between = (source, destination)
    data = reference.udp(header, payload, *between)
    return Trial(
        call("build_udp", made(header), payload, *between),
        data,
        "Udp",
        needs=lambda: _covered(data, between, UDP),
    )


def parse_udp(
    header: Udp, payload: bytes, source: str, destination: str, after: bytes = b"", **forged: int
) -> Trial:
    """Wants a datagram's header and its payload, though other bytes follow."""
    between = (source, destination)
    data = reference.udp(header, payload, source, destination, **forged)
    return Trial(
        call("parse_udp", data + after, *between),
        (named(header), payload),
        needs=lambda: _covered(data, between, UDP),
    )


def build_tcp(header: Tcp, payload: bytes, source: str, destination: str) -> Trial:
    """Wants a segment."""
    between = (source, destination)
    data = reference.tcp(header, payload, *between)
    return Trial(
        call("build_tcp", made(header), payload, *between),
        data,
        "Tcp",
        needs=lambda: _covered(data, between, TCP),
    )


def parse_tcp(header: Tcp, payload: bytes, source: str, destination: str, **forged: int) -> Trial:
    """Wants a segment's header and its payload."""
    between = (source, destination)
    data = reference.tcp(header, payload, source, destination, **forged)
    return Trial(
        call("parse_tcp", data, *between),
        (named(header), payload),
        needs=lambda: _covered(data, between, TCP),
    )


def encapsulate(layers: Sequence[Layer], padding_judged: bool = False) -> Trial:
    """Wants the frame of some layers; unless padding is judged, a short frame may go without it."""
    bare = reference.build(layers)
    wanted = reference.padded(bare) if padding_judged else bare
    short = not padding_judged and len(bare) < SHORTEST
    return Trial(
        call("encapsulate", [made(layer) for layer in layers]),
        wanted,
        "Ethernet",
        deep=True,
        prefix=len(bare) if short else None,
        needs=lambda: _each(layers, BUILD),
    )


def decapsulate(layers: Sequence[Layer], padding: bytes = b"") -> Trial:
    """Wants the layers of a frame, though padding may follow."""
    return Trial(
        call("decapsulate", reference.build(layers) + padding),
        [named(layer) for layer in layers],
        needs=lambda: _each(layers, PARSE),
    )


#: The trials of the functions for one header, by header.
BUILD: dict[type, Callable[..., Trial]] = {
    Ethernet: build_ethernet, Arp: build_arp, IPv4: build_ipv4, Udp: build_udp, Tcp: build_tcp,
}  # fmt: skip
PARSE: dict[type, Callable[..., Trial]] = {
    Ethernet: parse_ethernet, Arp: parse_arp, IPv4: parse_ipv4, Udp: parse_udp, Tcp: parse_tcp,
}  # fmt: skip


def _each(
    layers: Sequence[Layer], trials: Mapping[type, Callable[..., Trial]]
) -> tuple[Trial, ...]:
    """Give the trial of each header of a frame, with the payload that it has there."""
    return tuple(
        trials[type(header)](header, *details) for header, details, _ in reference.steps(layers)
    )


def refused(function: str, *arguments: object) -> Trial:
    """Wants a ValueError."""
    return Trial(call(function, *arguments), REFUSED)


def _covered(segment: bytes, between: tuple[str, str], protocol: int) -> tuple[Trial, ...]:
    """Want the pseudo header, and the sums over it and a segment with and without its checksum."""
    at = _CHECKSUM_AT[protocol]
    pseudo = reference.pseudo_header(*between, protocol, len(segment))
    bare = segment[:at] + bytes(2) + segment[at + 2 :]
    return (
        pseudo_header(*between, protocol, len(segment)),
        checksum(pseudo + bare),
        checksum(pseudo + segment),
    )
