"""Locks on refs that a git left which was killed with its parent: the next git would refuse to work."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from migrate.system.git.journal import Journal, JournalFolder
from migrate.system.git.plumbing import Plumbing

SETTLED = 1.0
"""Seconds after which a lock file that nobody has touched is one that a killed git left."""


def drop_stale_locks(journal: Journal, folder: JournalFolder, plumbing: Plumbing) -> None:
    """Remove the ref locks of a git that was killed with its parent: younger than the journal, ours by content, and at rest."""
    common = Path(plumbing.line("rev-parse", "--path-format=absolute", "--git-common-dir"))
    started = folder.journal.stat().st_mtime_ns
    for lock in (common / f"{journal.ref}.lock", common / "HEAD.lock", Path(journal.git_dir or common) / "HEAD.lock"):
        if _at_rest(lock, lambda found: found.st_mtime_ns >= started) and lock.read_bytes().strip() in (
            b"",
            journal.new.encode(),
        ):
            lock.unlink(missing_ok=True)
    if not journal.new:
        _drop_packed_lock(common, lambda found: found.st_mtime_ns >= started)


def _drop_packed_lock(common: Path, fits: Callable[[os.stat_result], bool]) -> None:
    """A branch is removed from `packed-refs` first: git locks that with an empty file, and writes a new one beside it."""
    lock, draft = common / "packed-refs.lock", common / "packed-refs.new"
    if _at_rest(lock, fits) and lock.stat().st_size == 0 and (not draft.exists() or _at_rest(draft, fits)):
        draft.unlink(missing_ok=True)
        lock.unlink(missing_ok=True)


def _at_rest(lock: Path, fits: Callable[[os.stat_result], bool]) -> bool:
    """Whether the file exists, fits, and nobody touches it for a while."""
    with suppress(FileNotFoundError, NotADirectoryError):
        before = lock.stat()
        if not fits(before):
            return False
        deadline = time.monotonic() + SETTLED
        while time.monotonic() < deadline:
            time.sleep(0.05)
            now = lock.stat()
            if (now.st_ino, now.st_mtime_ns) != (before.st_ino, before.st_mtime_ns):
                return False
        return True
    return False
