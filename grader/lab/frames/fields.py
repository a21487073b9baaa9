"""The headers as the RFCs draw them: each field in its order, with its width in bits.

Nothing here knows about lengths and checksums (see `reference`): a table and numbers go in, bytes
come out, and the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping

Table = Mapping[str, int]

#: RFC 894: the header of an Ethernet frame.
ETHERNET: Table = {"destination": 48, "source": 48, "type": 16}
#: RFC 826, for Ethernet and IPv4.
ARP: Table = {
    "hardware_type": 16,
    "protocol_type": 16,
    "hardware_length": 8,
    "protocol_length": 8,
    "operation": 16,
    "sender_mac": 48,
    "sender_ip": 32,
    "target_mac": 48,
    "target_ip": 32,
}
#: RFC 791, section 3.1, without options.
IPV4: Table = {
    "version": 4,
    "header_length": 4,
    "tos": 8,
    "total_length": 16,
    "identification": 16,
    "flags": 3,
    "fragment_offset": 13,
    "ttl": 8,
    "protocol": 8,
    "checksum": 16,
    "source": 32,
    "destination": 32,
}
#: RFC 768.
UDP: Table = {"source_port": 16, "destination_port": 16, "length": 16, "checksum": 16}
#: RFC 9293, section 3.1, without options.
TCP: Table = {
    "source_port": 16,
    "destination_port": 16,
    "sequence": 32,
    "acknowledgment": 32,
    "data_offset": 4,
    "reserved": 4,
    "flags": 8,
    "window": 16,
    "checksum": 16,
    "urgent": 16,
}
#: RFC 768 and RFC 9293, section 3.1: what a checksum covers besides the segment itself.
PSEUDO: Table = {"source": 32, "destination": 32, "zero": 8, "protocol": 8, "length": 16}


def size(table: Table) -> int:
    """Give how many bytes the fields take."""
    return sum(table.values()) // 8


def write(table: Table, values: Mapping[str, int]) -> bytes:
    """Give the bytes of a header, the highest bit of each field first.

    Args:
        table: the fields.
        values: the number of each; those that aren't fields of the table are left out.
    """
    whole = 0
    for name, width in table.items():
        if values[name] >> width:
            raise ValueError(f"{values[name]} is too wide for {name}")
        whole = whole << width | values[name]
    return whole.to_bytes(size(table), "big")


def read(table: Table, data: bytes) -> dict[str, int]:
    """Give the number in each field of the header at the beginning of some bytes."""
    whole = int.from_bytes(data[: size(table)], "big")
    left, found = 8 * size(table), {}
    for name, width in table.items():
        left -= width
        found[name] = whole >> left & (1 << width) - 1
    return found


def names(table: Table) -> list[str]:
    """Give for each byte of a header which fields lie in it."""
    owners = [name for name, width in table.items() for _ in range(width)]
    return [" and ".join(dict.fromkeys(owners[bit : bit + 8])) for bit in range(0, len(owners), 8)]
