"""Everything that one side says about one environment, asked in parallel."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from migrate.model.facts import BuiltState, EnvironmentFacts, Failure, ListedRelease, ReleaseId, Run

K = TypeVar("K")


WITHOUT_STATES = ("template", "sync")
"""The commands that are run all the same in an environment that does not load: nested state files may deploy before one fails."""


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

    def record_some(self, environment: str, command: str, releases: Sequence[ReleaseId]) -> Run:
        """The same for some releases in one run."""
        ...


def collect(side: Asked, environment: str, expected: Sequence[ReleaseId], commands: Sequence[str]) -> EnvironmentFacts:
    """build, list, the recorded commands; then each release alone that a whole `template` or `sync` did not reach.

    Alone are tried all listed releases that are to be deployed, and all expected ones that `list` does not call disabled or
    not installed; if it fails, all expected ones. Where the environment does not load, only `template` and `sync` are asked.
    """
    with _pool(len(commands)) as pool:
        states = side.build(environment)
        asked = [command for command in commands if not isinstance(states, Failure) or command in WITHOUT_STATES]
        recording = {command: pool.submit(side.record, environment, command) for command in asked}
        listed = side.listing(environment, () if isinstance(states, Failure) else states)
        runs = _results(recording)
        wanted = _wanted(listed, expected)

        ask = _Alone(side, environment, states, tuple(sorted(wanted)))
        template, sync = pool.submit(ask.runs, runs["template"]), pool.submit(ask.runs, runs["sync"])
        return EnvironmentFacts(environment, states, listed, runs, template.result(), sync.result())


@dataclass(frozen=True, slots=True)
class _Alone:
    """Asks for the releases that a whole run did not reach, in as few runs as that takes."""

    side: Asked
    environment: str
    states: tuple[BuiltState, ...] | Failure
    wanted: tuple[ReleaseId, ...]

    def runs(self, whole: Run) -> dict[ReleaseId, Run]:
        """A run for each release that the whole run did not reach.

        Those that are not suspected of its failure share one run, of which each gets its own calls. If that run fails too, or if
        nobody is suspected, every release gets a run of its own.
        """
        reached = {call.release for call in whole.calls}
        missing = [release for release in self.wanted if release not in reached]
        suspects = {release for release in missing if self._is_suspect(release, whole.failure)}
        together = [release for release in missing if release not in suspects] if suspects else []
        found = self._together(whole.command, together) if len(together) > 1 else {}
        alone = [release for release in missing if release not in found]
        return found | {release: self.side.record(self.environment, whole.command, release) for release in alone}

    def _together(self, command: str, releases: Sequence[ReleaseId]) -> dict[ReleaseId, Run]:
        run = self.side.record_some(self.environment, command, releases)
        reached = {call.release for call in run.calls}
        if run.failure is not None or not reached.issuperset(releases):
            return {}
        return {release: replace(run, calls=tuple(c for c in run.calls if c.release == release)) for release in releases}

    def _is_suspect(self, release: ReleaseId, failure: Failure | None) -> bool:
        """Whether the file that the failure points at is named by the release's `values:`."""
        if failure is None or not failure.path or isinstance(self.states, Failure):
            return False
        return any(
            failure.path == posixpath.normpath(posixpath.join(state.source.folder, value))
            for state in self.states
            for document in state.releases
            if document.get("name") == release.name and (document.get("namespace") or "") == release.namespace
            for value in document.get("values") or ()
            if isinstance(value, str)
        )


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
