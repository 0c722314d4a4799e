"""One writer a repository: `flock` on a file in the git directory."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from migrate.errors import BranchState

PATIENCE = 10.0
"""Seconds to wait for another process."""


class RepositoryLock:
    """An exclusive lock that ends with the processes that hold it, however they end.

    git processes started meanwhile inherit it (`descriptors`): one that outlives its killed parent is still waited for.
    Taking it again inside is free. Not for several threads.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What child processes must inherit to share the lock."""
        return () if self._descriptor is None else (self._descriptor,)

    @contextmanager
    def held(self, patience: float = PATIENCE) -> Iterator[None]:
        """The lock, for a block. BranchState, naming the holder, if it is not to be had within `patience` seconds."""
        if self._descriptor is not None:
            yield
            return
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._wait(descriptor, patience)
            _sign(descriptor)
            self._descriptor = descriptor
            yield
        finally:
            self._descriptor = None
            os.close(descriptor)

    def _wait(self, descriptor: int, patience: float) -> None:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if not isinstance(error, BlockingIOError):
                    raise
                if time.monotonic() >= deadline:
                    holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip() or "another process"
                    raise BranchState(
                        f"{holder} is at work in this repository ({self._path})",
                        hint="wait until it has ended, then try again",
                    ) from None
                time.sleep(0.05)
            else:
                return


def _sign(descriptor: int) -> None:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()} (since {started})\n".encode(), 0)
