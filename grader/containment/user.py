"""A user of a program's own, if the grader is root: it owns nothing but its scratch folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress

from grader.containment import process

#: Ranges that no user of a machine is taken from (systemd's "Users, Groups, UIDs and GIDs"): a large
#: one, and a small one for containers to which only the first 65536 are mapped.
_RANGES = (range(1_879_048_192, 2_147_483_647), range(61_184, 65_520))


def numbers() -> range:
    """Give the user ids from which programs get theirs; none if there is no such range."""
    mapped: list[range] = []
    with open("/proc/self/uid_map") as file:  # user_namespaces(7)
        for line in file:
            first, _outside, count = map(int, line.split())
            mapped.append(range(first, first + count))
    for wanted in _RANGES:
        if any(wanted.start in each and wanted[-1] in each for each in mapped):
            return wanted
    return range(0)


def draw() -> int:
    """Give a user id for one program: one that no other program has, as good as certainly."""
    ids = numbers()
    return ids[int.from_bytes(os.urandom(4)) % len(ids)]


def become(uid: int) -> None:
    """Become a user, in a group of the same number, for good."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def available(needed: Iterable[str]) -> bool:
    """Tell whether this process can become such a user, and that user reach some paths."""
    if os.geteuid() != 0 or not numbers():
        return False

    def reaches() -> bool:
        become(draw())
        return all(os.access(path, os.X_OK) for path in needed)

    return in_child(reaches)


def in_child(holds: Callable[[], bool]) -> bool:
    """Tell whether something holds in a child process, which may change itself for that."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(0 if holds() else 1)
        except BaseException:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def drop_capabilities() -> None:
    """Leave a program that has to run as root no more than root's files."""
    with suppress(OSError):  # at the number after the last capability
        for number in range(64):
            process.drop_capability(number)
