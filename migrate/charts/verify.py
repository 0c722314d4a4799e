"""What differs between charts and their lock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

from migrate.charts.digest import Rows, digest, rows
from migrate.charts.leftovers import leftover_faults, leftovers, tracked_archives
from migrate.charts.locking import lock_of
from migrate.charts.nesting import all_charts
from migrate.errors import UnreadableSource
from migrate.model.chart_lock import ChartFault, ChartLock, ChartPlaces, Fault, LockedChart
from migrate.model.paths import RepoPath, relative
from migrate.model.tree import Tree


def verify(
    lock: ChartLock, tree: Tree, places: ChartPlaces, ignored: Collection[str], known: Iterable[Tree] = ()
) -> tuple[ChartFault, ...]:
    """Everything that is wrong, sorted by path; nothing, if every chart has exactly the bytes that the lock names.

    `ignored` are the files of the tree that git ignores and does not track. `known` are trees in which a chart may still be as
    the lock says: where it is, the files that differ are named, else the chart. UnreadableSource where bytes are not at hand.
    """
    left = leftovers(tree, places, ignored)
    rest = tree.changed({}, drop=left)
    found = lock_of(rest, places, also=[f"{places.folder}/{chart.path}" for chart in lock.charts])
    faults = chain(
        leftover_faults(tree, places, left),
        tracked_archives(rest, places),
        _entries(lock, found, rest, places, tuple(known)),
        _strays(rest, places),
    )
    return tuple(_told_once(sorted(set(faults))))


def _told_once(faults: Sequence[ChartFault]) -> Iterator[ChartFault]:
    """A stale archive that git does not ignore is a surplus file too, and is told as the former."""
    stale = {each.path for each in faults if each.fault is Fault.STALE}
    yield from (each for each in faults if each.fault is Fault.STALE or each.path not in stale)


def _entries(lock: ChartLock, found: ChartLock, tree: Tree, places: ChartPlaces, known: Sequence[Tree]) -> Iterator[ChartFault]:
    there = {chart.path: chart for chart in found.charts}
    wanted = {chart.path: chart for chart in lock.charts}
    yield from (ChartFault(path, Fault.NOT_LOCKED) for path in there if path not in wanted)
    for path, chart in wanted.items():
        if path not in there:
            yield ChartFault(path, Fault.NO_CHART)
        elif chart.digest != there[path].digest:
            yield from _files(chart, there[path], tree, places, known)
        elif _described(chart) != _described(there[path]):
            texts = [
                f"the lock says {a}, the chart {b}" for a, b in zip(*map(_described, (chart, there[path])), strict=True) if a != b
            ]
            yield ChartFault(path, Fault.CHANGED, "; ".join(texts))


def _described(chart: LockedChart) -> tuple[str, ...]:
    return (f"name {chart.name}", f"version {chart.version}", f"appVersion {chart.app_version}", f"{chart.files} files")


def _files(
    wanted: LockedChart, found: LockedChart, tree: Tree, places: ChartPlaces, known: Sequence[Tree]
) -> Iterator[ChartFault]:
    """The files of a chart that differ; the chart, if no known tree has it as it should be."""
    folder = f"{places.folder}/{wanted.path}"
    before = next((each for old in known if digest(each := _rows(old, folder)) == wanted.digest), None)
    after = _rows(tree, folder)
    if before is None or not before:
        count = "" if wanted.files == found.files else f"{found.files} files instead of {wanted.files}"
        yield ChartFault(wanted.path, Fault.CHANGED, count)
        return
    for path in sorted({*before, *after}):
        if before.get(path) != after.get(path):
            fault = Fault.CHANGED if path in before and path in after else Fault.MISSING if path in before else Fault.SURPLUS
            yield ChartFault(f"{wanted.path}/{path}", fault)


def _rows(tree: Tree, folder: str) -> Rows:
    try:
        return rows(tree, folder)
    except UnreadableSource:
        return {}


def _strays(tree: Tree, places: ChartPlaces) -> Iterator[ChartFault]:
    """Files below the external charts' folder that belong to no chart."""
    tops = {chart.path for chart in all_charts(tree, places) if not chart.parent}
    for path in tree.below(places.external):
        if path != places.lock and not any(path.is_below(top) for top in tops):
            yield ChartFault(relative(RepoPath(path), places.folder), Fault.SURPLUS, "belongs to no chart")
