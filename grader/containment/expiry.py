"""Makes a call that waits with a timeout return as if that was over (ptrace(2)); x86-64 only."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import time
from contextlib import suppress

from grader.containment import process
from grader.containment.timeouts import Wait

_PTRACE = 101
_DETACH, _GETREGSET, _SETREGSET, SEIZE, _INTERRUPT = 17, 0x4204, 0x4205, 0x4206, 0x4207
_GENERAL_REGISTERS = 1  # NT_PRSTATUS
#: `struct user_regs_struct` of sys/user.h: where a call's result and its number are.
_REGISTERS, _RESULT, _NUMBER = struct.Struct("=27q"), 10, 15
_SELECTS = (23, 270)
#: What a call that a stop has interrupted is about to give (linux/errno.h): it would be made again,
#: or give EINTR.
_INTERRUPTED = (-errno.EINTR, -512, -513, -514, -516)
_MOST_SECONDS = 5.0


class _Buffer(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("size", ctypes.c_size_t))


def can_expire() -> bool:
    """Tell whether that is possible on this machine."""
    return os.uname().machine == "x86_64"


def expire(wait: Wait) -> bool:
    """Let a thread's call return as it does when its time is up; tell whether it did.

    The thread must be a descendant's of the caller's that it may trace.
    """
    if not can_expire():
        return False
    with suppress(OSError):
        process.call(_PTRACE, SEIZE, wait.thread, 0, 0)
        process.call(_PTRACE, _INTERRUPT, wait.thread, 0, 0)
        signal_held_up = _stopped(wait.thread)
        try:
            return not signal_held_up and _return_from(wait)
        finally:
            process.call(_PTRACE, _DETACH, wait.thread, 0, signal_held_up)
    return False


def _stopped(thread: int) -> int:
    """Wait until a thread has stopped; give the signal whose delivery stopped it, or 0.

    What there is to be heard of the thread is left there: its end would be the supervisor's to hear.

    Raises:
        ProcessLookupError: if it has ended instead, or doesn't stop.
    """
    options = os.WSTOPPED | os.WEXITED | os.WNOWAIT | os.WNOHANG
    end = time.monotonic() + _MOST_SECONDS
    while time.monotonic() < end:
        if seen := os.waitid(os.P_PID, thread, options):
            if seen.si_code not in (os.CLD_TRAPPED, os.CLD_STOPPED):
                break
            return seen.si_status if seen.si_status < 1 << 7 else 0
        time.sleep(0.0002)
    raise ProcessLookupError(errno.ESRCH, "it does not stop")


def _return_from(wait: Wait) -> bool:
    registers = ctypes.create_string_buffer(_REGISTERS.size)
    buffer = _Buffer(ctypes.addressof(registers), _REGISTERS.size)
    process.call(_PTRACE, _GETREGSET, wait.thread, _GENERAL_REGISTERS, buffer)
    values = list(_REGISTERS.unpack(registers.raw))
    if values[_NUMBER] != wait.number or values[_RESULT] not in _INTERRUPTED:
        return False
    if wait.number in _SELECTS:
        _clear_sets(wait)
    values[_RESULT] = -errno.EAGAIN if wait.by_socket else 0
    registers.raw = _REGISTERS.pack(*values)
    process.call(_PTRACE, _SETREGSET, wait.thread, _GENERAL_REGISTERS, buffer)
    return True


def _clear_sets(wait: Wait) -> None:
    """Say that no descriptor is ready: select(2) leaves that in the sets that it was given."""
    count, *sets = wait.arguments[:4]
    size = (count + 63) // 64 * 8
    with open(f"/proc/{wait.thread}/mem", "r+b", buffering=0) as memory:
        for address in filter(None, sets):
            memory.seek(address)
            memory.write(bytes(size))
