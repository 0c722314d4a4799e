"""Progress on stderr: one line that is rewritten on a terminal, plain lines elsewhere, nothing with -q."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field

from rich.console import Console

QUIET = -1
PLAIN_SECONDS = 2.0
"""how often a plain line is written at most"""


PLAIN_COLUMNS = 200


def console(*, stderr: bool = False) -> Console:
    """Where reports are printed: as wide as the terminal, or wide enough for any matrix if there is none."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else PLAIN_COLUMNS)


@dataclass(slots=True)
class StderrProgress:
    """The progress port. Call `done` before anything else is printed."""

    verbosity: int = 0
    _written: float = field(default=0.0, init=False)
    _open: bool = field(default=False, init=False)

    def __call__(self, what: str, done: int, total: int) -> None:
        """Tell what is being done, how many are done, how many there are."""
        if self.verbosity <= QUIET:
            return
        line = f"{what} ({done} of {total})"
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K{line[:110]}")
            sys.stderr.flush()
            self._open = True
        elif self.verbosity > 0 or time.monotonic() - self._written >= PLAIN_SECONDS:
            self._written = time.monotonic()
            sys.stderr.write(line + "\n")

    def done(self) -> None:
        """Take the last line away."""
        if self._open:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
            self._open = False
