"""Plan, prove, then publish with one move of one ref."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from migrate import writer
from migrate.errors import BranchState
from migrate.layout import layout_of
from migrate.model.phases import WITHOUT_CLEANUP
from migrate.model.way_back import WayBack
from migrate.pipeline.judged import ApplyRequest, checked_plan, kept_proof, proved, refuse_blocked
from migrate.pipeline.missing import require_record
from migrate.pipeline.past import past_of
from migrate.pipeline.phases import require_named
from migrate.pipeline.pulled import with_charts
from migrate.pipeline.rerun import carry_over
from migrate.pipeline.stock import Stock, World, take_inventory
from migrate.plan import Applied, Plan
from migrate.plan_json import plan_digest


def apply_plan(world: World, request: ApplyRequest, show: Callable[[Plan, Stock], None]) -> Applied:
    """Plan, prove, then publish with one move of one ref. `show` is told the plan before the proof begins.

    On a branch that holds a migration, what changed since is carried over. Blocked, StalePlan, BranchState, MergeConflict or
    ProofFailed leave the repository as it was.
    """
    repository = world.repository
    tip = repository.branch_tip(request.branch)
    base = tip or repository.resolve(request.base)
    repository.require_publishable(request.branch)
    past = past_of(repository, base, layout_of(request.settings).record)
    if past is not None:
        return carry_over(world, request, past, tip, show)
    if tip is not None:
        require_record(repository, request.branch, tip, layout_of(request.settings))
    request = _first(request)
    stock = with_charts(world, take_inventory(world, base, request.settings))
    plan = checked_plan(world, stock, request, repository.branch_of(request.base) if tip is None else "")
    require_named(plan, request.settings)
    show(plan, stock)
    refuse_blocked(plan)
    new = writer.apply_to(plan, stock.tree)
    case, proof = proved(world, stock, plan, new, request)
    chain = writer.commits(plan, stock.tree, request.issue, kept_proof(world, request, case, proof), WayBack(request.branch, tip))
    ids = repository.write_chain(chain)
    message = f"migrate: apply plan {plan_digest(plan)[:12]}"
    carried = repository.publish(request.branch, tip, ids[-1], message, case.absent)
    return Applied(plan, proof, ids[-1], len(ids), carried, case.absent, tip)


def _first(request: ApplyRequest) -> ApplyRequest:
    if request.phase and request.phase > 1:
        message = f"phase {request.phase} comes after the others, and {request.branch} holds none yet"
        raise BranchState(message, hint=f"--through {request.phase} does all phases up to it")
    through = request.phase or request.through or WITHOUT_CLEANUP
    return replace(request, settings=replace(request.settings, through=through))
