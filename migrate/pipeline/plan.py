"""From what is here to a plan, with everything that only git and helmfile can tell."""

from __future__ import annotations

from dataclasses import replace

from migrate import planner, writer
from migrate.analyzers.needed import needed
from migrate.charts.hints import origin_in
from migrate.flatten.git_files import attribute_edits, ignore_edits
from migrate.flatten.hidden_files import shown_again
from migrate.flatten.mentions import joined, respelt
from migrate.flatten.outside import rendered_output, writers
from migrate.flatten.placement import Ground, environment_target
from migrate.flatten.versions_lock import versions_lock
from migrate.layout import layout_of
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import ValuesState
from migrate.model.paths import RepoPath
from migrate.model.phases import phase_of
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from migrate.operations import Copy, Vendor, apply_all
from migrate.pipeline.phases import through
from migrate.pipeline.stock import Stock, World, environments_of, fetches, would_run
from migrate.plan import Plan
from migrate.ports import Memory, Repository
from migrate.reach import Measured, measure_reach
from migrate.references.moves import Moves

CLASH = "target-clash"
MIGRATED = "already-migrated"


def make_plan(world: World, stock: Stock, settings: Settings, *, measure: bool = True) -> Plan:
    """The plan for a commit. `measure` runs both trees to see which releases a deployment reaches before it fails."""
    memory = world.memory if measure else None
    plan = planner.make_plan(stock.tree, stock.survey, settings, stock.pulled, memory)
    plan = _told_if_migrated(plan, stock.tree, layout_of(settings).record)
    plan = _keep_git_treatment(world.repository, stock, settings, plan)
    plan = _with_lock(stock, settings, plan)
    plan = _with_references(world.repository, stock, settings, plan, memory)
    if world.sides is None:
        return replace(plan, preview=True)
    if not measure or plan.blocking or would_run(stock.inventory):
        return plan
    new = writer.apply_to(plan, stock.tree)
    old, changed = needed(stock.tree, plan.root), needed(new, plan.new_state)
    measured = Measured((old, plan.root), (changed, plan.new_state), environments_of(stock.inventory), *fetches(world, stock))
    return replace(plan, reach=measure_reach(world.sides, measured, world.progress, world.memory))


def _told_if_migrated(plan: Plan, tree: Tree, record: RepoPath) -> Plan:
    """The plan with one finding in the place of all clashes with what an earlier migration has made."""
    clashes = [finding for finding in plan.findings if finding.slug == CLASH]
    if record not in tree or not clashes:
        return plan
    message = f"this commit is migrated already: {len(clashes)} files would go where that has put them"
    hint = "name the commit before it with --base; `--phase 6` shows the cleanup, `migrate prove --branch` judges this one"
    told = Finding(MIGRATED, Severity.BLOCKING, record, 0, message, hint)
    return replace(plan, findings=(told, *(finding for finding in plan.findings if finding.slug != CLASH)))


def _keep_git_treatment(repository: Repository, stock: Stock, settings: Settings, plan: Plan) -> Plan:
    """The plan with lines for .gitignore and .gitattributes where a new place needs them."""
    if any(finding.slug in (CLASH, MIGRATED) for finding in plan.findings):
        return plan
    tree = stock.tree
    new = apply_all(tree, [operation for operation in plan.operations if isinstance(operation, Copy)])
    old_attributes = repository.attributes([source for source, _ in plan.copies], tree)
    new_attributes = repository.attributes([target for _, target in plan.copies], new)
    attributes = attribute_edits(new, plan.copies, old_attributes, new_attributes)
    moved = ignored_files(stock, settings)
    hidden = repository.ignored([target for _, target in moved], new)
    ignores = ignore_edits(tree, [pair for pair in moved if pair[1] not in hidden])
    shown, told = shown_again(tree, new, plan.copies, repository.ignored)
    return planner.with_findings(replace(plan, operations=(*plan.operations, *attributes, *ignores, *shown)), told, settings)


def _with_lock(stock: Stock, settings: Settings, plan: Plan) -> Plan:
    """The plan with the lock of the charts that came from elsewhere."""
    if any(finding.slug in (CLASH, MIGRATED) for finding in plan.findings):
        return plan
    done = [operation for operation in plan.operations if phase_of(operation.sub_issue) <= settings.through]
    pulled: dict[str, str] = {op.folder: origin_in(op.origin, op.name) for op in done if isinstance(op, Vendor)}
    made, told = versions_lock(stock.tree, done, stock.survey, layout_of(settings), pulled)
    return planner.with_findings(replace(plan, operations=(*plan.operations, *made)), told, settings)


def _with_references(repository: Repository, stock: Stock, settings: Settings, plan: Plan, memory: Memory | None) -> Plan:
    """The plan with the edits of everything that points at a piece which moves, and with who writes or reads it from outside."""
    moves = moves_of(stock, settings, plan)
    releases = [{**dict(r.labels), "name": r.name, "namespace": r.namespace} for r in stock.inventory.releases]
    rewrites, findings = respelt(stock.tree, moves, releases if len(plan.stages) > 1 else (), memory)
    history = tuple(writers(repository.past_commits(stock.tree.commit, sorted(moves.roots)), moves))
    plan = replace(plan, operations=joined((*plan.operations, *rewrites)), history=history)
    plan = planner.with_findings(plan, (*findings, *rendered_output(stock.tree, moves)), settings)
    return through(plan, stock.tree, moves, settings)


def moves_of(stock: Stock, settings: Settings, plan: Plan) -> Moves:
    """Where each piece goes, files that no commit holds as well."""
    return Moves(
        files={**{old: new for _, old, new, _ in absent_files(stock, settings)}, **dict(plan.copies)},
        merged=frozenset(plan.merged),
        root=plan.root,
        new_state=plan.new_state,
        present=frozenset(stock.tree),
    )


def ignored_files(stock: Stock, settings: Settings) -> list[tuple[RepoPath, RepoPath]]:
    """Old and new path of each environment's file that git ignores."""
    return [(old, new) for _, old, new, state in absent_files(stock, settings) if state is ValuesState.IGNORED]


def absent_files(stock: Stock, settings: Settings) -> list[tuple[str, RepoPath, RepoPath, ValuesState]]:
    """Environment, old path, new path and state of each registered values file that the commit does not hold."""
    ground = Ground(stock.tree, stock.inventory, layout_of(settings), settings)
    return [
        (environment.name, values.path, RepoPath(environment_target(ground, values.path, [environment.name])), values.state)
        for environment in stock.inventory.environments
        for values in environment.values
        if values.path is not None and values.state is not ValuesState.TRACKED
    ]
