"""Landlock: which files, TCP ports and processes a program can reach (landlock(7)).

It needs no privilege. What is handled here and not allowed by a rule is forbidden to the calling
process and all that it starts, for good. Landlock says nothing about changing a file's mode, owner,
times or attributes, about UDP, or about Unix sockets by path; the filter of system calls does.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import IntFlag

from grader.containment import process

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH, _NET_PORT = 1, 2

FILES_ABI = 1
#: From this ABI on, TCP ports are guarded.
TCP_ABI = 4
#: From this ABI on, signals and abstract Unix sockets end at the domain's border.
SCOPE_ABI = 6


class _File(IntFlag):
    """Rights on files (linux/landlock.h)."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15


class _Tcp(IntFlag):
    BIND = 1 << 0
    CONNECT = 1 << 1


class _Scope(IntFlag):
    ABSTRACT_UNIX = 1 << 0
    SIGNAL = 1 << 1


#: How many rights on files each ABI knows, from the lowest bit on.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
#: The rights that a rule for something other than a folder may give.
_OF_ONE_FILE = (
    _File.EXECUTE | _File.WRITE_FILE | _File.READ_FILE | _File.TRUNCATE | _File.IOCTL_DEV
)
_READ = _File.READ_FILE | _File.READ_DIR


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("tcp", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


class _PortRule(ctypes.Structure):
    _fields_ = (("allowed", ctypes.c_uint64), ("port", ctypes.c_uint64))


@dataclass(frozen=True)
class Reach:
    """What a program can reach; a path that isn't there is left out.

    Args:
        run: folders and files that it may read and execute.
        read: folders and files that it may read.
        write: files that it may read and write as they are, such as devices.
        own: folders in which it may do anything but execute. A program that could execute a file of
            its own without the right to read it would be hidden from the grader (`dumpable`,
            proc(5)).
        bind: TCP ports that it may listen on.
        connect: TCP ports that it may connect to.
    """

    run: Iterable[str] = ()
    read: Iterable[str] = ()
    write: Iterable[str] = ()
    own: Iterable[str] = ()
    bind: Iterable[int] = ()
    connect: Iterable[int] = ()


def abi() -> int:
    """Ask the kernel for the version of Landlock that it has; 0 if it has none that can be used."""
    with suppress(OSError):
        return process.call(_CREATE_RULESET, None, 0, _VERSION)
    return 0


def scope_signals() -> None:
    """Let this process and its descendants send signals to each other only (ABI 6)."""
    ruleset = _create(_Ruleset(0, 0, _Scope.SIGNAL))
    _enter(ruleset)


def confine(version: int, reach: Reach) -> None:
    """Confine this process and its descendants to what `reach` names.

    Args:
        version: what `abi` gave; rights that it doesn't know stay as they are.
        reach: what can be reached.
    """
    rights = _File((1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1)
    tcp = _Tcp.BIND | _Tcp.CONNECT if version >= TCP_ABI else _Tcp(0)
    scopes = _Scope.ABSTRACT_UNIX | _Scope.SIGNAL if version >= SCOPE_ABI else _Scope(0)
    ruleset = _create(_Ruleset(rights, tcp, scopes))
    for paths, allowed in (
        (reach.run, _READ | _File.EXECUTE),
        (reach.read, _READ),
        (reach.write, _READ | _File.WRITE_FILE | _File.TRUNCATE),
        (reach.own, rights & ~_File.EXECUTE),
    ):
        for path in paths:
            _allow_path(ruleset, path, allowed & rights)
    if tcp:
        for ports, right in ((reach.bind, _Tcp.BIND), (reach.connect, _Tcp.CONNECT)):
            for port in ports:
                process.call(_ADD_RULE, ruleset, _NET_PORT, _PortRule(right, port), 0)
    _enter(ruleset)


def _create(ruleset: _Ruleset) -> int:
    return process.call(_CREATE_RULESET, ruleset, ctypes.sizeof(ruleset), 0)


def _allow_path(ruleset: int, path: str, allowed: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            allowed &= _OF_ONE_FILE
        process.call(_ADD_RULE, ruleset, _PATH_BENEATH, _PathRule(allowed, fd), 0)
    finally:
        os.close(fd)


def _enter(ruleset: int) -> None:
    """Enter the domain; `no_new_privs` has to be set (or CAP_SYS_ADMIN be there)."""
    process.call(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
