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
_OF_ONE_FILE = _File.EXECUTE | _File.WRITE_FILE | _File.READ_FILE | _File.TRUNCATE | _File.IOCTL_DEV
_ALL = (1 << 16) - 1

READ = int(_File.READ_FILE | _File.READ_DIR)
RUN = int(READ | _File.EXECUTE)
#: To write files as they are there, such as devices.
WRITE = int(READ | _File.WRITE_FILE | _File.TRUNCATE)
#: Everything but to execute. A program that executed a file of its own which it may not read would be
#: hidden from the grader ("dumpable", proc(5)).
OWN = int(_ALL & ~_File.EXECUTE)


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
class Rule:
    """What is allowed below a folder, or of a file.

    Args:
        fd: a descriptor of it (O_PATH).
        rights: bits of rights; those that the kernel doesn't know are left out.
    """

    fd: int
    rights: int


def abi() -> int:
    """Ask the kernel for the version of Landlock that it has; 0 if it has none that can be used."""
    with suppress(OSError):
        return process.call(_CREATE_RULESET, None, 0, _VERSION)
    return 0


def scope_signals() -> None:
    """Let this process and its descendants send signals to each other only (ABI 6)."""
    ruleset = _create(_Ruleset(0, 0, _Scope.SIGNAL))
    _enter(ruleset)


def rules(paths: Iterable[str], rights: int) -> list[Rule]:
    """Give rules that allow something on paths; a path that isn't there is left out.

    The descriptors that they hold are closed on exec.
    """
    found: dict[tuple[int, int], Rule] = {}
    for path in paths:
        with suppress(OSError):
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
            about = os.fstat(fd)
            folder = stat.S_ISDIR(about.st_mode)
            found[about.st_dev, about.st_ino] = Rule(
                fd, rights if folder else rights & _OF_ONE_FILE
            )
    return list(found.values())


def confine(
    version: int, allowed: Iterable[Rule], bind: Iterable[int], connect: Iterable[int]
) -> None:
    """Confine this process and its descendants.

    Args:
        version: what `abi` gave; rights that it doesn't know stay as they are.
        allowed: the rules for files.
        bind: TCP ports that may be listened on.
        connect: TCP ports that may be connected to.
    """
    known = (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1
    tcp = _Tcp.BIND | _Tcp.CONNECT if version >= TCP_ABI else 0
    scopes = _Scope.ABSTRACT_UNIX | _Scope.SIGNAL if version >= SCOPE_ABI else 0
    ruleset = _create(_Ruleset(known, tcp, scopes))
    for rule in allowed:
        path_rule = _PathRule(rule.rights & known, rule.fd)
        process.call(_ADD_RULE, ruleset, _PATH_BENEATH, path_rule, 0)
    if tcp:
        for ports, right in ((bind, _Tcp.BIND), (connect, _Tcp.CONNECT)):
            for port in ports:
                process.call(_ADD_RULE, ruleset, _NET_PORT, _PortRule(right, port), 0)
    _enter(ruleset)


def _create(ruleset: _Ruleset) -> int:
    return process.call(_CREATE_RULESET, ruleset, ctypes.sizeof(ruleset), 0)


def _enter(ruleset: int) -> None:
    """Enter the domain; `no_new_privs` has to be set (or CAP_SYS_ADMIN be there)."""
    process.call(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
