"""What a check did and saw, and what it held against its promise."""

from __future__ import annotations


class Transcript:
    """The numbered record of one check; a failing check shows it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        #: How often something was compared. A check that compared nothing has shown nothing.
        self.comparisons = 0

    def note(self, line: str) -> None:
        """Record something that was done or seen."""
        self.lines.append(line)


class PromiseBrokenError(Exception):
    """The program did not do what the exercise promises.

    Args:
        expected: what a right program shows, in a student's words.
        observed: what this program showed.
        why: what usually leads to that, and where; never the code that mends it.
    """

    def __init__(self, expected: str, observed: str, why: str = "") -> None:
        super().__init__(f"expected {expected}; observed {observed}")
        self.expected = expected
        self.observed = observed
        self.why = why


class NotBegunError(PromiseBrokenError):
    """There is nothing to check yet: the program is missing, or a stub still.

    Args:
        reason: that in a few words.
    """

    def __init__(self, reason: str, expected: str, observed: str, why: str = "") -> None:
        super().__init__(expected, observed, why)
        self.reason = reason


def not_written(file: str, message: str, where: str) -> NotBegunError | None:
    """Give what is to be said of a NotImplementedError, if it is a stub's and not some library's.

    Args:
        file: the student's file.
        message: the exception's text: what stubs say ends in "is not written yet".
        where: the file and line that raised it; may be empty.
    """
    if message and not message.endswith("is not written yet"):
        return None
    return NotBegunError(
        "not written yet",
        f"{file} does its work",
        f"it is not written yet{f' ({where})' if where else ''}",
        "Open the file, read the README beside it, and replace the line that raises "
        "NotImplementedError.",
    )
