"""renders_equal: the real helm renders the same objects on both sides.

With CRDs, hooks, tests and Secrets. The second witness, never left out: each side is rendered on its own, whatever the inputs
say. A leaf that differs is let pass only where it varies between renders of both sides, and then only beside equal inputs.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims.gathered import Gathered, unequal_inputs
from migrate.claims.rendering import RenderResult
from migrate.model.facts import CellId
from migrate.model.proof import ClaimResult, Evidence

NAME = "renders_equal"
ASSERTS = "helm renders the same objects on both sides"


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each cell that at least one side renders."""
    return ClaimResult.of(NAME, ASSERTS, tuple(_evidence(gathered)))


def _evidence(gathered: Gathered) -> Iterator[Evidence]:
    for cell in gathered.cells:
        render = gathered.renders.get(cell)
        if render is not None and not (render.old_failure and render.new_failure):
            yield _one(gathered, cell, render)
        elif render is None and (gathered.old.template(cell) or gathered.new.template(cell)):
            yield Evidence(str(cell), False, "only one side renders it")


def _one(gathered: Gathered, cell: CellId, render: RenderResult) -> Evidence:
    failure = render.old_failure or render.new_failure
    if failure:
        return Evidence(str(cell), False, f"only the {'old' if render.old_failure else 'new'} side fails: {failure.message}")
    if render.differences:
        return Evidence(str(cell), False, "; ".join(str(difference) for difference in render.differences))
    if render.masked and not _certified(gathered, cell):
        return Evidence(str(cell), False, f"{render.masked} leaves vary, and the inputs are not equal")
    if not render.documents and not _certified(gathered, cell):
        return Evidence(str(cell), False, "nothing is rendered, and the inputs are not equal")
    masked = f", {render.masked} leaves vary on both sides" if render.masked else ""
    return Evidence(str(cell), True, f"{render.documents} objects{masked}")


def _certified(gathered: Gathered, cell: CellId) -> bool:
    old, new = gathered.old.template(cell), gathered.new.template(cell)
    return bool(old and new and not unequal_inputs(old, new, gathered.old_merged, gathered.new_merged))
