"""Which charts are locked: all below the external ones' folder, and what came from elsewhere in `charts/` of a custom one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from migrate.analyzers.chart_manifest import FILE_SCHEME, MANIFEST, read_manifest
from migrate.errors import UnreadableSource
from migrate.model.chart_lock import ChartPlaces
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree

ARCHIVE = ".tgz"
PUBLISHED = ("home", "icon", "sources")
"""Keys of Chart.yaml that a published chart has, and one that `helm create` makes has not."""
_VERSION = re.compile(r"-v?[0-9]")


@dataclass(frozen=True, slots=True)
class FoundChart:
    """A chart's folder, or an archive in `charts/` that no folder beside it stands for.

    `parent` is the folder of the chart that it lies in, `""` for an outer one; `top` is the outer one around it, or itself.
    """

    path: str
    parent: str
    top: str
    archive: bool = False


def locked_charts(tree: Tree, places: ChartPlaces, also: Collection[str] = ()) -> tuple[FoundChart, ...]:
    """The charts that a lock has to name, sorted by path. A custom chart itself is its team's work and is not locked, nor is a
    chart in its `charts/` that nothing shows to be from elsewhere; unless it is among `also`, which are paths from the top.
    """
    locked: dict[str, FoundChart] = {}
    for chart in all_charts(tree, places):
        if RepoPath(chart.path).is_below(places.external) or (
            chart.parent and (chart.parent in locked or chart.path in also or _is_from_elsewhere(tree, chart))
        ):
            locked[chart.path] = chart
    return tuple(locked.values())


def _is_from_elsewhere(tree: Tree, chart: FoundChart) -> bool:
    """Whether a nested chart is packed, names a project in its Chart.yaml, or comes from a repository by the chart around it.

    So it is taken for its team's own where nothing is said at all. UnreadableSource never: what can't be read is not edited.
    """
    if chart.archive:
        return True
    try:
        own = read_manifest(tree, chart.path)
        around = read_manifest(tree, chart.parent)
    except (KeyError, UnreadableSource):
        return True
    named = [dependency.repository for dependency in around.dependencies if dependency.name == own.name]
    return any(own.document.value.get(key) for key in PUBLISHED) or any(
        repository and not repository.startswith(FILE_SCHEME) for repository in named
    )


def all_charts(tree: Tree, places: ChartPlaces) -> tuple[FoundChart, ...]:
    """The external and the custom charts with all that is nested in them, sorted by path."""
    tops = [top for folder in (places.external, places.custom) for top in _outer(tree, folder)]
    inside = [chart for top in tops for chart in _nested(tree, top, top)]
    return tuple(sorted((*(FoundChart(top, "", top) for top in tops), *inside), key=lambda chart: chart.path))


def _outer(tree: Tree, folder: str) -> list[str]:
    """The charts below a folder that lie in no other chart."""
    found: list[str] = []
    for path in sorted((p for p in tree.below(folder) if p.name == MANIFEST), key=lambda p: p.count("/")):
        if path.folder != folder and not any(path.is_below(known) for known in found):
            found.append(path.folder)
    return found


def _nested(tree: Tree, chart: str, top: str) -> Iterator[FoundChart]:
    for path in tree.below(f"{chart}/charts"):
        inner = path.relative_to(f"{chart}/charts")
        if inner.count("/") == 1 and path.name == MANIFEST:
            yield FoundChart(path.folder, chart, top)
            yield from _nested(tree, path.folder, top)
        elif is_nested_archive(path) and "/" not in inner and not folder_beside(tree, path):
            yield FoundChart(path, chart, top, archive=True)


def is_nested_archive(path: RepoPath) -> bool:
    """Whether a file lies where helm looks for packed charts."""
    return path.endswith(ARCHIVE) and path.folder.rpartition("/")[2] == "charts"


def folder_beside(tree: Tree, archive: RepoPath) -> str:
    """The unpacked chart beside an archive `<name>-<version>.tgz`, by the name in its Chart.yaml; empty if there is none."""
    folders = [p.folder for p in tree.below(archive.folder) if p.name == MANIFEST and RepoPath(p.folder).folder == archive.folder]
    return next((folder for folder in folders if is_archive_of(archive.name, chart_name(tree, folder))), "")


def is_archive_of(file: str, name: str) -> bool:
    """Whether a file's name is one that helm gives an archive of a chart."""
    return bool(file.startswith(name) and _VERSION.match(file, len(name)))


def chart_name(tree: Tree, folder: str) -> str:
    """The name in Chart.yaml; that of the folder if it can't be read."""
    try:
        return read_manifest(tree, folder).name
    except UnreadableSource:
        return folder.rpartition("/")[2]
