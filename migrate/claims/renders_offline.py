"""renders_offline: the new tree needs no network.

The new side is asked with the network cut off: `sync` and `template` recorded without --skip-deps, as people run them, each cell
rendered, and `helm dependency build` done once for each chart for which helmfile asks. Who wanted the network is named from the
words of helmfile or helm, and from the file that names the host. Left out, and said so, where the network can't be cut off.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.analyzers.chart_kind import without_credentials
from migrate.claims.gathered import Gathered
from migrate.claims.outgoing import built_chart, dependencies_from, foreign_charts, hosts_named_in, preparing
from migrate.model.facts import CellId, HelmCall
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, Evidence
from migrate.model.reaching import COPY, Offline, Prepared, ReachOut, Wish
from migrate.model.tree import Tree

NAME = "renders_offline"
ASSERTS = "the new tree is rendered and deployed with the network cut off"


def judge(gathered: Gathered) -> ClaimResult:
    """Evidence for each run of an environment, each call that prepares charts from elsewhere, and each rendered cell."""
    offline = gathered.offline
    return ClaimResult.of(NAME, ASSERTS, (*_runs(gathered, offline), *_cells(gathered, offline)) if offline else ())


def _runs(gathered: Gathered, offline: Offline) -> Iterator[Evidence]:
    tree, folder = gathered.case.new, RepoPath(gathered.case.new_state).folder
    for environment in gathered.environments:
        wanted = [out for out in offline.reached if out.environment == environment]
        commands = [command for command in ("template", "sync") if command in gathered.new.environments[environment].runs]
        for command in dict.fromkeys((*commands, *(out.command for out in wanted))):
            told = [_told(tree, out, folder) for out in wanted if out.command == command]
            yield Evidence(f"{environment}: {command}", not told, "; ".join(told) or "runs with the network cut off")
        facts = gathered.new.environments[environment]
        for what in dict.fromkeys(name for run in facts.runs.values() for call in run.calls for name in preparing(call)):
            yield Evidence(f"{environment}: {what}", False, "each run asks for it first, whether a release needs it or not")
        for copy in {built_chart(c) or "" for run in facts.runs.values() for c in run.calls}:
            if copy.startswith(COPY) and (prepared := offline.prepared.get(copy)) and prepared.wanted:
                what = f"`helm dependency up` of a chart that helmfile changes fetches something from {prepared.address}"
                yield Evidence(f"{environment}: dependencies", False, what)


def _cells(gathered: Gathered, offline: Offline) -> Iterator[Evidence]:
    for cell in gathered.cells:
        call = gathered.new.template(cell)
        if call is not None:
            wrong = tuple(_wrong(gathered, cell, call, offline))
            yield Evidence(str(cell), not wrong, "; ".join(wrong) or "rendered with the network cut off")


def _wrong(gathered: Gathered, cell: CellId, call: HelmCall, offline: Offline) -> Iterator[str]:
    tree = gathered.case.new
    for chart in foreign_charts((call, *gathered.new.calls(cell, "sync"))):
        yield f"the chart {without_credentials(chart)} is fetched when it is deployed"
    for out in offline.reached:
        if out.argv == call.argv and out.chart_folder == call.chart_folder:
            yield _told(tree, out, call.chart_folder)
    prepared = offline.prepared.get(call.chart_folder)
    if prepared is not None and prepared.wanted:
        yield _unprepared(tree, call.chart_folder, prepared)


def _told(tree: Tree, out: ReachOut, folder: str) -> str:
    names = ("values.schema.json",) if out.wish is Wish.SCHEMA else ()
    where = hosts_named_in(tree, folder, out.address, names)
    return f"{out} is wanted{f' ({where})' if where else ''}"


def _unprepared(tree: Tree, folder: str, prepared: Prepared) -> str:
    """The dependencies that `helm dependency build` fetches again although they may be vendored."""
    named = dependencies_from(tree, folder, prepared.address)
    what = ", ".join(f"{d.name} from {without_credentials(d.repository)} ({d.path}:{d.line})" for d in named) or prepared.address
    return f"`helm dependency build` fetches {what}; `skipDeps: true` on the release takes what charts/ holds"
