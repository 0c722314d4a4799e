"""The file that locks the charts which came from elsewhere, as the new tree will hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from migrate.analyzers.chart_manifest import MANIFEST
from migrate.analyzers.survey import Survey
from migrate.charts.locking import lock_findings, lock_of
from migrate.charts.nesting import all_charts
from migrate.charts.origins import origins
from migrate.flatten.ground import EXTERNAL
from migrate.layout import Layout
from migrate.model.chart_lock import ChartPlaces
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.operations import Copy, Create, Operation, Rewrite, apply_all

Made = tuple[tuple[Create, ...], tuple[Finding, ...]]
NOTHING: Mapping[str, str] = MappingProxyType({})


def versions_lock(
    tree: Tree, operations: Sequence[Operation], surveyed: Survey, layout: Layout, pulled: Mapping[str, str] = NOTHING
) -> Made:
    """The lock of the tree that the operations make, and what there is to say about it; no lock where bytes are not at hand.

    `pulled` has the origin of each chart that the operations bring from elsewhere, by its new folder. Findings name legacy paths.
    """
    if layout.versions_lock in tree:
        return (), (_taken(layout.versions_lock),)
    copies = {op.target: op.source for op in operations if isinstance(op, Copy)}
    places = layout.charts
    new = _charts_only(apply_all(tree, [op for op in operations if not isinstance(op, Rewrite)]), places)
    moved = {source.folder: target.folder for target, source in copies.items() if target.name == MANIFEST}
    known = {**origins(new, places, surveyed, moved), **pulled}
    found = tuple(replace(f, path=copies.get(RepoPath(f.path), f.path)) for f in lock_findings(new, places, known))
    if any(finding.severity is Severity.BLOCKING for finding in found):
        return (), found
    lock = lock_of(new, places, known)
    reason = f"the bytes of {len(lock.charts)} charts that came from elsewhere"
    made = Create(layout.versions_lock, lock.to_text(), Mode.FILE, reason, EXTERNAL)
    return (made,), (*found, *_unknown(new, places, known, copies))


def _taken(path: RepoPath) -> Finding:
    hint = "move it away first, or choose another layout in migrate.yaml"
    return Finding("target-clash", Severity.BLOCKING, path, 0, "the plan would make this file, and it exists", hint)


def _charts_only(tree: Tree, places: ChartPlaces) -> Tree:
    below = (places.external, places.custom)
    entries = {path: entry for path, entry in tree.entries.items() if any(path.is_below(folder) for folder in below)}
    return replace(tree, entries=MappingProxyType(entries))


def _unknown(tree: Tree, places: ChartPlaces, known: Mapping[str, str], copies: Mapping[RepoPath, RepoPath]) -> Iterator[Finding]:
    for chart in all_charts(tree, places):
        if not chart.parent and chart.path not in known and RepoPath(chart.path).is_below(places.external):
            manifest = RepoPath(f"{chart.path}/{MANIFEST}")
            message = "nothing names where this chart came from, so it can't be pulled again"
            hint = "say it in a comment of its helmfile: `# chart: REPOSITORY/NAME`, with the repository's `url:`, or `# chart: oci://…`"
            yield Finding("chart-origin-unknown", Severity.NOTE, copies.get(manifest, manifest), 0, message, hint)
