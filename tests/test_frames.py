"""The reference for frames against scapy, the captures against the kernel's own words, and messages."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scapy.layers.inet import ICMP, IP, TCP, UDP, in4_chksum
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet, Raw
from scapy.utils import checksum as scapy_checksum

from grader.lab.frames import calls, draw, fields, hostile, layers, pcap, reading, reference
from grader.lab.frames.layers import Arp, Ethernet, IPv4, Layer, Tcp, Udp
from grader.lab.frames.naming import bytes_differ, described, headers_differ, owners
from grader.lab.frames.reading import CorruptedError, RefusedError, TruncatedError
from grader.lab.frames.trials import Trial, expect
from grader.lab.functions.functions import Call, Functions
from grader.lab.functions.wire import Named, Returned
from grader.lab.lab import Lab
from grader.lab.transcript import PromiseBrokenError

SOLUTION = (Path(__file__).parents[1] / "solutions/06_frames/frames.py").read_text()
EXAMPLES = settings(deadline=None, max_examples=50)
SEEDS = st.integers(0, 1 << 64)
STACKS = st.sampled_from(draw.STACKS)
CAPTURED = [(scene, frame) for scene, found in pcap.captured().items() for frame in found]


def checksums_hold(frame: bytes) -> None:
    """Let scapy sum up a frame's packet and segment, with their checksums in place."""
    match reading.layers(frame):
        case [Ethernet(), IPv4() as ip, *inside]:
            packet = frame[14:]
            end = 20 + len(ip.options)
            assert scapy_checksum(packet[:end]) == 0
            if isinstance(inside[0], Tcp | Udp):
                between = IP(src=ip.source, dst=ip.destination)
                assert in4_chksum(ip.protocol, between, packet[end:]) == 0


def as_scapy(content: Sequence[Layer]) -> bytes:
    """Build a frame with scapy, which computes lengths and checksums itself."""
    frame: Any = None
    for layer in content:
        part = _scapy_layer(layer)
        frame = part if frame is None else frame / part
    return bytes(frame)


def _scapy_layer(layer: Layer) -> Packet:
    match layer:
        case Ethernet():
            return Ether(dst=layer.destination, src=layer.source, type=layer.type)
        case Arp():
            return ARP(
                op=layer.operation, hwsrc=layer.sender_mac, psrc=layer.sender_ip,
                hwdst=layer.target_mac, pdst=layer.target_ip,
            )  # fmt: skip
        case IPv4():
            return IP(
                src=layer.source, dst=layer.destination, proto=layer.protocol, ttl=layer.ttl,
                tos=layer.tos, id=layer.identification, flags=layer.flags,
                frag=layer.fragment_offset,
            )  # fmt: skip
        case Udp():
            return UDP(sport=layer.source_port, dport=layer.destination_port)
        case Tcp():
            return TCP(
                sport=layer.source_port, dport=layer.destination_port, seq=layer.sequence,
                ack=layer.acknowledgment, flags=layer.flags, window=layer.window,
                urgptr=layer.urgent,
            )  # fmt: skip
    return Raw(layer)


@EXAMPLES
@given(st.binary(max_size=300))
def test_checksum_is_scapys(data: bytes) -> None:
    assert reference.checksum(data) == scapy_checksum(data)


@EXAMPLES
@given(SEEDS, STACKS)
def test_frames_are_read_back(seed: int, stack: str) -> None:
    content = draw.layers(Random(seed), stack, 0)
    assert reading.layers(reference.build(content)) == content


@EXAMPLES
@given(SEEDS, STACKS)
def test_frames_without_options_are_scapys(seed: int, stack: str) -> None:
    content = [
        layer._replace(options=b"") if isinstance(layer, IPv4 | Tcp) else layer
        for layer in draw.layers(Random(seed), stack, 0)
    ]
    assert reference.build(content) == as_scapy(content)


@EXAMPLES
@given(SEEDS, STACKS)
def test_scapy_finds_every_length_and_checksum_right(seed: int, stack: str) -> None:
    frame = reference.build(draw.layers(Random(seed), stack, 0))
    checksums_hold(frame)


@pytest.mark.parametrize(("scene", "frame"), CAPTURED)
def test_captures_are_read_and_built_again(scene: str, frame: bytes) -> None:
    content = reading.layers(frame)
    assert reference.build(content) == frame
    checksums_hold(frame)
    parsed: Any = Ether(frame)
    match content:
        case [Ethernet(), Arp() as arp]:
            assert (arp.operation, arp.sender_mac, arp.sender_ip, arp.target_mac, arp.target_ip) == (
                parsed.op, parsed.hwsrc, parsed.psrc, parsed.hwdst, parsed.pdst
            )  # fmt: skip
        case [Ethernet() as ethernet, IPv4() as ip, *inside]:
            assert ethernet == (parsed.dst, parsed.src, parsed.type)
            packet = parsed[IP]
            assert (ip.source, ip.destination, ip.protocol) == (
                packet.src,
                packet.dst,
                packet.proto,
            )
            assert (ip.flags, ip.fragment_offset) == (packet.flags, packet.frag)
            if isinstance(inside[0], Tcp):
                segment = packet[TCP]
                assert inside[0][:7] == (
                    segment.sport, segment.dport, segment.seq, segment.ack, segment.flags,
                    segment.window, segment.urgptr,
                )  # fmt: skip
                assert inside[1] == bytes(segment.payload)
            elif isinstance(inside[0], Udp):
                assert inside[0] == (packet[UDP].sport, packet[UDP].dport)
                assert inside[1] == bytes(packet[UDP].payload)


def test_captures_show_what_the_handout_says() -> None:
    found = {
        scene: [reading.layers(frame) for frame in each] for scene, each in pcap.captured().items()
    }
    arps = [content[1] for content in found["arp"] if isinstance(content[1], Arp)]
    assert [arp.operation for arp in arps] == [layers.REQUEST, layers.REPLY]
    segments = [content[2] for content in found["tcp"] if isinstance(content[2], Tcp)]
    flags = [segment.flags & 0x1F for segment in segments]
    assert flags[:3] == [2, 18, 16]
    assert sum(bool(each & 1) for each in flags) == 2
    assert flags[-1] == 20
    assert any(segment.urgent for segment in segments)
    packets = [content[1] for content in found["fragments"] if isinstance(content[1], IPv4)]
    assert [(packet.flags, packet.fragment_offset) for packet in packets] == [
        (1, 0),
        (1, 69),
        (0, 138),
    ]
    with_options = [content[1] for content in found["options"] if isinstance(content[1], IPv4)]
    assert all(packet.options for packet in with_options)
    assert sum(ICMP in Ether(frame) for frame in pcap.captured()["ping"]) == 4
    assert min(len(frame) for _, frame in CAPTURED) < layers.SHORTEST


@pytest.mark.parametrize("order", "<>")
def test_captures_in_either_byte_order(order: str, tmp_path: Path) -> None:
    head = struct.pack(f"{order}IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    frame = struct.pack(f"{order}IIII", 1, 2, 5, 5) + b"frame"
    (tmp_path / "two.pcap").write_bytes(head + frame + frame)
    assert pcap.frames(tmp_path / "two.pcap") == [b"frame", b"frame"]
    (tmp_path / "cut.pcap").write_bytes(head + frame[:-1])
    with pytest.raises(ValueError, match="cut off"):
        pcap.frames(tmp_path / "cut.pcap")
    (tmp_path / "none.pcap").write_bytes(bytes(40))
    with pytest.raises(ValueError, match="no capture"):
        pcap.frames(tmp_path / "none.pcap")


@settings(deadline=None, max_examples=8)
@given(SEEDS)
def test_hostile_bytes_are_refused_for_their_reason(seed: int) -> None:
    random = Random(seed)
    cut = [*hostile.cut(random), *hostile.lying(random)]
    assert len(hostile.refusals(cut, TruncatedError)) > 500
    assert not hostile.refusals(hostile.of_other_kinds(random), TruncatedError)
    corrupted = [*hostile.of_other_kinds(random), *hostile.flipped(random, 5)]
    assert len(hostile.refusals(corrupted, CorruptedError)) > 30


@EXAMPLES
@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        content = reading.layers(data)
    except RefusedError:
        return
    assert content[0] == reading.ethernet(data)[0]


def test_tables_are_as_wide_as_the_headers() -> None:
    sizes = {kind: fields.size(table) for kind, table in layers.TABLES.items()}
    assert sizes == {
        "Ethernet": 14, "Arp": 28, "IPv4": 20, "Udp": 8, "Tcp": 20, "pseudo header": 12,
    }  # fmt: skip
    with pytest.raises(ValueError, match="too wide for type"):
        fields.write(fields.ETHERNET, {"destination": 0, "source": 0, "type": 1 << 16})


def test_the_field_of_a_difference_is_named() -> None:
    content: list[Layer] = [
        Ethernet("02:00:00:00:00:02", "02:00:00:00:00:01", layers.TYPE_IPV4),
        IPv4("10.0.0.1", "10.0.0.2", layers.TCP, options=bytes(4)),
        Tcp(1, 2, 3),
        b"x",
    ]
    frame = reference.build(content)
    names = owners("Ethernet", frame + bytes(1), deep=True)
    assert names[14] == "IPv4 version and header_length"
    assert names[34] == "IPv4 options"
    assert names[38] == "Tcp source_port"
    assert names[58:] == ["payload", "padding"]
    changed = bytearray(frame)
    changed[24] ^= 1
    changed[43] ^= 0xFF
    assert "Tcp sequence (bytes 42 to 45) is 00 ff 00 03 instead of 00 00 00 03" in bytes_differ(
        bytes(changed), frame, names
    )
    assert "in payload, they are missing" in bytes_differ(frame[:-1], frame, names)
    assert "1 more, ff" in bytes_differ(frame + b"\xff", frame, names)


def test_the_field_of_a_header_is_named() -> None:
    right = Named("Tcp", tuple(Tcp(1, 2, 3, flags=18)))
    wrong = Named("Tcp", tuple(Tcp(1, 2, 3, flags=2)))
    assert headers_differ(wrong, right) == "a Tcp with flags=SYN instead of SYN|ACK"
    true = Named("Udp", (True, 2))
    assert headers_differ(true, Named("Udp", (1, 2))).startswith("a Udp with source_port=True")
    assert "where a Tcp belongs" in headers_differ(Named("Udp", (1, 2)), right)
    assert described(layers.named(Ethernet("a", "b", 0x800))).endswith("type=0x0800)")


@pytest.fixture
def functions(lab: Lab) -> Functions:
    (lab.folder / "frames.py").write_text(SOLUTION)
    return Functions(lab, "frames.py")


def test_one_mistake_costs_once(lab: Lab) -> None:
    broken = SOLUTION.replace("data[8:18]", "").replace(
        "socket.inet_ntoa(data[24:28])", "'0.0.0.0'"
    )
    (lab.folder / "frames.py").write_text(broken)
    functions = Functions(lab, "frames.py")
    random = Random(1)
    arp = calls.decapsulate(draw.layers(random, "arp"))
    other = calls.decapsulate(draw.layers(random, "other"))
    expect(lab, functions, [arp, other], "")
    assert "because parse_arp itself is wrong for them: 1" in lab.transcript.lines[-1]
    with pytest.raises(PromiseBrokenError, match=r"target_ip='0\.0\.0\.0'"):
        expect(lab, functions, [arp, arp, arp, other], "")


def test_types_are_exact(functions: Functions, lab: Lab) -> None:
    header, payload = Udp(1, 2), b"x"
    right = calls.parse_udp(header, payload, "10.0.0.1", "10.0.0.2")
    expect(lab, functions, [right], "")
    assert not right.met_by(Returned((Named("Udp", (True, 2)), payload)))
    assert not right.met_by(Returned(((1, 2), payload)))
    assert not right.met_by(Returned((Named("Tcp", (1, 2)), payload)))
    assert right.met_by(Returned([Named("Udp", (1, 2)), payload]))


def test_nothing_to_compare_is_an_error(functions: Functions, lab: Lab) -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        expect(lab, functions, [], "")
    assert Trial(Call("checksum", (b"",)), 0xFFFF).met_by(Returned(0xFFFF))
