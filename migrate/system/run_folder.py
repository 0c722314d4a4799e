"""A private folder for one run: 0700, locked while it is in use, gone at the end, swept by the next run after a kill."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

LOCK = "lock"

NEWBORN = 60.0
"""Seconds in which a folder without a lock file may belong to a process that is just making it."""


_OPEN: set[Path] = set()
"""The folders of this process that are not yet removed."""


class RunFolder:
    """The folder `migrate-<uid>-*` in the temporary directory (TMPDIR). Use as a context manager.

    The lock is flock(2): it goes with its process, so a folder whose lock is free was left behind by a killed run.
    Ctrl-C may fall between any two steps, also into the making and the removing: what is left then goes when Python ends.
    """

    def __init__(self) -> None:
        parent = Path(tempfile.gettempdir()).resolve()
        sweep(parent)
        _end_on_sigterm()
        self.path = parent / (_prefix() + secrets.token_hex(8))
        _OPEN.add(self.path)
        self.path.mkdir(mode=0o700)
        draft = self.path / "lock.new"
        self._lock = os.open(draft, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        draft.rename(self.path / LOCK)

    def close(self) -> None:
        """Remove the folder with all that is in it. Safe to call again."""
        if self.path in _OPEN:
            remove(self.path)
            _OPEN.discard(self.path)
            os.close(self._lock)

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def sweep(parent: Path) -> None:
    """Remove what killed runs of this user left in `parent`."""
    for folder in parent.glob(_prefix() + "*"):
        with contextlib.suppress(OSError), _if_dead(folder) as dead:
            if dead:
                remove(folder)


def remove(folder: Path) -> None:
    """Remove a folder, also where a chart or a hook has taken write permission away."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        for parent, folders, _ in os.walk(folder):
            for name in (".", *folders):
                with contextlib.suppress(OSError):
                    Path(parent, name).chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)


@atexit.register
def remove_open() -> None:
    """Remove what an interruption kept from being removed."""
    for folder in tuple(_OPEN):
        remove(folder)
        _OPEN.discard(folder)


def _prefix() -> str:
    return f"migrate-{os.getuid()}-"


@contextlib.contextmanager
def _if_dead(folder: Path) -> Iterator[bool]:
    """Whether nobody uses the folder; holds its lock meanwhile, so that two sweeps don't meet in it."""
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        yield False
        return
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield time.time() - folder.stat().st_mtime > NEWBORN
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(lock)


def _end_on_sigterm() -> None:
    """Let SIGTERM and SIGHUP unwind the stack, so that folders go; a handler of somebody else's stays."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
