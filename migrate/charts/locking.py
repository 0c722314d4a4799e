"""A tree -> what its lock has to say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from migrate.analyzers.chart_manifest import read_manifest
from migrate.charts.digest import digest, file_digest, rows
from migrate.charts.nesting import ARCHIVE, FoundChart, all_charts, folder_beside, is_nested_archive, locked_charts
from migrate.errors import PathLeavesRepository, UnreadableSource
from migrate.formats.packed_chart import read_packed
from migrate.model.chart_lock import UNKNOWN, ChartLock, ChartPlaces, LockedChart
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath, relative, resolve
from migrate.model.tree import Entry, Mode, Tree

NOTHING: Mapping[str, str] = MappingProxyType({})
NO_FILES: Mapping[RepoPath, Entry] = MappingProxyType({})
NO_BLOBS: dict[str, bytes] = {}
Description = tuple[str, str, str]
"""name, version, appVersion; empty where nothing can be read"""


def lock_of(tree: Tree, places: ChartPlaces, origins: Mapping[str, str] = NOTHING, also: Collection[str] = ()) -> ChartLock:
    """The lock that is true of a tree. `origins` has those that are known, by the chart's path from the top; a chart in a custom
    one is locked if its origin is known, or if it is among `also`. UnreadableSource where the bytes of a chart are not at hand.
    """
    found = locked_charts(tree, places, {*origins, *also})
    return ChartLock(tuple(_locked(tree, places, chart, origins) for chart in found))


def lockable(tree: Tree, chart: FoundChart) -> Finding | None:
    """A blocking `chart-not-lockable` for a chart of which not all bytes are at hand."""
    try:
        _counted(tree, chart)
    except UnreadableSource as error:
        hint = "fetch the whole repository, or put the chart's files into it"
        return Finding("chart-not-lockable", Severity.BLOCKING, error.path, 0, f"can't be locked: {error.message}", hint)
    return None


def lock_findings(tree: Tree, places: ChartPlaces, also: Collection[str] = ()) -> tuple[Finding, ...]:
    """What a lock can't hold, or not wholly: `chart-not-lockable`, `archive-beside-folder`, `chart-link-leads-out`.

    Their paths are those of the tree; `also` as for `lock_of`.
    """
    found = [lockable(tree, chart) for chart in locked_charts(tree, places, also)]
    folders = [chart for chart in all_charts(tree, places) if not chart.archive]
    doubled = (finding for chart in folders for finding in _doubled(tree, chart.path))
    links = (finding for chart in folders if not chart.parent for finding in _links(tree, chart.path))
    return (*(finding for finding in found if finding), *doubled, *links)


def _locked(tree: Tree, places: ChartPlaces, chart: FoundChart, origins: Mapping[str, str]) -> LockedChart:
    name, version, app_version = _described(tree, chart)
    total, files = _counted(tree, chart)
    path = relative(chart.path, places.folder)
    return LockedChart(path, name, version, app_version, origins.get(chart.path, UNKNOWN), total, files)


def _counted(tree: Tree, chart: FoundChart) -> tuple[str, int]:
    if chart.archive:
        return file_digest(tree, RepoPath(chart.path)), 1
    found = rows(tree, chart.path)
    return digest(found), len(found)


def _described(tree: Tree, chart: FoundChart) -> Description:
    """As helm reads Chart.yaml; a chart that can't be read has the name of its folder or archive."""
    try:
        inside = _unpacked(tree, RepoPath(chart.path)) if chart.archive else tree
        manifest = read_manifest(inside, "" if chart.archive else chart.path)
    except UnreadableSource:
        return RepoPath(chart.path).name.removesuffix(ARCHIVE), "", ""
    return manifest.name, manifest.version, manifest.app_version


def _unpacked(tree: Tree, archive: RepoPath) -> Tree:
    try:
        files = read_packed(tree.read(archive), archive).files
    except KeyError as error:
        raise UnreadableSource(f"{archive}: can't be read", path=archive) from error
    return Tree("", NO_FILES, NO_BLOBS.__getitem__).changed({path: (Mode.FILE, data) for path, data in files.items()})


def _doubled(tree: Tree, chart: str) -> Iterator[Finding]:
    for path in tree.below(f"{chart}/charts"):
        if is_nested_archive(path) and path.folder == f"{chart}/charts" and (folder := folder_beside(tree, path)):
            message = f"git tracks this archive beside the unpacked chart {folder}, and helm loads both"
            yield Finding("archive-beside-folder", Severity.WARNING, path, 0, message, "remove one of the two")


def _links(tree: Tree, chart: str) -> Iterator[Finding]:
    """Links out of a chart: what they lead to is not among its bytes."""
    for path in tree.below(chart):
        if tree.entries[path].mode is Mode.LINK and not _stays_in(tree, path, chart):
            message = f"this link leads out of the chart {chart}: what it leads to is not locked with the chart"
            yield Finding("chart-link-leads-out", Severity.WARNING, path, 0, message, "put the file itself into the chart")


def _stays_in(tree: Tree, link: RepoPath, chart: str) -> bool:
    try:
        return f"{resolve(link.folder, tree.text(link))}/".startswith(f"{chart}/")
    except (KeyError, UnicodeDecodeError, PathLeavesRepository):
        return False
