"""The real tools behind the claims' tests, asked once for what does not change from test to test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from types import MappingProxyType

import pytest

from migrate.measuring import gather
from migrate.model.case import ProofCase
from migrate.model.facts import EnvironmentFacts, ReleaseId
from migrate.model.proof import Proof
from migrate.model.rehearsal import Rehearsal
from migrate.model.tree import Tree
from migrate.ports import COMMANDS, Overlays, Side
from migrate.prover import judge, prove
from migrate.system.helmfile import HelmfileSide, Sides
from migrate.system.toolbox import ToolPair

Prove = Callable[[ProofCase], Proof]

ASKED_ONCE = MappingProxyType({"VAULT_MAX_RETRIES": "0"})
"""A store of secrets that is not there is not waited for."""


class RememberedSide:
    """A real side that stays open over many proofs and tells facts that it was asked for before from memory."""

    def __init__(self, side: HelmfileSide) -> None:
        self._facts: dict[object, EnvironmentFacts] = {}
        self.side = side
        self.tree, self.state_file = side.tree, side.state_file
        self.build, self.list, self.record, self.command = side.build, side.list, side.record, side.command
        self.render, self.read_values, self.stored = side.render, side.read_values, side.stored
        self.fetched, self.completed = side.fetched, side.completed
        self.reached_out, self.prepared = side.reached_out, side.prepared

    def facts(self, environment: str, expected: Sequence[ReleaseId] = (), commands: Sequence[str] = COMMANDS) -> EnvironmentFacts:
        key = environment, tuple(expected), tuple(commands)
        if key not in self._facts:
            self._facts[key] = self.side.facts(environment, expected, commands)
        return self._facts[key]

    def close(self) -> None:
        """Stays open until the end of the session."""

    def __enter__(self) -> RememberedSide:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class RememberingSides:
    """Opens each tree once."""

    def __init__(self, sides: Sides, stack: ExitStack) -> None:
        self._sides = sides
        self._stack = stack
        self._open: dict[object, RememberedSide] = {}

    def open(  # noqa: PLR0913 -- the tree by position, the rest by keyword
        self,
        tree: Tree,
        state_file: str,
        *,
        lent: Mapping[str, bytes] = MappingProxyType({}),
        modern: bool = False,
        hooks: bool = False,
        variables: Mapping[str, str] = MappingProxyType({}),
        fetch: bool = False,
        complete: Sequence[str] = (),
        offline: bool = False,
    ) -> Side:
        given = frozenset(lent.items()), frozenset(variables.items())
        key = frozenset(tree.entries.items()), state_file, given, modern, hooks, fetch, tuple(complete), offline
        if key not in self._open:
            side = self._sides.open(
                tree,
                state_file,
                lent=lent,
                modern=modern,
                hooks=hooks,
                variables=variables,
                fetch=fetch,
                complete=complete,
                offline=offline,
            )
            self._open[key] = RememberedSide(self._stack.enter_context(side))
        return self._open[key]

    def rehearse(
        self, tree: Tree, state_file: str, command: str, *, lent: Mapping[str, bytes] = MappingProxyType({})
    ) -> Rehearsal:
        return self._sides.rehearse(tree, state_file, command, lent=lent)

    def shell_complaint(self, script: bytes) -> str:
        return self._sides.shell_complaint(script)

    def overlays(
        self, tree: Tree, state_file: str, *, lent: Mapping[str, bytes] = MappingProxyType({}), hooks: bool = False
    ) -> Overlays:
        return self._sides.overlays(tree, state_file, lent=lent, hooks=hooks)

    def without_network(self) -> str:
        return self._sides.without_network()

    def versions(self) -> Mapping[str, str]:
        return self._sides.versions()


def quiet(_what: str, _done: int, _of: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="session")
def sides(tools: ToolPair) -> Iterator[RememberingSides]:
    """helmfile 0.16x and helm."""
    with ExitStack() as stack:
        yield RememberingSides(Sides(tools.helmfile.path, tools.helm.path, pass_env=ASKED_ONCE), stack)


@pytest.fixture(scope="session")
def prove_it(sides: RememberingSides) -> Prove:
    """Proves a case."""
    return lambda case: prove(case, sides, quiet)


@pytest.fixture(scope="session")
def prove_dev(sides: RememberingSides) -> Prove:
    """Proves the environment `dev` of a case, and leaves out the others for the sake of time."""
    return lambda case: judge(gather(case, sides, quiet, only="dev"))


@pytest.fixture(scope="session")
def sides_on_current(tools: ToolPair, modern_tools: ToolPair) -> Iterator[RememberingSides]:
    """The same, and helmfile 1.x."""
    with ExitStack() as stack:
        kustomize = tools.kustomize.path if tools.kustomize else None
        yield RememberingSides(Sides(tools.helmfile.path, tools.helm.path, kustomize, modern_tools.helmfile.path), stack)


@pytest.fixture(scope="session")
def prove_on_current(sides_on_current: RememberingSides) -> Prove:
    """Proves the environment `dev` of a case with helmfile 1.x asked as well."""
    return lambda case: judge(gather(case, sides_on_current, quiet, only="dev"))
