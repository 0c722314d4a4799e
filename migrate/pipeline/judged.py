"""A plan on its way to be published: checked against a reviewed one, made into a tree, proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from migrate import prover, writer
from migrate.errors import BadInput, Blocked, ProofFailed, StalePlan
from migrate.layout import layout_of
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.proof import Proof
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from migrate.pipeline.plan import absent_files, make_plan
from migrate.pipeline.prove import lent_files
from migrate.pipeline.stock import Stock, World, environments_of, fetches, require_judgeable
from migrate.pipeline.stored import conditions, in_words, stored_proof
from migrate.plan import Plan
from migrate.plan_json import plan_digest


@dataclass(frozen=True, slots=True)
class ApplyRequest:
    """What the user asked `apply` for. `plan` is a reviewed plan, to be used instead of a fresh one.

    `through` is the last phase to be done, None for all but the cleanup, or for those that the branch has. `phase` is the same,
    but refused where the phase before it is not done. `solved` are the files in conflict that the branch has as they should be.
    """

    branch: str
    base: str
    settings: Settings
    issue: str
    plan: Plan | None = None
    lent: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    through: int | None = None
    phase: int | None = None
    solved: tuple[RepoPath, ...] = ()


def checked_plan(world: World, stock: Stock, request: ApplyRequest, base_branch: str) -> Plan:
    """A fresh plan, or the reviewed one if a fresh one says the same; StalePlan if not."""
    fresh = replace(make_plan(world, stock, request.settings, measure=False), base_branch=base_branch)
    given = request.plan
    if given is None:
        return fresh
    hint = "make a new plan with `migrate plan --out FILE`"
    if given.base != stock.tree.commit:
        raise StalePlan(f"the plan was made for {given.base[:12]}, the base is {stock.tree.commit[:12]}", hint=hint)
    if given.layout_digest != layout_of(request.settings).digest or given.settings_digest != request.settings.digest:
        raise StalePlan("the plan was made with another migrate.yaml, other phases or another layout", hint=hint)
    if plan_digest(given) != plan_digest(fresh):
        raise StalePlan("a plan made now for the same base says something else", hint=hint)
    return replace(given, base_branch=base_branch, released=fresh.released, orphans=fresh.orphans)


def refuse_blocked(plan: Plan) -> None:
    """Blocked if a finding is in the way."""
    if plan.blocking:
        first = plan.blocking[0]
        message = f"{len(plan.blocking)} findings are in the way, first {first.where()}: {first.message} [{first.slug}]"
        raise Blocked(message, hint="`migrate plan` names them all; mend them, or accept them in migrate.yaml")


def proved(world: World, stock: Stock, plan: Plan, new: Tree, request: ApplyRequest) -> tuple[ProofCase, Proof]:
    """The proof that a plan's tree does what its base does; ProofFailed if it does not hold.

    IdentityMissing before that, for what is proved could not be committed.
    """
    if world.sides is None:
        raise BadInput("helmfile and helm are needed to apply a plan", hint="migrate tools install")
    world.repository.require_identity()
    case = _case(world, stock, plan, new, request)
    proof = prover.prove(case, world.sides, world.progress)
    if not proof.holds:
        raise ProofFailed("the proof does not hold, so nothing was written", proof=proof)
    return case, proof


def kept_proof(world: World, request: ApplyRequest, case: ProofCase, proof: Proof) -> str:
    """The paragraph of a commit message that holds the stored proof."""
    under = conditions(request.settings, world.passed, request.lent, case.base)
    return in_words(stored_proof(proof, case, under, branch=""))


def _case(world: World, stock: Stock, plan: Plan, new: Tree, request: ApplyRequest) -> ProofCase:
    require_judgeable(stock.survey)
    fetch, incomplete = fetches(world, stock)
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
        charts=layout_of(request.settings).charts,
        fetch=fetch,
        incomplete=incomplete,
        offline=request.settings.offline,
    )
