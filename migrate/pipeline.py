"""take_inventory -> make_plan -> apply_plan -> prove: what the commands do, with the outside world handed in. READ FIRST."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from migrate import planner, prover, writer
from migrate.analyzers.needed import needed
from migrate.analyzers.survey import Survey, survey
from migrate.errors import BadInput, Blocked, BranchState, ConsentMissing, ProofFailed, StalePlan
from migrate.flatten.git_files import attribute_edits, ignore_edits
from migrate.flatten.placement import Ground, environment_target
from migrate.layout import layout_of
from migrate.model.case import DEFAULT_ENVIRONMENT, ProofCase
from migrate.model.facts import BuiltState, Failure
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import Inventory, ValuesState
from migrate.model.paths import RepoPath
from migrate.model.proof import Proof
from migrate.model.record import Record
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from migrate.operations import Copy, apply_all
from migrate.plan import Applied, Plan
from migrate.plan_json import plan_digest
from migrate.ports import Memory, Progress, Repository, SideFactory
from migrate.reach import Measured, measure_reach

WORKERS = 2


@dataclass(frozen=True, slots=True)
class World:
    """The outside world: a repository, helmfile and helm (None: they are not installed), where to tell of progress."""

    repository: Repository
    sides: SideFactory | None
    progress: Progress
    memory: Memory | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """A commit's tree and what was found in it."""

    tree: Tree
    survey: Survey

    @property
    def inventory(self) -> Inventory:
        """What was found."""
        return self.survey.inventory


def take_inventory(world: World, revision: str, settings: Settings) -> Stock:
    """What is here. helmfile is asked for the effective settings, unless it would run something that the user has not allowed."""
    tree = world.repository.read_tree(revision)
    layout = layout_of(settings)
    found = survey(tree, settings, lambda paths: world.repository.ignored(paths, tree), layout.folder)
    unreadable = found.inventory.root not in found.states.sources
    if world.sides is None or unreadable or would_run(found.inventory):
        return Stock(tree, found)
    return Stock(tree, found.with_built(_build_all(world, world.sides, tree, found.inventory, settings)))


def would_run(inventory: Inventory) -> tuple[Finding, ...]:
    """Where helmfile would run a command that the user has not agreed to; what migrate.yaml accepts is no consent."""
    return tuple(f for f in inventory.findings if f.slug == "executes-commands" and f.severity is Severity.BLOCKING)


def _require_consent(inventory: Inventory) -> None:
    found = would_run(inventory)
    if found:
        message = f"{found[0].where()}: {found[0].message} ({len(found)} such places)"
        raise ConsentMissing(
            message, hint="give --run-commands if you trust this repository", path=found[0].path, line=found[0].line
        )


def _build_all(
    world: World, sides: SideFactory, tree: Tree, inventory: Inventory, settings: Settings
) -> Mapping[str, tuple[BuiltState, ...] | Failure]:
    names = environments_of(inventory)
    part = needed(tree, inventory.root)
    with sides.open(part, inventory.root, hooks=settings.run_commands) as side, ThreadPoolExecutor(WORKERS) as pool:
        outcomes = []
        for number, outcome in enumerate(pool.map(side.build, names)):
            world.progress(f"reading environment {names[number]}", number + 1, len(names))
            outcomes.append(outcome)
        return dict(zip(names, outcomes, strict=True))


def environments_of(inventory: Inventory) -> tuple[str, ...]:
    """The names of all environments that the root declares, and the implicit `default`."""
    declared = [e.name for e in inventory.environments if e.declared_in == inventory.root]
    return tuple(dict.fromkeys([*declared, DEFAULT_ENVIRONMENT]))


def make_plan(world: World, stock: Stock, settings: Settings, *, measure: bool = True) -> Plan:
    """The plan for a commit. `measure` runs both trees to see which releases a deployment reaches before it fails."""
    plan = planner.make_plan(stock.tree, stock.survey, settings)
    plan = _keep_git_treatment(world.repository, stock, settings, plan)
    if world.sides is None:
        return replace(plan, preview=True)
    if not measure or plan.blocking or would_run(stock.inventory):
        return plan
    new = writer.apply_to(plan, stock.tree)
    old, changed = needed(stock.tree, plan.root), needed(new, plan.new_state)
    measured = Measured((old, plan.root), (changed, plan.new_state), environments_of(stock.inventory))
    return replace(plan, reach=measure_reach(world.sides, measured, world.progress, world.memory))


def _keep_git_treatment(repository: Repository, stock: Stock, settings: Settings, plan: Plan) -> Plan:
    """The plan with lines for .gitignore and .gitattributes where a new place needs them."""
    if any(finding.slug == "target-clash" for finding in plan.findings):
        return plan
    tree = stock.tree
    new = apply_all(tree, [operation for operation in plan.operations if isinstance(operation, Copy)])
    old_attributes = repository.attributes([source for source, _ in plan.copies], tree)
    new_attributes = repository.attributes([target for _, target in plan.copies], new)
    attributes = attribute_edits(new, plan.copies, old_attributes, new_attributes)
    moved = ignored_files(stock, settings)
    hidden = repository.ignored([target for _, target in moved], new)
    ignores = ignore_edits(tree, [pair for pair in moved if pair[1] not in hidden])
    return replace(plan, operations=(*plan.operations, *attributes, *ignores))


def ignored_files(stock: Stock, settings: Settings) -> list[tuple[RepoPath, RepoPath]]:
    """Old and new path of each environment's file that git ignores."""
    return [(old, new) for _, old, new, state in _absent(stock, settings) if state is ValuesState.IGNORED]


def _absent(stock: Stock, settings: Settings) -> list[tuple[str, RepoPath, RepoPath, ValuesState]]:
    ground = Ground(stock.tree, stock.inventory, layout_of(settings), settings)
    return [
        (environment.name, values.path, RepoPath(environment_target(ground, values.path, [environment.name])), values.state)
        for environment in stock.inventory.environments
        for values in environment.values
        if values.path is not None and values.state is not ValuesState.TRACKED
    ]


@dataclass(frozen=True, slots=True)
class ApplyRequest:
    """What the user asked `apply` for. `plan` is a reviewed plan, to be used instead of a fresh one."""

    branch: str
    base: str
    settings: Settings
    issue: str
    plan: Plan | None = None
    lent: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


def apply_plan(world: World, request: ApplyRequest, show: Callable[[Plan, Stock], None]) -> Applied:
    """Plan, prove, then publish with one move of one ref. `show` is told the plan before the proof begins.

    Blocked, StalePlan, BranchState or ProofFailed leave the repository as it was.
    """
    repository = world.repository
    tip = repository.branch_tip(request.branch)
    base = repository.resolve(request.base) if tip is None else _base_of_branch(repository, tip, request)
    repository.require_publishable(request.branch)
    stock = take_inventory(world, base, request.settings)
    plan = _checked_plan(world, stock, request)
    show(plan, stock)
    if tip is not None and (done := migrated(repository, tip, layout_of(request.settings).record)) is not None:
        return _nothing_to_do(plan, done, request.branch)
    if plan.blocking:
        raise Blocked(
            f"{len(plan.blocking)} findings are in the way", hint="see `migrate plan`; mend them or accept them in migrate.yaml"
        )
    new = writer.apply_to(plan, stock.tree)
    proof = _prove_plan(world, stock, plan, new, request)
    if not proof.holds:
        raise ProofFailed("the proof does not hold, so nothing was written", proof=proof)
    chain = writer.commits(plan, stock.tree, request.issue)
    ids = repository.write_chain(chain)
    repository.publish(request.branch, tip, ids[-1], f"migrate: apply plan {plan_digest(plan)[:12]}")
    return Applied(plan, proof, ids[-1], len(ids))


def _base_of_branch(repository: Repository, tip: str, request: ApplyRequest) -> str:
    done = migrated(repository, tip, layout_of(request.settings).record)
    if done is None:
        return tip
    base = repository.resolve(request.base)
    return done.base if migrated(repository, base, layout_of(request.settings).record) is not None else base


def migrated(repository: Repository, commit: str, record: RepoPath) -> Record | None:
    """The record of the migration in a commit, or None."""
    tree = repository.read_tree(commit)
    return Record.from_json(tree.text(record), record) if record in tree else None


def _checked_plan(world: World, stock: Stock, request: ApplyRequest) -> Plan:
    if request.plan is None:
        return make_plan(world, stock, request.settings, measure=False)
    given = request.plan
    hint = "make a new plan with `migrate plan --out FILE`"
    if given.base != stock.tree.commit:
        raise StalePlan(f"the plan was made for {given.base[:12]}, the base is {stock.tree.commit[:12]}", hint=hint)
    if given.layout_digest != layout_of(request.settings).digest or given.settings_digest != request.settings.digest:
        raise StalePlan("the plan was made with another migrate.yaml or another layout", hint=hint)
    if plan_digest(given) != plan_digest(make_plan(world, stock, request.settings, measure=False)):
        raise StalePlan("a plan made now for the same base says something else", hint=hint)
    return given


def _nothing_to_do(plan: Plan, done: Record, branch: str) -> Applied:
    if done.plan_digest == plan_digest(plan):
        return Applied(plan, None, None)
    hint = "apply to a new branch; carrying later changes over to a migrated branch is not there yet"
    raise BranchState(f"{branch} holds a migration already, of base {done.base[:12]} and another plan", hint=hint)


def _prove_plan(world: World, stock: Stock, plan: Plan, new: Tree, request: ApplyRequest) -> Proof:
    if world.sides is None:
        raise BadInput("helmfile and helm are needed to apply a plan", hint="migrate tools install")
    _require_consent(stock.inventory)
    case = ProofCase(
        base=plan.base,
        branch=request.branch,
        old=stock.tree,
        new=new,
        old_state=plan.root,
        new_state=plan.new_state,
        record=writer.record_of(plan),
        environments=environments_of(stock.inventory),
        old_attributes=world.repository.attributes(list(stock.tree), stock.tree),
        new_attributes=world.repository.attributes(list(new), new),
        lent_old=_lent(stock, request.settings, request.lent, new=False),
        lent_new=_lent(stock, request.settings, request.lent, new=True),
        hooks=request.settings.run_commands,
    )
    return prover.prove(case, world.sides, world.progress)


def _lent(stock: Stock, settings: Settings, lent: Mapping[str, bytes], *, new: bool) -> Mapping[str, bytes]:
    absent = {name: (old, target) for name, old, target, _ in _absent(stock, settings)}
    unknown = [name for name in lent if name not in absent]
    if unknown:
        hint = f"environments without their file: {', '.join(sorted(absent)) or 'none'}"
        raise BadInput(f"--env-file {unknown[0]}: that environment lacks no file", hint=hint)
    return {absent[name][1 if new else 0]: data for name, data in lent.items()}


@dataclass(frozen=True, slots=True)
class ProveRequest:
    """Two commits to be judged. `base` may be empty if the branch has a record; the state files likewise."""

    branch: str
    base: str
    settings: Settings
    legacy_file: str = ""
    new_file: str = ""
    environments: Sequence[str] = ()
    lent: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


def prove(world: World, request: ProveRequest) -> Proof:
    """The judgement of a branch against its base."""
    if world.sides is None:
        raise BadInput("helmfile and helm are needed for a proof", hint="migrate tools install")
    case = proof_case(world, request)
    return prover.prove(case, world.sides, world.progress)


def proof_case(world: World, request: ProveRequest) -> ProofCase:
    """Both trees and what is known of how one became the other."""
    repository = world.repository
    layout = layout_of(request.settings)
    branch = repository.resolve(request.branch)
    record = migrated(repository, branch, layout.record)
    base = repository.resolve(request.base or (record.base if record else _no_base(request.branch)))
    if record is not None and repository.resolve(record.base) != base:
        record = None
    new = repository.read_tree(branch)
    settings = replace(request.settings, root=RepoPath(request.legacy_file) if request.legacy_file else request.settings.root)
    stock = take_inventory(replace(world, sides=None), base, settings)
    new_state = request.new_file or (record.new_state if record else _new_state(new, layout.state_file))
    _require_consent(stock.inventory)
    _require_consent(
        survey(new, replace(settings, root=RepoPath(new_state)), lambda paths: repository.ignored(paths, new)).inventory
    )
    return ProofCase(
        base=base,
        branch=branch,
        old=stock.tree,
        new=new,
        old_state=request.legacy_file or (record.legacy_state if record else stock.inventory.root),
        new_state=new_state,
        record=record,
        environments=tuple(request.environments) or environments_of(stock.inventory),
        old_attributes=repository.attributes(list(stock.tree), stock.tree),
        new_attributes=repository.attributes(list(new), new),
        lent_old=_lent(stock, settings, request.lent, new=False),
        lent_new=_lent(stock, settings, request.lent, new=True),
        hooks=settings.run_commands,
    )


def _no_base(branch: str) -> str:
    raise BadInput(f"{branch} has no record of a migration, so its base isn't known", hint="name it with --base")


def _new_state(tree: Tree, expected: RepoPath) -> str:
    for path in (expected, f"{expected}.gotmpl"):
        if path in tree:
            return path
    raise BadInput(f"{expected}: the branch has no such file", hint="name the new state file with --new-file", path=expected)
