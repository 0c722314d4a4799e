"""Plan, prove, then publish with one move of one ref."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from migrate import prover, writer
from migrate.errors import BadInput, Blocked, BranchState, ProofFailed, StalePlan
from migrate.layout import layout_of
from migrate.model.case import ProofCase
from migrate.model.proof import Proof
from migrate.model.record import Record
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from migrate.pipeline.plan import absent_files, make_plan
from migrate.pipeline.prove import lent_files, migrated
from migrate.pipeline.stock import Stock, World, environments_of, require_judgeable, take_inventory
from migrate.pipeline.stored import conditions, in_words, stored_proof
from migrate.plan import Applied, Plan
from migrate.plan_json import plan_digest
from migrate.ports import Repository


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
        first = plan.blocking[0]
        message = f"{len(plan.blocking)} findings are in the way, first {first.where()}: {first.message} [{first.slug}]"
        raise Blocked(message, hint="`migrate plan` names them all; mend them, or accept them in migrate.yaml")
    new = writer.apply_to(plan, stock.tree)
    case = _case(world, stock, plan, new, request)
    proof = _prove(world, case)
    if not proof.holds:
        raise ProofFailed("the proof does not hold, so nothing was written", proof=proof)
    kept = stored_proof(proof, case, conditions(request.settings, world.passed, request.lent, base), branch="")
    chain = writer.commits(plan, stock.tree, request.issue, in_words(kept))
    ids = repository.write_chain(chain)
    message = f"migrate: apply plan {plan_digest(plan)[:12]}"
    carried = repository.publish(request.branch, tip, ids[-1], message, case.absent)
    return Applied(plan, proof, ids[-1], len(ids), carried, case.absent, tip)


def _base_of_branch(repository: Repository, tip: str, request: ApplyRequest) -> str:
    done = migrated(repository, tip, layout_of(request.settings).record)
    if done is None:
        return tip
    base = repository.resolve(request.base)
    return done.base if migrated(repository, base, layout_of(request.settings).record) is not None else base


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


def _prove(world: World, case: ProofCase) -> Proof:
    if world.sides is None:
        raise BadInput("helmfile and helm are needed to apply a plan", hint="migrate tools install")
    return prover.prove(case, world.sides, world.progress)


def _case(world: World, stock: Stock, plan: Plan, new: Tree, request: ApplyRequest) -> ProofCase:
    require_judgeable(stock.survey)
    return ProofCase(
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
        lent_old=lent_files(stock, request.settings, request.lent, new=False),
        lent_new=lent_files(stock, request.settings, request.lent, new=True),
        hooks=request.settings.run_commands,
        merged=tuple(state.path for state in stock.inventory.states),
        absent=tuple((old, new) for _, old, new, _ in absent_files(stock, request.settings)),
        unproved=request.settings.unproved,
    )
