"""inputs_equal: helm is given the same on both sides.

Seen by the recorder, a stand-in for helm: the arguments, the bytes of the chart's reachable files, and the values as helm itself
reads them. The same helm given the same inputs makes the same output, random functions included. The first witness.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims.gathered import Gathered, unequal_of_cell
from migrate.model.proof import ClaimResult, Evidence

NAME = "inputs_equal"
ASSERTS = "helm is given the same arguments, chart bytes and values on both sides"


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each cell that helm is called to render on any side."""
    return ClaimResult.of(NAME, ASSERTS, tuple(_evidence(gathered)))


def _evidence(gathered: Gathered) -> Iterator[Evidence]:
    for cell in gathered.cells:
        old, new = gathered.old.template(cell), gathered.new.template(cell)
        if old is None and new is None:
            continue
        if old is None or new is None:
            yield Evidence(str(cell), False, f"only the {'new' if old is None else 'old'} side renders it")
            continue
        unequal = unequal_of_cell(gathered, cell, old, new)
        yield Evidence(str(cell), not unequal, "; ".join(unequal) or f"equal; {len(old.values)} values files")
