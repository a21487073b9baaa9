"""The C library and our solutions: each is right by what the other says."""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.exercises import SOLUTIONS
from tests.warm import grade

#: `make fuzz` draws many more.
EXAMPLES = settings(max_examples=int(os.environ.get("EXAMPLES", "200")), deadline=None)

BYTEORDER = """\
import socket
import sys

HOST_ORDER = sys.byteorder

def htons(number): return number if HOST_ORDER == "big" else socket.htons(number)
def htonl(number): return number if HOST_ORDER == "big" else socket.htonl(number)
def ntohs(number): return number if HOST_ORDER == "big" else socket.ntohs(number)
def ntohl(number): return number if HOST_ORDER == "big" else socket.ntohl(number)
"""
INET = """\
import errno
import socket
from socket import inet_pton

def inet_ntop(family, packed):
    if family not in (socket.AF_INET, socket.AF_INET6):  # Python raises ValueError
        raise OSError(errno.EAFNOSUPPORT, "family")
    return socket.inet_ntop(family, packed)
"""
SOCKADDR = """\
import ctypes
import socket

libc = ctypes.CDLL(None)

class SockaddrIn(ctypes.Structure):
    _fields_ = [("family", ctypes.c_uint16), ("port", ctypes.c_uint16),
                ("address", ctypes.c_byte * 4), ("zero", ctypes.c_byte * 8)]

def pack_sockaddr_in(host, port):
    made = SockaddrIn(socket.AF_INET, socket.htons(port))
    if libc.inet_pton(socket.AF_INET, host.encode(), ctypes.byref(made.address)) != 1:
        raise OSError("no dotted quad")
    return bytes(made)

def unpack_sockaddr_in(data):
    if len(data) != ctypes.sizeof(SockaddrIn):
        raise ValueError("not 16 bytes")
    given = SockaddrIn.from_buffer_copy(data)
    if given.family != socket.AF_INET:
        raise ValueError("not AF_INET")
    return socket.inet_ntop(socket.AF_INET, bytes(given.address)), socket.ntohs(given.port)
"""


@pytest.mark.parametrize(
    ("exercise", "file", "source"),
    [
        ("03_byteorder", "byteorder.py", BYTEORDER),
        ("04_inet", "inet.py", INET),
        ("05_sockaddr", "sockaddr.py", SOCKADDR),
    ],
    ids=["03", "04", "05"],
)
def test_the_c_library_gets_full_marks_but_for_the_rules(
    tmp_path: Path, exercise: str, file: str, source: str
) -> None:
    (tmp_path / file).write_text(source)
    graded = grade(exercise, folder=tmp_path)
    assert graded.having(exercise, "fail", "error", "skip") <= {"rules"}
    assert len(graded.having(exercise, "pass")) >= 7


def _solution(exercise: str, name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, SOLUTIONS / exercise / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


byteorder, inet = _solution("03_byteorder", "byteorder"), _solution("04_inet", "inet")
sockaddr = _solution("05_sockaddr", "sockaddr")

NUMBERS = st.integers(-2, 1 << 33) | st.integers(0, 0xFFFF) | st.booleans()
FAMILIES = st.sampled_from([socket.AF_INET, socket.AF_INET6])
PARTS = st.sampled_from([*"0123456789abcdefABCDEF:.", "::", "ffff", "255", "256", "00", "1.2.3.4"])
TEXTS = (
    st.ip_addresses().map(str)
    | st.lists(PARTS, max_size=24).map("".join)
    | st.lists(st.sampled_from(["0", "1", "", "ffff", "10000", "1.2.3.4"]), max_size=9).map(":".join)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
)  # fmt: skip
PACKED = st.lists(st.sampled_from([0, 0, 0, 1, 0xFF]), min_size=16, max_size=16).map(bytes)


@EXAMPLES
@given(st.sampled_from(["htons", "htonl", "ntohs", "ntohl"]), NUMBERS)
def test_byte_order_agrees(function: str, number: int) -> None:
    assert _gives(getattr(byteorder, function), number) == _gives(getattr(socket, function), number)


@EXAMPLES
@given(FAMILIES, TEXTS)
def test_parsing_addresses_agrees(family: int, text: str) -> None:
    assert _gives(inet.inet_pton, family, text) == _gives(socket.inet_pton, family, text)


@EXAMPLES
@given(FAMILIES, st.binary(max_size=17) | PACKED | PACKED.map(lambda packed: packed[:4]))
def test_formatting_addresses_agrees(family: int, packed: bytes) -> None:
    assert _gives(inet.inet_ntop, family, packed) == _gives(socket.inet_ntop, family, packed)


@EXAMPLES
@given(st.ip_addresses(v=4).map(str), st.integers(0, 0xFFFF))
def test_a_sockaddr_agrees(host: str, port: int) -> None:
    wanted = socket.AF_INET.to_bytes(2, sys.byteorder) + port.to_bytes(2, "big")
    wanted += socket.inet_aton(host) + bytes(8)
    assert sockaddr.pack_sockaddr_in(host, port) == wanted
    assert sockaddr.unpack_sockaddr_in(wanted) == (host, port)


def _gives(function: Callable[..., object], *arguments: object) -> object:
    """Give the result, or the class of the exception that it raises."""
    try:
        return function(*arguments)
    except (OSError, OverflowError, TypeError, ValueError) as error:
        return OSError if isinstance(error, OSError) else type(error)
