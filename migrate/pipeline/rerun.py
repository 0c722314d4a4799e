"""A migrated branch meets a new base, another phase or other settings: what changed is carried over, people's edits stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from migrate import writer
from migrate.carrying import Carry, commits
from migrate.errors import BadInput, BranchState, MergeConflict
from migrate.flatten.still_read import Removal, still_read
from migrate.layout import layout_of
from migrate.merge import merge_trees
from migrate.model.paths import RepoPath
from migrate.model.phases import PHASES
from migrate.model.record import Record
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from migrate.model.way_back import WayBack
from migrate.pipeline.hand_merges import with_hand_merges
from migrate.pipeline.judged import ApplyRequest, checked_plan, kept_proof, proved, refuse_blocked
from migrate.pipeline.missing import require_legacy
from migrate.pipeline.past import FETCH, Past, base_branch_tip, legacy_side, past_of, recorded_legacy
from migrate.pipeline.phases import require_named
from migrate.pipeline.plan import make_plan, moves_of
from migrate.pipeline.pulled import with_charts
from migrate.pipeline.recorded import HISTORY
from migrate.pipeline.stock import Stock, World, take_inventory
from migrate.plan import Applied, Plan
from migrate.plan_json import plan_digest
from migrate.ports import Repository

SHOWN = 5
Show = Callable[[Plan, Stock], None]


@dataclass(frozen=True, slots=True)
class _Ground:
    """The new base: its commit, its legacy tree, and the branch that it was taken from."""

    base: str
    legacy: Tree
    branch: str
    holds_record: bool


def carry_over(world: World, request: ApplyRequest, past: Past, tip: str | None, show: Show) -> Applied:
    """Bring a migrated branch up to date. `tip` is where it is, None for a new branch from a commit that holds a migration.

    MergeConflict, with nothing written, if the legacy tree and the branch changed the same thing differently.
    """
    repository, place = world.repository, layout_of(request.settings).record
    settings = _settings(request, past)
    ground, past = _ground(repository, request, past, tip)
    if request.plan is None and _same(ground, past, settings):
        return Applied(None, None, None, before=tip)
    if ground.holds_record:
        require_legacy(past, ground.legacy, ground.branch)
    named, request = request.settings, replace(request, settings=settings)
    stock = with_charts(world, take_inventory(world, ground.base, settings, ground.legacy))
    plan = checked_plan(world, stock, request, ground.branch)
    require_named(plan, named)
    show(plan, stock)
    if _adds_nothing(repository, plan, stock.tree, past, place):
        return Applied(plan, None, None, before=tip)
    refuse_blocked(plan)
    pure = _pure_tree(world, request, past, place)
    if ground.holds_record:
        before = _with_legacy_of(stock.tree, pure, past.record, place)
    else:
        before = with_hand_merges(repository, past, ground.base, pure, layout_of(settings))
    theirs = writer.apply_to(plan, stock.tree)
    merge = merge_trees(before, past.tree, theirs, apart=layout_of(settings).folder, solved=request.solved)
    if merge.conflicts:
        places = ", ".join(conflict.where() for conflict in merge.conflicts[:SHOWN])
        more = f" and {len(merge.conflicts) - SHOWN} more" if len(merge.conflicts) > SHOWN else ""
        raise MergeConflict(merge.conflicts, f"both sides changed {places}{more} in different ways; nothing was written")
    if unknown := [path for path in merge.unsolved if path not in merge.tree]:
        message = f"--solved {unknown[0]}: the branch has no such file; nothing was written"
        raise BadInput(message, path=unknown[0], hint="`git ls-tree -r --name-only BRANCH` lists its files")
    kept = merge.tree.differing(theirs)
    _require_unread(Removal(merge.tree, theirs, kept, frozenset(plan.removed).intersection(past.tree)), stock, settings, plan)
    case, proof = proved(world, stock, plan, theirs, request)
    start = "" if ground.base == past.record.base else ground.base
    carry = Carry(plan, past.record, stock.tree, theirs, past.tree, merge.tree, start, past.pure or "", kept, ground.holds_record)
    chain = commits(carry, request.issue, kept_proof(world, request, case, proof), WayBack(request.branch, tip))
    ids = repository.write_chain(chain)
    message = f"migrate: apply plan {plan_digest(plan)[:12]}"
    carried = repository.publish(request.branch, tip, ids[-1], message, case.absent)
    return Applied(plan, proof, ids[-1], len(ids), carried, case.absent, tip, kept, merge.settled)


def _require_unread(removal: Removal, stock: Stock, settings: Settings, plan: Plan) -> None:
    """BranchState if people's work on the branch points at a file that the cleanup is about to remove."""
    found = still_read(removal, moves_of(stock, settings, plan)) if removal.gone else []
    if found:
        places = "; ".join(f"{each.where()} names {each.target}" for each in found[:SHOWN])
        more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        message = f"people's work on the branch still points at what the cleanup removes: {places}{more}; nothing was written"
        raise BranchState(message, hint="rewrite that on the branch, commit it, then run the cleanup again")


def _settings(request: ApplyRequest, past: Past) -> Settings:
    """What is asked for now on top of what was asked for before: a phase that is done stays done."""
    record = past.record
    through = max(record.through, request.through or 0, request.phase or 0)
    if request.phase and request.phase > record.through + 1:
        message = f"phase {request.phase} ({PHASES[request.phase]}) comes after phase {request.phase - 1}, which is not done"
        raise BranchState(message, hint=f"--through {request.phase} does all phases up to it")
    released = tuple(sorted({*record.released, *request.settings.released}))
    orphans = tuple(sorted({*record.orphans, *request.settings.orphans}))
    return replace(request.settings, through=through, released=released, orphans=orphans)


def _ground(repository: Repository, request: ApplyRequest, past: Past, tip: str | None) -> tuple[_Ground, Past]:
    """The new base. One that holds a migration itself was merged from it: then that is what people go on with."""
    place = layout_of(request.settings).record
    base, branch = _base(repository, request, past, tip)
    tree = repository.read_tree(base)
    if base == past.record.base:
        return _Ground(base, legacy_side(repository, tree, place), branch, holds_record=place in tree), past
    if place not in tree:
        _require_later(repository, past, base)
        return _Ground(base, tree, branch, holds_record=False), past
    if tip is not None and tip not in repository.ancestors(base, first_parent=False, limit=HISTORY):
        if base not in repository.ancestors(tip, first_parent=False, limit=HISTORY):
            message = f"{branch or base[:12]} holds a migration and {request.branch} another part of it"
            raise BranchState(message, hint=f"merge {branch or base[:12]} into {request.branch} first")
        base, tree = tip, past.tree
    found = past_of(repository, base, place)
    assert found is not None  # noqa: S101  # the record is in its tree
    return _Ground(base, legacy_side(repository, tree, place), branch, holds_record=True), found


def _base(repository: Repository, request: ApplyRequest, past: Past, tip: str | None) -> tuple[str, str]:
    """The commit named by --base; if that is the branch itself (it is checked out), the recorded branch's."""
    base = repository.resolve(request.base)
    if base != tip or not past.record.base_branch or past.record.base_branch == request.branch:
        return (past.record.base if base == tip else base), repository.branch_of(request.base) or past.record.base_branch
    return base_branch_tip(repository, past), past.record.base_branch


def _require_later(repository: Repository, past: Past, base: str) -> None:
    known = past.record.base
    if base != known and known not in repository.ancestors(base, first_parent=False, limit=HISTORY):
        message = f"the branch was migrated from {known[:12]}, which is not in the history of {base[:12]}"
        hint = f"name a later commit of the same line with --base; {FETCH}; if history was rewritten, make a new branch"
        raise BranchState(message, hint=hint)


def nothing_new(repository: Repository, request: ApplyRequest) -> bool:
    """Whether a branch holds all that is asked for, as git alone can tell: no tool is needed to say so.

    BranchState as `carry_over` would; False if only a plan tells.
    """
    tip = repository.branch_tip(request.branch)
    past = past_of(repository, tip, layout_of(request.settings).record) if tip else None
    if past is None or request.plan is not None:
        return False
    repository.require_publishable(request.branch)
    ground, found = _ground(repository, request, past, tip)
    return _same(ground, found, _settings(request, past))


def _same(ground: _Ground, past: Past, settings: Settings) -> bool:
    """Whether base, settings, layout, phase and version are those of the last run: then nothing can come of another one."""
    asked = writer.asked(settings.digest, layout_of(settings).digest)
    return ground.base == past.record.base and asked == past.record.asked


def _adds_nothing(repository: Repository, plan: Plan, legacy: Tree, past: Past, place: RepoPath) -> bool:
    """Whether a newer base has the same pieces: the same plan, and every copied file as it was."""
    if plan_digest(replace(plan, base=past.record.base)) != past.record.plan_digest:
        return False
    if plan.base == past.record.base:
        return True
    before = legacy_side(repository, repository.read_tree(past.record.base), place)
    return all(before.entries.get(source) == legacy.entries[source] for source, _ in plan.copies)


def _with_legacy_of(legacy: Tree, pure: Tree, record: Record, place: RepoPath) -> Tree:
    """What the migration made, beside the legacy tree as it is now: on a merged branch that one changed with the rest."""
    made = {path for path in (place, *record.created, *(target for _, target in record.copies)) if path in pure}
    return legacy.changed({path: (pure.entries[path].mode, pure.entries[path].oid) for path in made})


def _pure_tree(world: World, request: ApplyRequest, past: Past, place: RepoPath) -> Tree:
    """The migration alone: of its own commit, else made again, if that gives the recorded plan."""
    if past.pure is not None:
        return world.repository.read_tree(past.pure)
    record, settings = past.record, request.settings
    settings = replace(settings, through=record.through, released=record.released, orphans=record.orphans)
    base = recorded_legacy(world.repository, record, place)
    stock = with_charts(world, take_inventory(world, record.base, settings, base))
    plan = make_plan(world, stock, settings, measure=False)
    if plan_digest(plan) == record.plan_digest:
        return writer.apply_to(replace(plan, base_branch=record.base_branch), stock.tree)
    message = f"no commit of the branch is the migration alone that {place} tells of: a squash or a rebase took it"
    raise BranchState(message, hint="apply to a new branch; merge it with a merge commit")
