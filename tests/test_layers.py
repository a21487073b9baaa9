"""The layers of containment one by one: what they allow, what is said of them."""

from __future__ import annotations

import errno
import socket
import struct
import time
from pathlib import Path

import pytest

from grader.containment import landlock, seccomp
from grader.containment.door import Contained, Door
from grader.containment.layers import SWITCH, Layers
from grader.containment.limits import MIB, Limits
from tests.warm import grader

GRADE = ["grade", "--dir", "solutions", "08:usage"]


def test_others_work_is_refused_without_file_isolation() -> None:
    done = grader(*GRADE, "--untrusted", **{SWITCH: "landlock"})
    assert done.returncode == 2
    assert "(no Landlock)" in done.stderr
    assert "--unsafe" in done.stderr


def test_others_work_is_graded_nevertheless() -> None:
    done = grader(*GRADE, "--untrusted", "--unsafe", **{SWITCH: "landlock"})
    assert done.returncode == 0
    assert "(no Landlock)" in done.stdout


@pytest.mark.skipif(landlock.abi() < landlock.SCOPE_ABI, reason="needs all layers")
def test_nothing_is_said_while_nothing_is_missing() -> None:
    done = grader(*GRADE, "--untrusted", **{SWITCH: ""})
    assert done.returncode == 0
    assert "Landlock" not in done.stdout
    assert f"contained by Landlock {landlock.abi()}" in grader(*GRADE, "-v").stdout


def test_gaps_of_older_kernels_are_named() -> None:
    assert Layers(7, True, False, False, False).gaps() == []
    assert len(Layers(4, True, False, False, False).gaps()) == 1
    assert len(Layers(3, True, False, False, False).gaps()) == 2
    assert Layers(1, True, False, False, False).missing() == []
    assert len(Layers(0, False, False, False, True).missing()) == 3


def answer(machine: str, number: int, *arguments: int) -> int:
    """Run a filter as the kernel's BPF machine would; give the error number, or 0."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("II8x6Q", number, seccomp.MACHINES[machine][0], *padded)
    program = list(struct.iter_unpack("HBBI", seccomp.build(machine)))
    value = at = 0
    while True:
        code, if_true, if_false, operand = program[at]
        at += 1
        if code == 0x20:
            (value,) = struct.unpack_from("I", data, operand)
        elif code == 0x54:
            value &= operand
        elif code == 0x06:
            assert operand >> 16 in (0x7FFF, 0x0005)
            return int(operand & 0xFFFF)
        else:
            holds = {0x15: value == operand, 0x25: value > operand, 0x45: bool(value & operand)}
            at += if_true if holds[code] else if_false


INET, UNIX = int(socket.AF_INET), int(socket.AF_UNIX)
STREAM, DATAGRAM = int(socket.SOCK_STREAM), int(socket.SOCK_DGRAM)


@pytest.mark.parametrize(
    ("numbers", "arguments", "expected"),
    [
        ((0, 63), (), 0),  # read
        ((41, 198), (INET, STREAM, 0), 0),  # socket
        ((41, 198), (INET, STREAM | socket.SOCK_CLOEXEC, socket.IPPROTO_TCP), 0),
        ((41, 198), (INET, STREAM, 262), errno.EPERM),
        ((41, 198), (INET, DATAGRAM, 0), errno.EPERM),
        ((41, 198), (UNIX, STREAM, 0), errno.EPERM),
        ((53, 199), (UNIX, STREAM, 0), 0),  # socketpair
        ((53, 199), (UNIX, DATAGRAM, 0), errno.EPERM),
        ((56, 220), (0x0120_0011,), 0),  # clone, as fork
        ((56, 220), (0x1000_0011,), errno.EPERM),
        ((435, 435), (), errno.ENOSYS),  # clone3
        ((302, 261), (0, 7), 0),  # prlimit64
        ((302, 261), (1, 7), errno.EPERM),
        ((141, 140), (0, 0, 5), 0),  # setpriority
        ((141, 140), (0, 77, 5), errno.EPERM),
        ((141, 140), (2, 0, 5), errno.EPERM),
        ((62, 129), (0xFFFF_FFFF_FFFF_FFFF, 9), errno.EPERM),  # kill
        ((62, 129), (77, 9), 0),
        ((157, 167), (4, 0), errno.EPERM),  # prctl
        ((157, 167), (15, 0), 0),
        ((44, 206), (3, 0, 0, socket.MSG_FASTOPEN), errno.EPERM),  # sendto
        ((44, 206), (3, 0, 0, socket.MSG_NOSIGNAL), 0),
        ((452, 452), (), errno.ENOSYS),  # fchmodat2, which is not known
        ((0x4000_0000, 0x4000_0000), (), errno.ENOSYS),  # x32
    ],
)
def test_the_filter(numbers: tuple[int, int], arguments: tuple[int, ...], expected: int) -> None:
    assert answer("x86_64", numbers[0], *arguments) == expected
    assert answer("aarch64", numbers[1], *arguments) == expected


def ended(door: Door, folder: Path, source: str, limits: Limits) -> Contained:
    (folder / "program.py").write_text(source)
    program = door.start(["program.py"], folder, limits=limits)
    end = time.monotonic() + 60
    while program.exit is None and time.monotonic() < end:
        time.sleep(0.005)
        program.update()
    said = program.stderr().decode()
    program.end()
    assert program.exit, said
    return program


@pytest.mark.parametrize(
    ("source", "limits", "says"),
    [
        ("x = b'x' * (100 << 20); input()", Limits(memory_bytes=64 * MIB), "more memory"),
        (
            "for _ in range(40): os.fork() or time.sleep(60)\ntime.sleep(60)",
            Limits(processes=20),
            "more processes",
        ),
        (
            "for _ in range(40): threading.Thread(target=time.sleep, args=(60,)).start()",
            Limits(tasks=20),
            "more threads",
        ),
    ],
)
def test_what_a_tree_exceeds_is_said(
    door: Door, tmp_path: Path, source: str, limits: Limits, says: str
) -> None:
    head = "import os, sys, threading, time\ndef input(): time.sleep(60)\n"
    program = ended(door, tmp_path, head + source, limits)
    assert says in str(program.exit)
    assert str(program.exit).endswith("in all), and was ended")


def test_shared_pages_count_once(door: Door, tmp_path: Path) -> None:
    source = (
        "import os, time\nshared = b'x' * (40 << 20)\n"
        "for _ in range(5):\n    if os.fork() == 0: time.sleep(0.5); os._exit(0)\ntime.sleep(0.5)\n"
    )
    program = ended(door, tmp_path, source, Limits(memory_bytes=128 * MIB))
    assert str(program.exit) == "ended with status 0"
