"""Two commits to be judged against each other, whoever made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from migrate import prover
from migrate.analyzers.survey import survey
from migrate.errors import BadInput
from migrate.layout import layout_of
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.proof import Proof
from migrate.model.record import Record
from migrate.model.settings import Settings
from migrate.pipeline import recorded
from migrate.pipeline.past import legacy_side
from migrate.pipeline.plan import absent_files
from migrate.pipeline.stock import Stock, World, environments_of, fetches, require_judgeable, take_inventory
from migrate.ports import Repository


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
    base = _base(repository, request, record, branch, layout.record)
    if record is not None and not recorded.speaks_of(repository, record, base, layout.record):
        record = None
    new = repository.read_tree(branch)
    settings = replace(request.settings, root=RepoPath(request.legacy_file) if request.legacy_file else request.settings.root)
    old = repository.read_tree(base)
    merged = record is not None and base == record.base and layout.record in old
    old = legacy_side(repository, old, layout.record) if merged else old
    stock = take_inventory(replace(world, sides=None), base, settings, old)
    old_state = request.legacy_file or stock.inventory.root
    legacy = record.legacy_state if record is not None and record.new_state == record.legacy_state else ""
    new_state = request.new_file or recorded.new_state(new, layout.state_file, legacy)
    recorded.require_two_sides((base, old_state), (branch, new_state))
    if record is not None:
        recorded.require_states(record, layout.record, old_state, new_state)
    require_judgeable(stock.survey)
    require_judgeable(survey(new, replace(settings, root=RepoPath(new_state)), lambda paths: repository.ignored(paths, new)))
    fetch, incomplete = fetches(world, stock)
    return ProofCase(
        base=base,
        branch=branch,
        old=stock.tree,
        new=new,
        old_state=old_state,
        new_state=new_state,
        record=record,
        environments=tuple(request.environments) or environments_of(stock.inventory),
        old_attributes=repository.attributes(list(stock.tree), stock.tree),
        new_attributes=repository.attributes(list(new), new),
        lent_old=lent_files(stock, settings, request.lent, new=False),
        lent_new=lent_files(stock, settings, request.lent, new=True),
        hooks=settings.run_commands,
        merged=tuple(state.path for state in stock.inventory.states),
        absent=tuple((old, new) for _, old, new, _ in absent_files(stock, settings)),
        unproved=settings.unproved,
        charts=layout.charts,
        fetch=fetch,
        incomplete=incomplete,
        offline=settings.offline,
    )


def _base(repository: Repository, request: ProveRequest, record: Record | None, branch: str, place: RepoPath) -> str:
    if request.base:
        return repository.resolve(request.base)
    if record is None:
        message = f"{request.branch} has no record of a migration, so its base isn't known"
        raise BadInput(message, hint="name it with --base")
    return recorded.recorded_base(repository, record, branch, place)


def lent_files(stock: Stock, settings: Settings, lent: Mapping[str, bytes], *, new: bool) -> Mapping[str, bytes]:
    """The lent files at their places in the old or the new tree; BadInput for an environment that lacks none."""
    absent = {name: (old, target) for name, old, target, _ in absent_files(stock, settings)}
    unknown = [name for name in lent if name not in absent]
    if unknown:
        hint = f"environments without their file: {', '.join(sorted(absent)) or 'none'}"
        raise BadInput(f"--env-file {unknown[0]}: that environment lacks no file", hint=hint)
    return {absent[name][1 if new else 0]: data for name, data in lent.items()}


def migrated(repository: Repository, commit: str, record: RepoPath) -> Record | None:
    """The record of the migration in a commit, or None."""
    tree = repository.read_tree(commit)
    return Record.from_json(tree.text(record), record) if record in tree else None
