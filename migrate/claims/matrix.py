"""Which cells a proof has, and of which of them helm has to read the values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrate.claims.gathered import digests_of
from migrate.claims.side_facts import SideFacts
from migrate.model.facts import CellId, ValuesFile

RECORDED = ("template", "sync", "apply", "diff")
"""The commands that give values to helm."""


def cells_of(sides: Sequence[SideFacts]) -> tuple[CellId, ...]:
    """Every environment × every release that any side knows in any environment."""
    releases = sorted({release for side in sides for name in side.environments for release in side.releases(name)})
    return tuple(CellId(name, release) for name in sides[0].environments for release in releases)


def values_apart(
    cells: Iterable[CellId], one: SideFacts, other: SideFacts
) -> tuple[list[tuple[ValuesFile, ...]], list[tuple[ValuesFile, ...]]]:
    """The sets of values files that have to be read by helm, for their bytes differ."""
    apart: tuple[list[tuple[ValuesFile, ...]], list[tuple[ValuesFile, ...]]] = ([], [])
    for cell in cells:
        for command in RECORDED:
            pairs = zip(one.calls(cell, command), other.calls(cell, command), strict=False)
            for before, after in pairs:
                if digests_of(before.values) != digests_of(after.values):
                    apart[0].append(before.values)
                    apart[1].append(after.values)
    return apart
