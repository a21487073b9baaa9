"""A filter of system calls (seccomp(2)): what a program of a student's never needs is not there.

A call that is refused fails with EPERM, as if the program had no right to it, or with ENOSYS, as if
the kernel were older, where libraries know another way then. Nothing is killed for trying.

The filter is a program for the kernel's BPF machine: it loads words of `struct seccomp_data` (the
call's number, the architecture, six arguments) into an accumulator, compares, jumps and returns.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from contextlib import suppress

from grader.containment import process

_LOAD, _JUMP_EQUAL, _JUMP_GREATER, _JUMP_ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x54, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_ALLOW, _ERRNO = 0x7FFF_0000, 0x0005_0000
_SET_MODE_FILTER, _GET_ACTION_AVAILABLE = 1, 2

#: By machine: the audit architecture, the number of seccomp(2), and the place of a call's number in
#: the tables below.
MACHINES = {"x86_64": (0xC000_003E, 317, 0), "aarch64": (0xC000_00B7, 277, 1)}
#: cachestat(2) of Linux 6.5: later calls are not known here, so they are not there. The calls of the
#: x32 ABI have higher numbers as well.
_LAST_KNOWN = 451

#: Numbers on x86_64 and aarch64; from 424 on they are the same, and -1 is none.
_REFUSED = {
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    "perf_event_open": (298, 241),
    # mounts and namespaces
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    # the machine
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "modify_ldt": (154, -1),
    "vhangup": (153, 58),
    # parts of the kernel that few programs need and many exploits do
    "bpf": (321, 280),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "userfaultfd": (323, 282),
    "personality": (135, 92),
    "lookup_dcookie": (212, 18),
    # what Landlock does not cover: watching folders, opening past them, changing what a file is like
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "inotify_init": (253, -1),
    "inotify_init1": (294, 26),
    "chmod": (90, -1),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, -1),
    "lchown": (94, -1),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "utime": (132, -1),
    "utimes": (235, -1),
    "futimesat": (261, -1),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    # memory and names that outlive a program or that no limit counts
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
}
_ABSENT = {
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "clone3": (435, 435),  # its flags are in memory, where a filter can't look; libraries use clone
}

_NEW_NAMESPACES = 0x7E02_0000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
_TYPE_MASK = 0xF  # of socket(2)'s second argument; the rest is SOCK_CLOEXEC and SOCK_NONBLOCK
_ANY_PROTOCOL = 0
_PR_SET_DUMPABLE, _PR_SET_MM = 4, 35
_EVERYBODY = 0xFFFF_FFFF  # kill(-1, ...)

_Instruction = tuple[int, int, int, int]


def available() -> bool:
    """Tell whether the kernel takes filters, on an architecture that this one is written for."""
    if os.uname().machine not in MACHINES:
        return False
    with suppress(OSError):
        number = MACHINES[os.uname().machine][1]
        process.call(number, _GET_ACTION_AVAILABLE, 0, struct.pack("I", _ERRNO))
        return True
    return False


def install(program: bytes) -> None:
    """Filter the calls of this process and its descendants; `no_new_privs` has to be set."""
    pointer = ctypes.cast(ctypes.c_char_p(program), ctypes.c_void_p).value
    described = struct.pack("HxxxxxxP", len(program) // 8, pointer)
    process.call(MACHINES[os.uname().machine][1], _SET_MODE_FILTER, 0, described)


def build(machine: str) -> bytes:
    """Give the filter for a machine, as the array of instructions that `install` takes."""
    architecture, _seccomp, column = MACHINES[machine]
    program = [
        *_check(_ARCHITECTURE_AT, [architecture], errno.ENOSYS),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_GREATER, 0, 1, _LAST_KNOWN),
        _refuse(errno.ENOSYS),
    ]
    for names, code in ((_REFUSED, errno.EPERM), (_ABSENT, errno.ENOSYS)):
        for numbers in names.values():
            program += _when(numbers[column], [_refuse(code)])
    for pair, block in _conditions().items():
        program += _when(pair[column], [*block, (_RETURN, 0, 0, _ALLOW)])
    program.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def _conditions() -> Mapping[tuple[int, int], Sequence[_Instruction]]:
    """Give what is asked of the arguments of calls that are allowed in part, by their numbers."""
    own = _argument(0, [0])  # a process names itself by 0
    fast_open = int(socket.MSG_FASTOPEN)  # connects without connect(2), which Landlock guards
    streams = [int(socket.SOCK_STREAM)]
    return {
        # socket: TCP only
        (41, 198): [
            *_argument(0, [int(socket.AF_INET), int(socket.AF_INET6)]),
            *_argument(1, streams, _TYPE_MASK),
            *_argument(2, [_ANY_PROTOCOL, int(socket.IPPROTO_TCP)]),
        ],
        # socketpair: a datagram socket of a pair could send to any path
        (53, 199): _argument(1, [*streams, int(socket.SOCK_SEQPACKET)], _TYPE_MASK),
        (44, 206): _without(3, fast_open),  # sendto
        (46, 211): _without(2, fast_open),  # sendmsg
        (307, 269): _without(3, fast_open),  # sendmmsg
        (56, 220): _without(0, _NEW_NAMESPACES),  # clone
        (302, 261): own,  # prlimit64
        (203, 122): own,  # sched_setaffinity
        (144, 119): own,  # sched_setscheduler
        (142, 118): own,  # sched_setparam
        (314, 274): own,  # sched_setattr
        (141, 140): [*_argument(0, [os.PRIO_PROCESS]), *_argument(1, [0])],  # setpriority
        (251, 30): [*_argument(0, [1]), *_argument(1, [0])],  # ioprio_set, IOPRIO_WHO_PROCESS
        (62, 129): _not(0, _EVERYBODY),  # kill
        (157, 167): [*_not(0, _PR_SET_DUMPABLE), *_not(0, _PR_SET_MM)],  # prctl: hiding in /proc
    }


def _when(number: int, block: Sequence[_Instruction]) -> list[_Instruction]:
    """Run a block, which returns, if the call has a number; the number is in the accumulator."""
    return [] if number < 0 else [(_JUMP_EQUAL, 0, len(block), number), *block]


def _argument(index: int, values: Sequence[int], mask: int = 0xFFFF_FFFF) -> list[_Instruction]:
    """Refuse the call unless an argument (its lower half, the rest is not used) has a value."""
    return _check(_ARGUMENTS_AT + 8 * index, values, errno.EPERM, mask)


def _check(at: int, values: Sequence[int], code: int, mask: int = 0) -> list[_Instruction]:
    masked = [(_AND, 0, 0, mask)] if mask else []
    jumps = [(_JUMP_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [(_LOAD, 0, 0, at), *masked, *jumps, _refuse(code)]


def _not(index: int, value: int) -> list[_Instruction]:
    """Refuse the call if an argument has a value."""
    at = _ARGUMENTS_AT + 8 * index
    return [(_LOAD, 0, 0, at), (_JUMP_EQUAL, 0, 1, value), _refuse(errno.EPERM)]


def _without(index: int, bits: int) -> list[_Instruction]:
    """Refuse the call if an argument has any of some bits."""
    at = _ARGUMENTS_AT + 8 * index
    return [(_LOAD, 0, 0, at), (_JUMP_ANY_BIT, 0, 1, bits), _refuse(errno.EPERM)]


def _refuse(code: int) -> _Instruction:
    return (_RETURN, 0, 0, _ERRNO | code)
