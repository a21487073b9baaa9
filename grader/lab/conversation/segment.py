"""TCP segments on the grader's side, and what one is expected to be (RFC 9293, section 3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from grader.lab.functions.show import text
from grader.lab.functions.wire import Made, Named, Outcome, Returned

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
ALL_FLAGS = FIN | SYN | RST | PSH | ACK
#: Sequence numbers are counted modulo this.
MODULUS = 1 << 32
_NAMES = {SYN: "SYN", FIN: "FIN", RST: "RST", PSH: "PSH", ACK: "ACK"}
_FULL_WINDOW = 65535
_TYPES = (int, int, int, int, int, int, bytes)
#: What a field holds at most, by its name.
_MOST = {
    "source_port": 0xFFFF, "destination_port": 0xFFFF, "seq": MODULUS - 1, "ack": MODULUS - 1,
    "flags": 0xFF, "window": 0xFFFF,
}  # fmt: skip


class Segment(NamedTuple):
    """One segment; the class that students are given has the same fields."""

    source_port: int
    destination_port: int
    seq: int
    ack: int
    flags: int
    window: int = _FULL_WINDOW
    payload: bytes = b""

    @property
    def length(self) -> int:
        """How many sequence numbers it takes: its bytes, and one each for SYN and FIN."""
        return len(self.payload) + bool(self.flags & SYN) + bool(self.flags & FIN)

    @property
    def end(self) -> int:
        """The sequence number after its last one."""
        return plus(self.seq, self.length)

    def __str__(self) -> str:
        return str(Pattern.of(self))

    def made(self) -> Made:
        """Give it as an argument that is made in the student's process."""
        return Made("segment.Segment", tuple(self))


def plus(number: int, more: int) -> int:
    """Add to a sequence number."""
    return (number + more) % MODULUS


def before(left: int, right: int) -> bool:
    """Tell whether a sequence number lies before another (RFC 9293, section 3.4)."""
    return 0 < (right - left) % MODULUS < MODULUS // 2


@dataclass(frozen=True)
class Pattern:
    """What a segment is expected to be. None means that any value is right; PSH doesn't matter.

    `ack` matters only with ACK among the flags.
    """

    flags: int
    seq: int | None = None
    ack: int | None = None
    payload: bytes | None = b""
    window: int | None = None

    @classmethod
    def of(cls, segment: Segment) -> Pattern:
        """Give the pattern that only this segment meets."""
        return cls(segment.flags, segment.seq, segment.ack, segment.payload, segment.window)

    def __str__(self) -> str:
        parts = [flag_names(self.flags)]
        parts += [f"seq={self.seq}"] * (self.seq is not None)
        parts += [f"ack={self.ack}"] * (self.ack is not None and bool(self.flags & ACK))
        parts += [f"win={self.window}"] * (self.window not in (None, _FULL_WINDOW))
        if self.payload:
            parts.append(f"len={len(self.payload)}")
        return " ".join(parts)

    def differences(self, segment: Segment) -> list[str]:
        """Say in what a segment differs from this."""
        found = []
        if (segment.flags ^ self.flags) & ~PSH:
            found.append(f"the flags are {flag_names(segment.flags)}, not {flag_names(self.flags)}")
        wanted = {"seq": self.seq, "window": self.window}
        if segment.flags & self.flags & ACK:
            wanted["ack"] = self.ack
        for name, value in wanted.items():
            got = getattr(segment, name)
            if value not in (None, got):
                found.append(f"{name} is {got}, not {value}")
        if self.payload is not None and segment.payload != self.payload:
            found.append(_payload_difference(segment.payload, self.payload))
        return found


def flag_names(flags: int) -> str:
    """Write control bits by their names."""
    names = [name for bit, name in _NAMES.items() if flags & bit]
    if unknown := flags & ~ALL_FLAGS:
        names.append(f"{unknown:#x}")
    return ",".join(names) or "no flags"


def _payload_difference(got: bytes, wanted: bytes) -> str:
    if len(got) != len(wanted):
        return f"it carries {len(got)} bytes of data, not {len(wanted)}"
    return f"its data is {text(got)}, not {text(wanted)}"


def segments(outcome: Outcome) -> list[Segment] | str:
    """Read what an endpoint wants to send; say what is wrong if that is no list of segments."""
    if not isinstance(outcome, Returned):
        return f"it {text(outcome, decimal=True)}"
    content = outcome.value
    if isinstance(content, Named) and (one := _segment(content)):
        return f"it gave one segment, {one}, that is not in a list"
    if not isinstance(content, list | tuple):
        return f"it {text(outcome, decimal=True)}, which is no list"
    found = []
    for item in content:
        segment = _segment(item)
        if segment is None:
            return f"the list holds {text(item, decimal=True)}, which is no segment"
        for name, most in _MOST.items():
            if not 0 <= getattr(segment, name) <= most:
                wraps = ": numbers wrap at 2^32" if name in ("seq", "ack") else ""
                return (
                    f"the list holds {segment}, whose {name} is {getattr(segment, name)}, "
                    f"which is not from 0 to {most}{wraps}"
                )
        found.append(segment)
    return found


def _segment(value: object) -> Segment | None:
    items = value.items if isinstance(value, Named) else value
    if not isinstance(items, tuple) or [*map(type, items)] != [*_TYPES]:
        return None
    return Segment(*items)
