"""System calls that Python has no function for, and what prctl(2) sets for the calling process."""

from __future__ import annotations

import ctypes
import os
import signal
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
_PR_CAPBSET_DROP = 24
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_CLOSE_RANGE = 436  # the number is the same on every architecture, as all since 424 are
_CLOSE_RANGE_CLOEXEC = 4
_CLONE_NEWNS = 0x0002_0000
_LAST_DESCRIPTOR = (1 << 32) - 1
_libc = ctypes.CDLL(None, use_errno=True)


def call(number: int, *arguments: int | bytes | ctypes.Structure | None) -> int:
    """Make a system call (syscall(2)).

    Args:
        number: the call's number on this machine's architecture.
        arguments: integers; for a pointer, bytes or a structure, or None for a null pointer.

    Raises:
        OSError: with what the kernel answered.
    """
    result: int = _libc.syscall(ctypes.c_long(number), *(_argument(each) for each in arguments))
    return _checked(result, f"system call {number}")


def become_subreaper() -> None:
    """Let orphaned descendants become children of this process."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Be killed when the thread that forked this process ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def give_up_new_privileges() -> None:
    """From now on, no program that is run gains rights by set-uid bits or file capabilities."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def drop_capability(number: int) -> None:
    """Take a capability out of the bounding set: whatever is run from now on doesn't have it.

    Raises:
        OSError: EINVAL if the kernel has no capability of that number.
    """
    _prctl(_PR_CAPBSET_DROP, number)


def close_on_exec(first: int) -> None:
    """Let exec close every descriptor from `first` on (close_range(2)).

    Python opens descriptors so that exec closes them; this is for those that it got otherwise, and
    does nothing on Linux before 5.11.
    """
    with suppress(OSError):
        call(_CLOSE_RANGE, first, _LAST_DESCRIPTOR, _CLOSE_RANGE_CLOEXEC)


def leave_mount_namespace() -> None:
    """Give this process its own view of what is mounted where (mount_namespaces(7)).

    Raises:
        OSError: EPERM without CAP_SYS_ADMIN.
    """
    _checked(_libc.unshare(_CLONE_NEWNS), "unshare")


def mount(source: str, target: str, kind: str, flags: int = 0, options: str = "") -> None:
    """Mount something (mount(2)).

    Raises:
        OSError: if that can't be done.
    """
    words = (source.encode(), os.fsencode(target), kind.encode())
    result = _libc.mount(*words, ctypes.c_ulong(flags), options.encode())
    _checked(result, f"mount {kind} on {target}")


def _argument(value: int | bytes | ctypes.Structure | None) -> object:
    if isinstance(value, int):
        return ctypes.c_long(value)
    return ctypes.byref(value) if isinstance(value, ctypes.Structure) else value


def _prctl(option: int, value: int) -> None:
    _checked(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl {option}")


def _checked(result: int, what: str) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
    return result
