"""Which charts move, and to which folder each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from migrate.flatten.ground import Ground
from migrate.model.charts import Chart, ChartKind


def chart_folders(ground: Ground) -> dict[str, str]:
    """The new folder of each chart that moves: those used by releases, what they depend on, those in application folders."""
    by_folder = {chart.folder: chart for chart in ground.inventory.charts if chart.folder is not None}
    moving = _moving(ground, by_folder)
    kinds = _kinds(moving, by_folder)
    names: dict[tuple[ChartKind, str], list[str]] = defaultdict(list)
    for folder in moving:
        names[kinds[folder], folder.rpartition("/")[2]].append(folder)
    result: dict[str, str] = {}
    for (kind, name), folders in names.items():
        top = ground.layout.external_charts if kind is ChartKind.EXTERNAL else ground.layout.custom_charts
        for folder in folders:
            parent = folder.rpartition("/")[0].rpartition("/")[2]
            result[folder] = f"{top}/{parent}/{name}" if len(folders) > 1 and parent else f"{top}/{name}"
    _keep_siblings(moving, by_folder, result)
    inner = {r.chart_folder for r in ground.inventory.releases if r.chart_folder and r.chart_folder not in result}
    for folder in sorted(inner):
        outer = next(known for known in result if is_inside(folder, known))
        result[folder] = result[outer] + folder.removeprefix(outer)
    return result


def _keep_siblings(moving: Sequence[str], by_folder: Mapping[str, Chart], result: dict[str, str]) -> None:
    """A chart that one beside it depends on (`file://../lib`) stays beside it."""
    for folder in moving:
        for dependency in by_folder[folder].dependencies if folder in by_folder else ():
            needed = dependency.folder
            if needed in result and needed is not None and needed.rpartition("/")[0] == folder.rpartition("/")[0]:
                result[needed] = f"{result[folder].rpartition('/')[0]}/{needed.rpartition('/')[2]}"


def is_inside(folder: str, other: str) -> bool:
    """Whether a folder is another one or lies below it."""
    return f"{folder}/".startswith(f"{other}/")


def _moving(ground: Ground, by_folder: dict[str, Chart]) -> list[str]:
    used = [r.chart_folder for r in ground.inventory.releases if r.chart_folder]
    apps = [s.path.folder for s in ground.inventory.states if s.path != ground.inventory.root and s.path.folder]
    beside = [folder for folder in by_folder if any(is_inside(folder, app) for app in apps)]
    queue, moving = [*used, *sorted(beside)], list[str]()
    while queue:
        folder = queue.pop(0)
        if not folder or any(is_inside(folder, known) for known in moving):
            continue
        moving = [*(known for known in moving if not is_inside(known, folder)), folder]
        chart = by_folder.get(folder)
        queue += [d.folder for d in chart.dependencies if d.folder is not None] if chart else []
    return moving


def _kinds(moving: Sequence[str], by_folder: dict[str, Chart]) -> dict[str, ChartKind]:
    """A chart that another one depends on goes where that one goes, so that `file://../` paths keep their meaning."""
    kinds = {folder: by_folder[folder].kind if folder in by_folder else ChartKind.CUSTOM for folder in moving}
    for folder in moving:
        for dependency in by_folder[folder].dependencies if folder in by_folder else ():
            if dependency.folder in kinds and dependency.folder is not None:
                kinds[dependency.folder] = kinds[folder]
    return kinds
