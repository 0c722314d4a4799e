"""The charts that a commit does not hold, pulled before a plan is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from migrate.model.pulled import ChartRef, NotPulled, Pulled, VendoredChart
from migrate.pipeline.stock import Stock, World, would_run
from migrate.vendoring.charts import vendored
from migrate.vendoring.dependencies import missing_dependencies
from migrate.vendoring.wanted import wanted_charts

K = TypeVar("K")


def with_charts(world: World, stock: Stock) -> Stock:
    """The stock with the charts that its releases and their charts name and that are not in the repository.

    What can't be had is told with its reason, and nothing is raised. Nobody is asked where helmfile would run something that the
    user has not allowed, for its answers are needed first.
    """
    wanted, inside = wanted_charts(stock.tree, stock.survey), missing_dependencies(stock.tree, stock.survey)
    if not (wanted or inside) or world.charts is None or would_run(stock.inventory):
        return stock
    refs = [ref for ref in (*wanted.values(), *inside.values()) if isinstance(ref, ChartRef)]
    charts, blobs = _unpacked(world.charts.pull(refs, world.progress), stock.tree.digits)
    releases, missing = _told(wanted, charts)
    dependencies, lacking = _told(inside, charts)
    pulled = Pulled(releases, missing, dependencies, lacking)
    return replace(stock, tree=stock.tree.bringing(blobs), pulled=pulled)


def _unpacked(
    archives: Mapping[ChartRef, bytes | NotPulled], digits: int
) -> tuple[dict[ChartRef, VendoredChart | NotPulled], list[bytes]]:
    charts, blobs = dict[ChartRef, VendoredChart | NotPulled](), list[bytes]()
    for ref, archive in archives.items():
        made = archive if isinstance(archive, NotPulled) else vendored(ref, archive, digits)
        if isinstance(made, NotPulled):
            charts[ref] = made
        else:
            charts[ref], unpacked = made
            blobs += unpacked.files.values()
    return charts, blobs


def _told(
    wanted: Mapping[K, ChartRef | NotPulled], charts: Mapping[ChartRef, VendoredChart | NotPulled]
) -> tuple[dict[K, VendoredChart], dict[K, str]]:
    """Who got which chart, and why the others got none."""
    told = {key: charts[ref] if isinstance(ref, ChartRef) else ref for key, ref in wanted.items()}
    return (
        {key: chart for key, chart in told.items() if isinstance(chart, VendoredChart)},
        {key: problem.reason for key, problem in told.items() if isinstance(problem, NotPulled)},
    )
