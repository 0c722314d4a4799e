"""Questions asked side by side, with progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Lock
from typing import TypeVar

from migrate.ports import Progress

WORKERS = 8
"""Calls of helmfile and helm under way at once; the factory limits how many of them run."""

A = TypeVar("A")
B = TypeVar("B")


class Jobs:
    """The work of one proof on open sides."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stopped = Event()

    def each(self, what: str, jobs: Sequence[A], work: Callable[[A], B]) -> list[B]:
        """The results in the order of the jobs, with progress told as they come."""
        done, lock = 0, Lock()

        def one(job: A) -> B:
            nonlocal done
            if self._stopped.is_set():
                raise CancelledError
            result = work(job)
            with lock:
                done += 1
                self._progress(what, done, len(jobs))
            return result

        if not jobs:
            return []
        self._progress(what, 0, len(jobs))
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, jobs))

    @contextmanager
    def stopped_by_an_error(self) -> Iterator[None]:
        """No more jobs are begun once something went wrong or the user interrupts."""
        try:
            yield
        except BaseException:
            self._stopped.set()
            raise
