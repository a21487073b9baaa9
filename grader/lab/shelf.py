"""Programs between two checks."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.lab.functions.functions import Functions
from grader.lab.program import Program
from grader.lab.server import Server


@dataclass
class Shelf:
    """What checks of one worker hand on to each other, by exercise.

    A check that leaves a program as it was found puts it back, which saves the next one a start.
    """

    servers: dict[str, Server] = field(default_factory=dict)
    functions: dict[str, Functions] = field(default_factory=dict)
    #: Called in forks of their process only, which no call changes: they stay here meanwhile.
    forkable: dict[str, Functions] = field(default_factory=dict)

    def programs(self) -> set[Program]:
        """Give the programs that lie here."""
        servers = {server.program for server in self.servers.values()}
        functions = (*self.functions.values(), *self.forkable.values())
        return servers | {each.program for each in functions if each.program}

    def clear(self) -> None:
        """End the servers; processes of functions end when nobody is left who could call them."""
        for server in self.servers.values():
            server.end()
