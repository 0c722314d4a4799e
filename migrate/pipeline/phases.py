"""A plan cut to the phases that are asked for, with the cleanup if that is the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrate.errors import BadInput
from migrate.flatten.cleanup import removals
from migrate.flatten.guard import guard
from migrate.layout import layout_of
from migrate.model.phases import CLEANUP, STATE_PHASE, phase_of
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from migrate.operations import Create, Remove, apply_all
from migrate.plan import Plan
from migrate.planner import with_findings
from migrate.references.moves import Moves


def through(plan: Plan, tree: Tree, moves: Moves, settings: Settings) -> Plan:
    """The plan with the operations of the phases up to `settings.through`, and for the last one the removals."""
    plan = replace(plan, released=settings.released, orphans=settings.orphans)
    if settings.through >= CLEANUP:
        return _cleaned(plan, tree, moves, settings)
    kept = tuple(op for op in plan.operations if phase_of(op.sub_issue) <= settings.through)
    plan = replace(plan, operations=kept, through=settings.through)
    if settings.through >= STATE_PHASE:
        return plan
    return replace(plan, new_state=plan.root, merged=(), stages=(), tiers=(), order_changes=())


def require_named(plan: Plan, settings: Settings) -> None:
    """BadInput if the user names a file for the cleanup of which it knows nothing: a slip of the pen must not go unseen."""
    if plan.blocking or not (settings.released or settings.orphans):
        return
    if plan.through < CLEANUP:
        raise BadInput("--accept and --orphan are for the cleanup, which is not asked for", hint="--phase 6 is the cleanup")
    known = {finding.path for finding in plan.history}
    if strange := [path for path in settings.released if path not in known]:
        message = f"--accept {strange[0]}: nobody outside is known to write or read it"
        raise BadInput(message, path=strange[0], hint="`migrate plan --phase 6` names each file that waits for it")
    unread = set(plan.removed).difference(plan.merged, (source for source, _ in plan.copies))
    if strange := [path for path in settings.orphans if path not in unread]:
        message = f"--orphan {strange[0]}: it is no unread file of a legacy folder"
        raise BadInput(message, path=strange[0], hint="`migrate plan --phase 6` names each of them")


def _cleaned(plan: Plan, tree: Tree, moves: Moves, settings: Settings) -> Plan:
    plan = replace(plan, through=CLEANUP)
    try:
        new = apply_all(tree, plan.operations)
    except ValueError:
        return plan  # a target clash, which blocks the plan
    made, findings = removals(tree, new, moves, plan.history, settings)
    closed = tuple(op for op in _guard(apply_all(new, made), made, moves, settings) if op.target not in new)
    return with_findings(replace(plan, operations=(*plan.operations, *made, *closed)), findings, settings)


def _guard(without: Tree, made: Sequence[Remove], moves: Moves, settings: Settings) -> Sequence[Create]:
    """What keeps the removed paths closed; nothing if nothing is removed."""
    places = {**dict.fromkeys(moves.merged, moves.new_state), **moves.files}
    return guard({op.target: places.get(op.target, "") for op in made}, layout_of(settings), without) if made else ()
