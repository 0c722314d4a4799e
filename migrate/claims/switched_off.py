"""Releases that are switched off on both sides (by their condition, or `installed: false`): helm is never given them.

They are deployed as soon as a state value says so, so their entries have to mean the same, as far as that shows without helm.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import Presence
from migrate.claims.surroundings import unequal_entries
from migrate.model.facts import CellId
from migrate.model.proof import Evidence

OFF = frozenset((Presence.DISABLED, Presence.UNINSTALLED))


def evidence(gathered: Gathered) -> Iterator[Evidence]:
    """One piece for each cell that is switched off on both sides, and defined once on each."""
    for cell in gathered.cells:
        if gathered.old.presence(cell) in OFF and gathered.new.presence(cell) in OFF:
            yield from _of(gathered, cell)


def _of(gathered: Gathered, cell: CellId) -> Iterator[Evidence]:
    old, new = gathered.old.definitions(cell), gathered.new.definitions(cell)
    if len(old) == len(new) == 1:
        unequal = unequal_entries(gathered, old[0], new[0])
        yield Evidence(f"{cell} switched off", not unequal, unequal or "what it would be deployed with is the same")
