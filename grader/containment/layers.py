"""Which layers of containment this machine has, and what is said of them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from grader.containment import landlock, seccomp, user, view

#: Names layers that are left out, with commas between them. For tests of the grader: what a machine
#: without these layers does; `landlock=3` leaves out what came after Landlock's version 3. The
#: launcher is told on its command line; programs never see it.
SWITCH = "SOCKLAB_LAYERS_OFF"


@dataclass(frozen=True)
class Layers:
    """What keeps programs in bounds, besides limits and supervisors, which are always there.

    Args:
        landlock: the version of Landlock's interface; 0 without it.
        seccomp: system calls are filtered.
        view: programs have a view of the file system of their own.
        user: each program has a user of its own.
        root: programs run as root, for want of such a user.
    """

    landlock: int
    seccomp: bool
    view: bool
    user: bool
    root: bool

    def encode(self) -> bytes:
        """Give the layers as the message that `decode` reads."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decode(cls, message: bytes) -> Layers:
        """Read what `encode` gave."""
        return cls(**json.loads(message))

    @property
    def files(self) -> bool:
        """Programs can't read or change other people's files, whatever those files' modes are."""
        return self.landlock >= landlock.FILES_ABI

    def missing(self) -> list[str]:
        """Say what programs can do for want of a layer, most important first."""
        lacks = []
        if not self.files:
            what = "read what everybody can read" if self.user else "read and change your files"
            lacks.append(f"{what} (no Landlock)")
        if not self.seccomp:
            lacks.append("use UDP, Unix sockets and the user's other processes (no seccomp)")
        if self.root:
            lacks.append("act as root (no user of their own)")
        return lacks

    def gaps(self) -> list[str]:
        """Say what is open in addition, on a machine whose kernel is older; less important."""
        gaps = []
        if self.files and self.landlock < landlock.TCP_ABI:
            gaps.append("connect to any TCP port (Landlock before version 4)")
        if not self.user and self.landlock < landlock.SCOPE_ABI:
            gaps.append("signal processes of their user (Landlock before version 6)")
        return gaps

    def report(self) -> dict[str, Any]:
        """Give what the result says of containment."""
        return {
            "summary": str(self),
            "missing": self.missing(),
            "gaps": self.gaps(),
            **asdict(self),
            "limits": True,
            "supervisor": True,
        }

    def __str__(self) -> str:
        """Say in a line which layers are on."""
        return ", ".join(
            [
                f"Landlock {self.landlock}" if self.landlock else "no Landlock",
                "seccomp" if self.seccomp else "no seccomp",
                *(["a user of its own"] if self.user else []),
                *(["a file system view of its own"] if self.view else []),
                "limits",
                "a supervisor",
            ]
        )


def put_on(needed: Sequence[str], hidden: Sequence[str], off: Sequence[str]) -> Layers:
    """Find out which layers there are, and change this process's view of the file system.

    Args:
        needed: folders without which no program runs.
        hidden: folders that programs must not see.
        off: names of layers to leave out.
    """
    seen = "view" not in off and os.geteuid() == 0 and _view(needed, hidden)
    own = "user" not in off and user.available(needed)
    return Layers(
        landlock=min([landlock.abi(), *_landlock_at_most(off)]),
        seccomp="seccomp" not in off and seccomp.available(),
        view=seen,
        user=own,
        root=os.geteuid() == 0 and not own,
    )


def _landlock_at_most(off: Sequence[str]) -> list[int]:
    """Read which version of Landlock the switch allows, if it says anything of it."""
    words = [word.partition("=") for word in off]
    return [int(version or 0) for name, _, version in words if name == "landlock"]


def _view(needed: Sequence[str], hidden: Sequence[str]) -> bool:
    if not user.in_child(lambda: _made(needed, hidden)):  # a half-made one would be worse than none
        return False
    view.make(needed, hidden)
    return True


def _made(needed: Sequence[str], hidden: Sequence[str]) -> bool:
    view.make(needed, hidden)
    return True
