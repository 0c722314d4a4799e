"""Which charts are locked: all below the external ones' folder, and those that lie in `charts/` of another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrate.analyzers.chart_manifest import MANIFEST, read_manifest
from migrate.errors import UnreadableSource
from migrate.model.chart_lock import ChartPlaces
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree

ARCHIVE = ".tgz"
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


def locked_charts(tree: Tree, places: ChartPlaces) -> tuple[FoundChart, ...]:
    """The charts that a lock has to name, sorted by path. A custom chart itself is its team's work, and is not locked."""
    charts = all_charts(tree, places)
    return tuple(chart for chart in charts if chart.parent or RepoPath(chart.path).is_below(places.external))


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
