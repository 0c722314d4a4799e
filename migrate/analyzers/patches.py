"""Patches of releases that helmfile 0.16x and 1.x apply differently (docs/explanation/helmfile-semantics.md, section 8)."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.analyzers.releases import PATCHES, local_chart, original
from migrate.analyzers.states import States
from migrate.formats.state_source import StateSource, sequence
from migrate.model.findings import Finding, Severity
from migrate.model.tree import Tree

SLUG = "version-1-patches-differently"
LEFT_OUT = "0.16x leaves `jsonPatches` out where `strategicMergePatches` stand beside them, 1.x applies both"
MOVED = "its chart has templates/crds/: 0.16x moves that to crds/ when it patches the chart, 1.x leaves it"


def analyze_patches(tree: Tree, states: States) -> tuple[Finding, ...]:
    """A finding for each release that says so itself; what it inherits from a template only the proof sees."""
    return tuple(finding for source in states.sources.values() for finding in _of_state(tree, source))


def _of_state(tree: Tree, source: StateSource) -> Iterator[Finding]:
    for block in source.blocks("releases"):
        for item in sequence(block):
            keys = {key for key in PATCHES if (node := item.get(key)) is not None and node.items}
            if {"jsonPatches", "strategicMergePatches"} <= keys:
                yield _finding(source, source.line(block.part, item.key("jsonPatches") or item), LEFT_OUT)
            folder = local_chart(tree, source.path.folder, original(block.part, item.get("chart"))) if keys else None
            if folder and tree.below(f"{folder}/templates/crds"):
                yield _finding(source, source.line(block.part, item.get("chart") or item), MOVED)


def _finding(source: StateSource, line: int, message: str) -> Finding:
    hint = "decide which of the two it shall be, in a change of its own before the migration, or vouch for it with `unproved`"
    return Finding(SLUG, Severity.WARNING, source.path, line, message, hint)
