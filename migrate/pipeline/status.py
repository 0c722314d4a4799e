"""Where a migrated branch stands, read off its record, its tree and the proof that its commits hold. No tool is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from migrate.errors import BadInput, NoStoredProof
from migrate.layout import Layout, layout_of
from migrate.model.paths import RepoPath
from migrate.model.phases import CLEANUP, PHASES, SUB_ISSUES, sub_issue_of_file
from migrate.model.settings import Settings
from migrate.model.status import Phase, State, Status, SubIssue
from migrate.model.stored_proof import StoredProof
from migrate.model.tree import Tree
from migrate.pipeline.past import Past, base_branch_tip, legacy_side, past_of, recorded_legacy
from migrate.pipeline.stored import stored_in_history
from migrate.ports import Repository

SHOWN = 3
LOST = (
    "the commits that moved the files are gone: a squash or a rebase took them. `git blame` of moved files no longer names their "
    "authors, and a later run may not be able to tell people's edits from its own"
)


@dataclass(frozen=True)
class _Ground:
    past: Past
    layout: Layout
    base: Tree
    proof: StoredProof | None
    drift: tuple[RepoPath, ...]

    def below(self, folder: str) -> int:
        return sum(path.is_below(folder) for path in self.past.tree)

    def edited(self, number: int) -> list[RepoPath]:
        return [path for path in self.past.record.edited if sub_issue_of_file(path) == number]

    def legacy_left(self) -> list[RepoPath]:
        sources = {source for source, _ in self.past.record.copies} | {self.past.record.legacy_state}
        return sorted(path for path in sources if path in self.past.tree)


def status(repository: Repository, branch: str, base: str, settings: Settings) -> Status:
    """The status of a branch; BadInput if it holds no migration. An empty `base` means the recorded branch, else the base."""
    layout = layout_of(settings)
    past = past_of(repository, repository.resolve(branch), layout.record)
    if past is None:
        hint = f"migrate apply --branch {branch}, or name the branch with --branch"
        raise BadInput(f"{branch} holds no migration", hint=hint)
    before = recorded_legacy(repository, past.record, layout.record)
    newest = repository.resolve(base) if base else base_branch_tip(repository, past)
    ground = _Ground(past, layout, before, _proof(repository, past), _new_drift(repository, past))
    legacy = _legacy_drift(repository, ground, newest)
    issues = tuple(_sub_issue(ground, number, settings) for number in SUB_ISSUES)
    return Status(
        branch=branch,
        tip=past.tip,
        base=past.record.base,
        newest=newest,
        phases=tuple(_phase(past, number, issues) for number in PHASES),
        sub_issues=issues,
        legacy_drift=legacy,
        new_drift=ground.drift,
        lost="" if past.authored else LOST,
        next_step=_next(past, branch, legacy),
    )


def _proof(repository: Repository, past: Past) -> StoredProof | None:
    try:
        return stored_in_history(repository, past.record.base, past.tip)
    except NoStoredProof:
        return None


def _legacy_drift(repository: Repository, ground: _Ground, newest: str) -> tuple[RepoPath, ...]:
    """The pieces, and files in their folders, that the newest base has otherwise than the recorded one."""
    tree = legacy_side(repository, repository.read_tree(newest), ground.layout.record)
    pieces = {source for source, _ in ground.past.record.copies} | {ground.past.record.legacy_state}
    tops = {path.partition("/")[0] for path in pieces if "/" in path}
    near = {path for path in {*tree, *ground.base} if path in pieces or path.partition("/")[0] in tops}
    return tuple(sorted(path for path in near if tree.entries.get(path) != ground.base.entries.get(path)))


def _new_drift(repository: Repository, past: Past) -> tuple[RepoPath, ...]:
    if past.pure is None:
        return ()
    pure = repository.read_tree(past.pure)
    made = {*past.record.created, *past.record.edited, *(new for _, new in past.record.copies)}
    folder = past.record.new_state.folder
    near = {path for path in {*pure, *past.tree} if path in made or (folder and path.is_below(folder))}
    return tuple(sorted(path for path in near if pure.entries.get(path) != past.tree.entries.get(path)))


def _phase(past: Past, number: int, issues: Sequence[SubIssue]) -> Phase:
    through = past.record.through
    state = State.DONE if number <= through else State.NEXT if number == through + 1 else State.LATER
    if any(issue.phase == number and issue.state is State.BLOCKED for issue in issues):
        state = State.BLOCKED
    return Phase(number, PHASES[number], state)


def _next(past: Past, branch: str, legacy: tuple[RepoPath, ...]) -> str:
    if not past.authored:
        return f"apply to a new branch, and merge it with a merge commit (not {branch})"
    if legacy:
        return f"migrate apply --branch {branch}   # carries {len(legacy)} changed legacy files over"
    if past.record.through < CLEANUP:
        return f"migrate apply --branch {branch} --phase {past.record.through + 1}"
    return "nothing is left to be done by migrate"


def _sub_issue(ground: _Ground, number: int, settings: Settings) -> SubIssue:
    (phase, title), through = SUB_ISSUES[number], ground.past.record.through
    state, evidence = _EVIDENCE[number](ground)
    if phase > through:
        state = State.NEXT if phase == through + 1 else State.LATER
    return SubIssue(number, title, phase, state, evidence, settings.sub_issues.get(number, ""))


Found = tuple[State, str]


def _files(folder: Callable[[Layout], RepoPath], what: str) -> Callable[[_Ground], Found]:
    def look(ground: _Ground) -> Found:
        place = folder(ground.layout)
        count = ground.below(place)
        return State.DONE, f"{count} {what} below {place}/" if count else f"none of {what} to be moved"

    return look


def _script(name: str) -> Callable[[_Ground], Found]:
    def look(ground: _Ground) -> Found:
        path = f"{ground.layout.scripts}/{name}"
        there = path in ground.past.tree
        return (State.DONE if there else State.BLOCKED), f"{path} is there" if there else f"there is no {path}"

    return look


def _edited(number: int, what: str) -> Callable[[_Ground], Found]:
    def look(ground: _Ground) -> Found:
        edited = ground.edited(number)
        later = [path for path in edited if path in ground.drift]
        people = f", of which people changed {', '.join(later[:SHOWN])}{' …' if later[SHOWN:] else ''} since" if later else ""
        return State.DONE, f"{len(edited)} {what} were made to name the new places{people}"

    return look


def _state_file(ground: _Ground) -> Found:
    record = ground.past.record
    count = sum(len(stage) for stage in record.stages)
    return State.DONE, f"{record.new_state} with {count} releases in {len(record.stages)} stages"


def _environments(ground: _Ground) -> Found:
    layout = ground.layout
    return State.DONE, f"{ground.below(layout.environments)} environment files, {ground.below(layout.values)} values files"


def _proved(names: tuple[str, ...]) -> Callable[[_Ground], Found]:
    def look(ground: _Ground) -> Found:
        if ground.proof is None:
            return State.BLOCKED, "no commit of the branch holds a proof"
        cells = ground.proof.cells
        chosen = [name for name in cells if name in names] or sorted(cells)
        texts = [f"{name}: {', '.join(f'{n} {verdict}' for verdict, n in sorted(cells[name].items()))}" for name in chosen]
        return _as_proved(ground, "proved: " + "; ".join(texts), holds=ground.proof.holds)

    return look


def _offline(ground: _Ground) -> Found:
    claim = ground.proof.claims.get("renders_offline") if ground.proof else None
    if claim is None:
        return State.BLOCKED, "no commit of the branch holds a proof with the network cut"
    return _as_proved(ground, f"renders_offline: {claim}", holds=claim.verdict == "holds")


def _as_proved(ground: _Ground, evidence: str, *, holds: bool) -> Found:
    """What a stored proof says, which speaks of the migration as it was written: people's later edits are none of it."""
    if ground.drift:
        return (
            State.BLOCKED,
            f"{evidence}, before people changed the branch (files: {len(ground.drift)}): `migrate prove` judges it",
        )
    return (State.DONE if holds else State.BLOCKED), evidence


def _removed(ground: _Ground) -> Found:
    left = ground.legacy_left()
    evidence = f"{len(ground.past.record.removed)} legacy files removed, {len(left)} still there"
    if left and ground.past.record.through >= CLEANUP:
        shown = ", ".join(left[:SHOWN]) + (" …" if left[SHOWN:] else "")
        return State.BLOCKED, f"{evidence} ({shown}); `migrate plan --phase 6` says why"
    return State.DONE, evidence


def _deployed(environment: str) -> Callable[[_Ground], Found]:
    def look(ground: _Ground) -> Found:
        return State.YOURS, f"`helmfile -f {ground.past.record.new_state} -e {environment} diff`, then `apply`"

    return look


_EVIDENCE: Mapping[int, Callable[[_Ground], Found]] = {
    1: _files(lambda layout: layout.folder, "files"),
    2: _script("sync-charts.sh"),
    3: _files(lambda layout: layout.external_charts, "files"),
    4: _state_file,
    5: _environments,
    6: _files(lambda layout: layout.custom_charts, "files"),
    7: _script("validate.sh"),
    8: _proved(("dev", "development")),
    9: _offline,
    10: _deployed("stage"),
    11: _edited(11, "workflows and settings"),
    12: _edited(12, "scripts"),
    13: _deployed("prod"),
    14: _removed,
    15: _edited(15, "documents"),
}
