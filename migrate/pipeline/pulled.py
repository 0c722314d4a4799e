"""The charts that a commit does not hold, pulled before a plan is made."""

from __future__ import annotations

from dataclasses import replace

from migrate.model.pulled import ChartRef, NotPulled, Pulled, ReleaseKey, VendoredChart
from migrate.pipeline.stock import Stock, World, would_run
from migrate.vendoring.charts import vendored
from migrate.vendoring.wanted import wanted_charts


def with_charts(world: World, stock: Stock) -> Stock:
    """The stock with the charts that its releases name and that are not in the repository.

    What can't be had is told with its reason, and nothing is raised. Nobody is asked where helmfile would run something that the
    user has not allowed, for its answers are needed first.
    """
    wanted = wanted_charts(stock.tree, stock.survey)
    if not wanted or world.charts is None or would_run(stock.inventory):
        return stock
    refs = [ref for ref in wanted.values() if isinstance(ref, ChartRef)]
    archives = world.charts.pull(refs, world.progress)
    digits, charts, blobs = stock.tree.digits, dict[ChartRef, VendoredChart | NotPulled](), list[bytes]()
    for ref, archive in archives.items():
        made = archive if isinstance(archive, NotPulled) else vendored(ref, archive, digits)
        if isinstance(made, NotPulled):
            charts[ref] = made
        else:
            charts[ref], unpacked = made
            blobs += unpacked.files.values()
    told = {key: charts[ref] if isinstance(ref, ChartRef) else ref for key, ref in wanted.items()}
    return replace(stock, tree=stock.tree.bringing(blobs), pulled=_pulled(told))


def _pulled(told: dict[ReleaseKey, VendoredChart | NotPulled]) -> Pulled:
    return Pulled(
        {key: chart for key, chart in told.items() if isinstance(chart, VendoredChart)},
        {key: problem.reason for key, problem in told.items() if isinstance(problem, NotPulled)},
    )
