"""Faults planted on purpose to test a proof, and what the proof made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from migrate.model.facts import CellId
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree

FILE_CLAIMS = frozenset(
    (
        *("bytes_kept", "every_file_has_a_verdict", "comments_kept", "authorship_kept"),
        *("references_resolve", "no_stale_mentions", "syntax_kept"),
    )
)
"""The claims that look at files alone; all others are witnesses of what is rendered and deployed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One change of the new tree that a proof has to see.

    `wording` says what was done, without any value. Of the claims in `expected` at least one has to fail; any claim will do if it
    is empty, for nobody can say beforehand. `cells` and `environments` are where the fault should show: a release rendered
    alone, an environment built. They only say where to look first.
    """

    kind: str
    path: RepoPath
    line: int
    wording: str
    expected: frozenset[str]
    put: Mapping[RepoPath, tuple[Mode, bytes | str]] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    drop: frozenset[RepoPath] = frozenset()
    cells: tuple[CellId, ...] = ()
    environments: tuple[str, ...] = ()

    def applied_to(self, tree: Tree) -> Tree:
        """The tree with this fault alone."""
        return tree.changed(self.put, self.drop)

    @property
    def where(self) -> str:
        """`path:line`, or the path alone."""
        return f"{self.path}:{self.line}" if self.line else self.path

    @property
    def touched(self) -> frozenset[RepoPath]:
        """The paths that it changes."""
        return self.drop.union(self.put)


@dataclass(frozen=True, slots=True)
class Tried:
    """A fault and the claims that failed in the looks that were taken, up to the first one that shows the fault.

    `seen_by` names that look; it is empty for a fault that nothing saw.
    """

    fault: Fault
    failing: tuple[str, ...]
    seen_by: str

    @property
    def caught(self) -> bool:
        """Whether a claim that had to see it does."""
        return bool(self.seen_by)

    @property
    def by_witness(self) -> bool:
        """Whether a claim about what is rendered or deployed sees it, not only the files' own claims."""
        return not FILE_CLAIMS.issuperset(self.failing)


@dataclass(frozen=True, slots=True)
class KindOutcome:
    """What became of the faults of one kind.

    Of those caught, `by_witness` counts those that a claim about what is rendered or deployed saw, `in_renders` those of them
    that `renders_equal` saw (it is not asked about each), `only_files` those that the files' own claims alone saw.
    """

    kind: str
    planted: int
    caught: int
    by_witness: int
    in_renders: int
    only_files: int


@dataclass(frozen=True, slots=True)
class SelfTest:
    """All planted faults. `kinds` are all that could be planted; one without a fault has no place in this repository."""

    seed: int
    asked: int
    kinds: tuple[str, ...]
    tried: tuple[Tried, ...]

    @property
    def missed(self) -> tuple[Tried, ...]:
        """The faults that no claim saw that had to."""
        return tuple(one for one in self.tried if not one.caught)

    @property
    def holds(self) -> bool:
        """At least one fault was planted, and none was missed."""
        return bool(self.tried) and not self.missed

    def outcomes(self) -> tuple[KindOutcome, ...]:
        """One line a kind, in the order of the registry."""
        return tuple(_outcome(kind, [one for one in self.tried if one.fault.kind == kind]) for kind in self.kinds)


def _outcome(kind: str, tried: Sequence[Tried]) -> KindOutcome:
    caught = [one for one in tried if one.caught]
    seen = [one for one in caught if one.by_witness]
    rendered = sum("renders_equal" in one.failing for one in seen)
    return KindOutcome(kind, len(tried), len(caught), len(seen), rendered, len(caught) - len(seen))
