"""A TCP segment as these exercises see it (RFC 9293, section 3.1). Given: there is nothing to write."""

from typing import NamedTuple

# The control bits.
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
NAMES = {SYN: "SYN", FIN: "FIN", RST: "RST", PSH: "PSH", ACK: "ACK"}


class Segment(NamedTuple):
    """One segment, a named tuple.

    `flags` are control bits, put together with `|` and looked at with `&`. `seq` and `ack` are from
    0 to 2**32 - 1. `ack` means something only if ACK is among the flags.
    """

    source_port: int
    destination_port: int
    seq: int
    ack: int
    flags: int
    window: int = 65535
    payload: bytes = b""

    @property
    def length(self):
        """How many sequence numbers the segment takes: its bytes, and one each for SYN and FIN."""
        return len(self.payload) + bool(self.flags & SYN) + bool(self.flags & FIN)

    def __str__(self):
        names = ",".join(name for bit, name in NAMES.items() if self.flags & bit) or "no flags"
        return f"{names} seq={self.seq} ack={self.ack} win={self.window} len={len(self.payload)}"
