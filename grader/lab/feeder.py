"""Standard input for a program, through a pipe."""

from __future__ import annotations

import os
import selectors

from grader.lab.reactor import Reactor


class Feeder:
    """Writes bytes into a pipe as fast as its reader takes them, then closes it."""

    def __init__(self, reactor: Reactor, data: bytes) -> None:
        self._reactor = reactor
        self._left = memoryview(data)
        #: The end that the program reads.
        self.read_end, self._write_end = os.pipe()
        os.set_blocking(self._write_end, False)
        self._open = True
        reactor.watch(self, selectors.EVENT_WRITE)

    def fileno(self) -> int:
        """Give the descriptor that is written to."""
        return self._write_end

    def ready(self, events: int) -> None:
        """Write some more, or close the pipe if all was written or nobody reads."""
        try:
            if self._left:
                self._left = self._left[os.write(self._write_end, self._left[:65536]) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._left = memoryview(b"")
        if not self._left:
            self._finish()

    def close(self) -> None:
        """Close both ends of the pipe."""
        self._finish()
        os.close(self.read_end)

    def _finish(self) -> None:
        """Close the end that is written to: the program reads end-of-file."""
        if self._open:
            self._open = False
            self._reactor.watch(self, 0)
            os.close(self._write_end)
