"""A machine that has run out of something: what programs say then must never be taken for what a repository makes them say.

Two sides that fail for want of room fail for the same words, which would look like an equal failure.
"""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

from migrate.system.process import Outcome

RECORDER = "the recorder can't write what it was asked"
"""what `recorder.sh` says; dash tells a failed printf as an input/output error"""
_SAID = (
    (re.compile(rf"no space left on device|{RECORDER}", re.IGNORECASE), errno.ENOSPC),
    (re.compile(r"disk quota exceeded", re.IGNORECASE), errno.EDQUOT),
    (re.compile(r"too many open files", re.IGNORECASE), errno.EMFILE),
    (re.compile(r"cannot allocate memory|fork/exec [^:]*: resource temporarily unavailable", re.IGNORECASE), errno.ENOMEM),
)


def refuse_exhausted(outcome: Outcome, folder: Path) -> Outcome:
    """The outcome; OSError, which names `folder`, if a failed program says that the machine had no room, memory or files left."""
    said = "" if outcome.ok else outcome.stderr.decode(errors="replace")
    number = next((number for pattern, number in _SAID if pattern.search(said)), 0)
    if number:
        raise OSError(number, os.strerror(number), str(folder))
    return outcome
