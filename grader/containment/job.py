"""What a program is to be run with, as the grader tells the launcher."""

from __future__ import annotations

import json
from dataclasses import dataclass

from grader.containment.limits import Limits


@dataclass(frozen=True)
class Job:
    """One program to run.

    Args:
        argv: the program's path and its arguments.
        folder: where it runs, with files that it may read.
        environment: all of it, but for the scratch folder's variables.
        limits: what it may use.
        bind: TCP ports that it may listen on.
        connect: TCP ports that it may connect to.
        uid: the user to run as, where programs have users of their own; None draws a fresh one.
    """

    argv: list[str]
    folder: str
    environment: dict[str, str]
    limits: Limits
    bind: list[int]
    connect: list[int]
    uid: int | None = None

    def encode(self) -> bytes:
        """Give the job as the message that `decode` reads."""
        return json.dumps({**vars(self), "limits": vars(self.limits)}).encode()

    @classmethod
    def decode(cls, message: bytes) -> Job:
        """Read a job from a message of `encode`."""
        fields = json.loads(message)
        return cls(**{**fields, "limits": Limits(**fields["limits"])})
