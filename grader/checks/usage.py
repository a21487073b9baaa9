"""What programs say of arguments that can't be used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.lab.kernel import tcp
from grader.lab.lab import Lab
from grader.lab.program import Program

LAST_PORT = 65_535


def run_at_first(lab: Lab, command: Sequence[str], folder: Path) -> Program:
    """Run a program that ends at once, before others are started for nothing: it may be a stub."""
    program = Program(lab, command, folder)
    lab.wait(program.ended, 4)
    program.check_written()
    return program


def expect_usage(lab: Lab, programs: list[Program]) -> None:
    """Expect each of some programs, started with unusable arguments, to say how to use it."""
    why = (
        "Look at the arguments before anything else. If they can't be used, print a line with the "
        "word `usage` on standard error and exit with status 2."
    )
    lab.wait(lambda: all(program.ended() for program in programs), 4)
    for program in programs:
        program.expect_exit(2, 4, why)
        lab.expect(
            "usage" in program.stderr().lower(),
            f"{program.command!r} prints a line with `usage` on standard error",
            f"standard error has {program.stderr()[:200]!r}",
            why,
        )


def expect_port_taken(lab: Lab, program: Program) -> None:
    """Expect a program that was started with the last port there is to take that for a port.

    Whether it can listen there, or connect, is another question.
    """
    lab.wait(lambda: program.ended() or bool(tcp.on_port(LAST_PORT)))
    lab.expect(
        program.status != 2,
        f"{program.command!r} is no wrong usage: {LAST_PORT} is a port",
        program.fate,
        "Ports are 16 bits wide: from 1 to 65535, both included.",
    )
