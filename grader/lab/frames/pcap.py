"""Captured frames, from files in the classic format of pcap-savefile(5)."""

from __future__ import annotations

import struct
from pathlib import Path

#: Recorded between two namespaces of a Linux kernel by `scripts/record-captures`.
CAPTURES = Path(__file__).parent / "captures"
_MAGIC = 0xA1B2C3D4
_ETHERNET = 1
_FILE_HEADER, _FRAME_HEADER = "IHHiIII", "IIII"


def frames(file: Path) -> list[bytes]:
    """Give the frames of a capture, oldest first.

    Raises:
        ValueError: if it is not a capture of whole Ethernet frames.
    """
    data = file.read_bytes()
    order = next((o for o in "<>" if struct.unpack_from(f"{o}I", data) == (_MAGIC,)), "")
    if not order or struct.unpack_from(order + _FILE_HEADER, data)[-1] != _ETHERNET:
        raise ValueError(f"{file.name} is no capture of Ethernet frames")
    at = struct.calcsize(order + _FILE_HEADER)
    found = []
    while at < len(data):
        _seconds, _fraction, kept, length = struct.unpack_from(order + _FRAME_HEADER, data, at)
        at += struct.calcsize(order + _FRAME_HEADER)
        if kept != length or at + kept > len(data):
            raise ValueError(f"{file.name} has a frame that was cut off")
        found.append(data[at : at + kept])
        at += kept
    return found


def captured() -> dict[str, list[bytes]]:
    """Give all recorded frames by scene (`arp`, `tcp`, ...)."""
    found = {file.stem: frames(file) for file in sorted(CAPTURES.glob("*.pcap"))}
    if not found:
        raise ValueError(f"no captures in {CAPTURES}")
    return found
