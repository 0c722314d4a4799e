"""The real renders of both sides, compared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

from migrate.claims.gathered import Gathered, inputs_of, unequal_inputs
from migrate.claims.rendering import RenderResult, both_ways, compare_renders
from migrate.claims.vendoring import builds_from_folders
from migrate.measuring.jobs import Jobs
from migrate.model.facts import CellId, HelmInputs
from migrate.model.tree import Tree
from migrate.ports import Side

_KEYS = re.compile(rb"\bgen[A-Z]\w+")


def renders(gathered: Gathered, sides: Sequence[Side], jobs: Jobs) -> Mapping[CellId, RenderResult]:
    """One comparison for each distinct pair of inputs; a render is never shared by the two sides."""
    pairs: dict[tuple[object, object], tuple[HelmInputs, HelmInputs, bool]] = {}
    cells: dict[CellId, tuple[object, object]] = {}
    for cell in gathered.cells:
        old, new = gathered.old.template(cell), gathered.new.template(cell)
        if old is not None and new is not None:
            before, after = inputs_of(old), inputs_of(new)
            cells[cell] = before.key, after.key
            same = not unequal_inputs(old, new, gathered.old_merged, gathered.new_merged)
            pairs[cells[cell]] = before, after, same
    ordered = dict(sorted(pairs.items(), key=lambda item: not _makes_keys(sides[0].tree, item[1][0].chart_folder)))
    results = jobs.each("rendering", list(ordered.values()), lambda pair: _compared(sides, pair))
    by_pair = dict(zip(ordered, results, strict=True))
    return {cell: by_pair[pair] for cell, pair in cells.items()}


def _makes_keys(tree: Tree, chart: str) -> bool:
    """Whether a chart's templates make keys or certificates: it renders longest, and again, so that it should begin first."""
    for path in tree.below(f"{chart}/templates") if chart else ():
        with suppress(KeyError):
            if _KEYS.search(tree.read(path)):
                return True
    return False


def _compared(sides: Sequence[Side], pair: tuple[HelmInputs, HelmInputs, bool]) -> RenderResult:
    old, new = sides[0], sides[1]
    before, after, same = pair
    plain = compare_renders(lambda: old.render(before), lambda: new.render(after), certified=same)
    if not all(builds_from_folders(side.tree, inputs.chart_folder) for side, inputs in ((old, before), (new, after))):
        return plain
    built = compare_renders(lambda: old.render(before, built=True), lambda: new.render(after, built=True), certified=same)
    return both_ways(plain, built)
