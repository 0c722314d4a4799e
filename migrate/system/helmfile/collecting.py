"""Everything that one side says about one environment, asked in parallel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

from migrate.model.facts import BuiltState, EnvironmentFacts, Failure, ListedRelease, ReleaseId, Run

K = TypeVar("K")

COMMANDS = ("sync", "apply", "diff", "destroy", "template")
"""What is recorded of every environment."""


class Asked(Protocol):
    """What collecting needs of a side."""

    def build(self, environment: str) -> tuple[BuiltState, ...] | Failure:
        """See `Side.build`."""
        ...

    def listing(self, environment: str, states: Sequence[BuiltState]) -> tuple[ListedRelease, ...] | Failure:
        """The list, with kube contexts from states that are built already."""
        ...

    def record(self, environment: str, command: str, release: ReleaseId | None = None) -> Run:
        """See `Side.record`."""
        ...


def collect(side: Asked, environment: str, expected: Sequence[ReleaseId]) -> EnvironmentFacts:
    """build, list, all recorded commands; then each release alone that a whole `template` or `sync` did not reach.

    Alone are tried all listed releases that are to be deployed, and all expected ones that `list` does not call disabled or
    not installed; if it fails, all expected ones.
    """
    with _pool(len(COMMANDS) + 1) as pool:
        building = pool.submit(side.build, environment)
        recording = {command: pool.submit(side.record, environment, command) for command in COMMANDS}
        states = building.result()
        listed = side.listing(environment, () if isinstance(states, Failure) else states)
        runs = _results(recording)
        wanted = _wanted(listed, expected)

        def alone(command: str) -> dict[ReleaseId, Future[Run]]:
            reached = {call.release for call in runs[command].calls}
            return {r: pool.submit(side.record, environment, command, r) for r in sorted(wanted) if r not in reached}

        template, sync = alone("template"), alone("sync")
        return EnvironmentFacts(environment, states, listed, runs, _results(template), _results(sync))


@contextmanager
def _pool(size: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that take up no more work once something went wrong or the user interrupts."""
    pool = ThreadPoolExecutor(size)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _results(futures: Mapping[K, Future[Run]]) -> dict[K, Run]:
    return {key: future.result() for key, future in futures.items()}


def _wanted(listed: tuple[ListedRelease, ...] | Failure, expected: Iterable[ReleaseId]) -> set[ReleaseId]:
    if isinstance(listed, Failure):
        return set(expected)
    deployed = {entry.release for entry in listed if entry.enabled and entry.installed}
    return deployed | (set(expected) - {entry.release for entry in listed})
