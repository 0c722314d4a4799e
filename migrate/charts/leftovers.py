"""Archives that a run of helmfile left in `charts/`: in no commit, ignored by git, and of no harm while they are what lies there.

Every run without `--skip-deps` packs the `file://` dependencies of each local chart into `charts/*.tgz`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from migrate.analyzers.chart_manifest import read_manifest
from migrate.charts.nesting import chart_name, folder_beside, is_archive_of, is_nested_archive
from migrate.charts.packed import is_packed_from
from migrate.errors import UnreadableSource
from migrate.model.chart_lock import ChartFault, ChartPlaces, Fault
from migrate.model.paths import RepoPath, relative
from migrate.model.tree import Tree


def leftovers(tree: Tree, places: ChartPlaces, ignored: Collection[str]) -> frozenset[RepoPath]:
    """The archives in `charts/` of the layout's charts that git ignores."""
    below = (*tree.below(places.external), *tree.below(places.custom))
    return frozenset(path for path in below if path in ignored and is_nested_archive(path))


def leftover_faults(tree: Tree, places: ChartPlaces, left: Collection[RepoPath]) -> Iterator[ChartFault]:
    """What is wrong with them: other content than the folder that they stand for, or a chart that nothing else holds."""
    rest = tree.changed({}, drop=frozenset(left))
    for path in sorted(left):
        folder = folder_beside(rest, path) or _dependency(rest, path)
        here = relative(path, places.folder)
        if not folder:
            yield ChartFault(here, Fault.NOT_LOCKED, "git ignores it, and no folder holds this chart: nobody else has it")
        elif not is_packed_from(tree.read(path), rest, folder):
            yield ChartFault(here, Fault.STALE, f"its content is not that of {relative(folder, places.folder)}; remove it")


def tracked_archives(tree: Tree, places: ChartPlaces) -> Iterator[ChartFault]:
    """Archives that git does not ignore, beside the unpacked chart: helm loads both."""
    for path in (*tree.below(places.external), *tree.below(places.custom)):
        if is_nested_archive(path) and (folder := folder_beside(tree, path)):
            yield ChartFault(relative(path, places.folder), Fault.STALE, f"lies beside {relative(folder, places.folder)}")


def _dependency(tree: Tree, archive: RepoPath) -> str:
    """The folder of a `file://` dependency that helm packs into this archive; empty if there is none."""
    chart = RepoPath(archive.folder).folder
    try:
        found = [d.folder for d in read_manifest(tree, chart).dependencies if d.folder]
    except (KeyError, UnreadableSource):
        return ""
    there = (folder for folder in found if tree.is_folder(folder))
    return next((folder for folder in there if is_archive_of(archive.name, chart_name(tree, folder))), "")
