"""Sides that answer one look, and an old side that remembers what it was asked before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from threading import Lock
from typing import TypeVar

from migrate.model.facts import BuiltState, EnvironmentFacts, Failure, HelmInputs, ListedRelease, ReleaseId, Run, ValuesFile
from migrate.model.reaching import Prepared, ReachOut
from migrate.ports import COMMANDS, Side
from migrate.trial.looks import Look

T = TypeVar("T")


class Narrowed:
    """The `Side` of migrate.ports whose facts are those of one look. It does not close what it stands for."""

    def __init__(self, side: Side, look: Look) -> None:
        self.tree, self.state_file = side.tree, side.state_file
        self._side = side
        self._look = look

    def facts(self, environment: str, expected: Sequence[ReleaseId] = (), commands: Sequence[str] = COMMANDS) -> EnvironmentFacts:  # noqa: ARG002 -- the look decides
        """The answer to the look."""
        return self._look.facts(self._side)

    def build(self, environment: str) -> tuple[BuiltState, ...] | Failure:
        """See `Side.build`."""
        return self._side.build(environment)

    def list(self, environment: str) -> tuple[ListedRelease, ...] | Failure:
        """See `Side.list`."""
        return self._side.list(environment)

    def record(self, environment: str, command: str, release: ReleaseId | None = None) -> Run:
        """See `Side.record`."""
        return self._side.record(environment, command, release)

    def command(self, words: Sequence[str]) -> Run:
        """See `Side.command`."""
        return self._side.command(words)

    def render(self, inputs: HelmInputs, *, kube_version: str = "", built: bool = False) -> bytes | Failure:
        """See `Side.render`."""
        return self._side.render(inputs, kube_version=kube_version, built=built)

    def fetched(self, chart: str, version: str, *, devel: bool) -> Mapping[str, bytes] | None:
        """See `Side.fetched`."""
        return self._side.fetched(chart, version, devel=devel)

    def completed(self, chart: str) -> Mapping[str, bytes]:
        """See `Side.completed`."""
        return self._side.completed(chart)

    def read_values(self, values: Sequence[ValuesFile]) -> bytes | Failure:
        """See `Side.read_values`."""
        return self._side.read_values(values)

    def reached_out(self) -> tuple[ReachOut, ...]:
        """See `Side.reached_out`."""
        return self._side.reached_out()

    def prepared(self, chart: str) -> Prepared:
        """See `Side.prepared`."""
        return self._side.prepared(chart)

    def stored(self, file: ValuesFile) -> bytes:
        """See `Side.stored`."""
        return self._side.stored(file)

    def close(self) -> None:
        """The side behind it stays open."""

    def __enter__(self) -> Narrowed:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class Memory:
    """Answers of the old side, which is the same for every fault. Safe to use from several threads."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._known: dict[Hashable, object] = {}
        self._locks: defaultdict[Hashable, Lock] = defaultdict(Lock)

    def once(self, key: Hashable, ask: Callable[[], T]) -> T:
        """What was answered the first time."""
        with self._locks[key]:
            if key not in self._known:
                self._known[key] = ask()
            return self._known[key]  # type: ignore[return-value]  # a key stands for one question


class RememberedOld(Narrowed):
    """The old side in one comparison.

    The first render of the same inputs is the one that earlier comparisons had too. Asked again it is drawn anew: whether a value
    varies is seen by rendering more than once.
    """

    def __init__(self, memory: Memory, look: Look) -> None:
        super().__init__(memory.side, look)
        self._memory = memory
        self._served: set[Hashable] = set()

    def facts(self, environment: str, expected: Sequence[ReleaseId] = (), commands: Sequence[str] = COMMANDS) -> EnvironmentFacts:
        """The answer to the look, asked once for all faults."""
        return self._memory.once(self._look, lambda: super(RememberedOld, self).facts(environment, expected, commands))

    def render(self, inputs: HelmInputs, *, kube_version: str = "", built: bool = False) -> bytes | Failure:
        """The remembered render, and new ones when asked again."""
        key = inputs.key, built
        if key in self._served:
            return self._side.render(inputs, kube_version=kube_version, built=built)
        self._served.add(key)
        return self._memory.once(key, lambda: self._side.render(inputs, kube_version=kube_version, built=built))
