"""A reader of PNG pictures with 8 bits a channel and no interlacing (RFC 2083)."""

from __future__ import annotations

import struct
import zlib

Pixel = tuple[int, int, int]


def read_png(content: bytes) -> list[list[Pixel]]:
    """Give the colours, row by row; transparency is left out."""
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", content[16:29])
    if depth != 8 or kind not in (2, 6) or interlaced:
        raise ValueError(f"a PNG of depth {depth}, kind {kind}, interlaced {interlaced}")
    size = 3 if kind == 2 else 4
    raw = zlib.decompress(b"".join(_data(content)))
    stride = width * size
    above, rows = bytearray(stride), []
    for at in range(0, height * (stride + 1), stride + 1):
        above = _unfiltered(raw[at], bytearray(raw[at + 1 : at + 1 + stride]), above, size)
        rows.append(list(zip(above[::size], above[1::size], above[2::size], strict=True)))
    return rows


def _data(content: bytes) -> list[bytes]:
    found, at = [], 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        if content[at + 4 : at + 8] == b"IDAT":
            found.append(content[at + 8 : at + 8 + length])
        at += 12 + length
    return found


def _unfiltered(kind: int, line: bytearray, above: bytearray, size: int) -> bytearray:
    """Undo the filter of a row (RFC 2083, section 6)."""
    for i in range(len(line) if kind else 0):
        left, up, corner = (
            (line[i - size], above[i], above[i - size]) if i >= size else (0, above[i], 0)
        )
        guess = left + up - corner
        nearest = min((left, up, corner), key=lambda value: abs(guess - value))
        line[i] = line[i] + (0, left, up, (left + up) // 2, nearest)[kind] & 255
    return line
