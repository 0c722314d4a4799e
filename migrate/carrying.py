"""The commits of a re-run: what the tool makes of a new base, and its join with what people did on the branch.

    T ─────────────┐            T   the branch: an earlier migration, and people's commits on it
    P0 ─── P1 ──── M            P0  the last commit that is the migration alone, P1 the next one
    B1 ─ R ┘                    B1  the new base; R renames the files that changed, so that `blame` finds whose lines they are

Where nobody has edited the branch, P1 and M are one commit on T. See docs/explanation/re-run.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from migrate.history import rename_chain
from migrate.model.paths import RepoPath
from migrate.model.phases import PHASES, phase_of
from migrate.model.record import Record
from migrate.model.tree import Mode, Tree
from migrate.model.tree_id import tree_id
from migrate.model.way_back import WayBack
from migrate.operations import Operation, Vendor
from migrate.plan import Plan
from migrate.plan_json import plan_digest
from migrate.ports import NewCommit
from migrate.writer import STRUCTURE, Trailers, subject

SHOWN = 40
"""So many files a commit message names."""


@dataclass(frozen=True, slots=True)
class Carry:
    """A re-run that is ready to be written.

    `legacy` is the new base with its legacy tree, `theirs` what the plan makes of it, `ours` the branch and `merged` both.
    `start` is the new base's commit, empty if it is the old one; `pure` the last commit that is the migration alone, empty if it
    is not to be had. `kept` are the files with people's edits.
    """

    plan: Plan
    before: Record
    legacy: Tree
    theirs: Tree
    ours: Tree
    merged: Tree
    start: str
    pure: str
    kept: tuple[RepoPath, ...]
    set_aside: bool = False

    @property
    def clean(self) -> bool:
        """Whether the branch will be the migration alone."""
        return self.merged.entries == self.theirs.entries


def commits(carry: Carry, issue: str, proof: str, back: WayBack) -> list[NewCommit]:
    """The chain whose last commit is the branch's new tip; its tree is `carry.merged`, and it says how to take it back."""
    trailers = Trailers(issue, plan_digest(carry.plan), carry.plan.base)
    chain, ends = _renames(carry, trailers)
    onto = carry.ours.commit if carry.clean else carry.pure
    if not carry.start and carry.clean:
        chain += _by_sub_issue(carry, trailers, len(chain), ends)
    first = _tip(chain, onto) if not carry.start and carry.clean else onto
    joined = () if chain and first == len(chain) - 1 else ends
    made = replace(trailers, alone=tree_id(carry.theirs)).text(STRUCTURE)
    ending = f"\n{back.trailers(tree_id(carry.merged))}"
    message = "\n\n".join((*_carried(carry), *([proof] if proof else []), made + (ending if carry.clean else ""))) + "\n"
    chain.append(NewCommit(carry.theirs, message, _parents(first, carry.start, *joined)))
    if not carry.clean:
        parents = _parents(carry.ours.commit, carry.start, len(chain) - 1)
        chain.append(NewCommit(carry.merged, _join_message(carry, trailers) + ending.lstrip("\n") + "\n", parents))
    return chain


def _parents(*named: int | str) -> tuple[int | str, ...]:
    """Each once, in order; those that are not to be had left out."""
    return tuple(dict.fromkeys(parent for parent in named if parent != ""))


def _tip(chain: Sequence[NewCommit], otherwise: str) -> int | str:
    return len(chain) - 1 if chain else otherwise


def _renames(carry: Carry, trailers: Trailers) -> tuple[list[NewCommit], tuple[int, ...]]:
    """Commits that rename the copied files which are new or changed, and the last of each chain of them."""
    changed = [pair for pair in carry.plan.copies if _differs(carry, pair[1])]
    if not changed:
        return [], ()
    free = carry.legacy.changed({}, drop=frozenset(target for _, target in changed))

    def message(number: int, count: int) -> str:
        what = f"move {len(changed)} changed files to their new places ({number}/{count})"
        return (
            f"refactor(helmfile): {what}\n\nOnly renames, so that each carried line keeps its author.\n\n{trailers.text(None)}\n"
        )

    renamed = rename_chain(free, changed, move_message=message, merge_message="")
    ends = tuple(parent for parent in renamed[-1].parents if isinstance(parent, int))
    if not carry.set_aside:
        return renamed[:-1], ends
    aside = f"chore(helmfile): set the new tree aside\n\nA step of a re-run: the legacy tree alone.\n\n{trailers.text(None)}\n"
    first = NewCommit(carry.legacy, aside, (carry.legacy.commit,))
    return [first, *(_behind(commit, carry.legacy.commit) for commit in renamed[:-1])], tuple(end + 1 for end in ends)


def _behind(commit: NewCommit, base: str) -> NewCommit:
    """The commit with one more before it in the chain, which stands for the base."""
    parents = tuple(0 if parent == base else parent + 1 if isinstance(parent, int) else parent for parent in commit.parents)
    return replace(commit, parents=parents)


def _by_sub_issue(carry: Carry, trailers: Trailers, before: int, ends: tuple[int, ...]) -> list[NewCommit]:
    """A further phase of the same base: the moved files, then a commit a sub-issue; the record comes after them."""
    moved = frozenset(path for _, path in carry.plan.copies)
    changed = sorted(path for path in {*carry.ours, *carry.theirs} if _differs(carry, path))
    steps: list[tuple[str, list[RepoPath]]] = []
    if ends:
        join = f"refactor(helmfile): join the moved files with the legacy tree\n\n{trailers.text(STRUCTURE)}\n"
        steps.append((join, [path for path in changed if path in moved]))
    groups: dict[int, list[RepoPath]] = defaultdict(list)
    number_of = {path: op.sub_issue for op in carry.plan.operations for path in _targets(op) if path not in moved or not ends}
    for path in changed:
        if path in number_of:
            groups[number_of[path]].append(path)
    for number, paths in sorted(groups.items(), key=lambda group: (phase_of(group[0]), group[0])):
        steps.append((f"{subject(number)}\n\n{_listed(paths)}\n\n{trailers.text(number)}\n", paths))
    return _stepwise(carry, steps, before, ends)


def _targets(op: Operation) -> tuple[RepoPath, ...]:
    return op.targets if isinstance(op, Vendor) else (op.target,)


def _stepwise(
    carry: Carry, steps: Sequence[tuple[str, Sequence[RepoPath]]], before: int, ends: tuple[int, ...]
) -> list[NewCommit]:
    """A commit for each message and its files, which get their new content; `ends` join the first one."""
    chain: list[NewCommit] = []
    current = replace(carry.ours, fresh={**carry.ours.fresh, **carry.theirs.fresh})
    for message, paths in steps:
        put: dict[RepoPath, tuple[Mode, bytes | str]] = {}
        put.update({p: (e.mode, e.oid) for p in paths if (e := carry.theirs.entries.get(p)) is not None})
        current = current.changed(put, drop=frozenset(paths))
        parents = (before + len(chain) - 1,) if chain else _parents(carry.ours.commit, *ends)
        chain.append(NewCommit(current, message, parents))
    return chain


def _carried(carry: Carry) -> Iterator[str]:
    record, plan = carry.before, carry.plan
    if carry.start:
        yield "chore(helmfile): carry over what changed in the legacy tree"
        changed = sorted(path for path, place in carry.plan.copies if _differs(carry, place))
        yield f"From {record.base[:12]} to {plan.base[:12]}:\n{_listed(changed) or '- nothing but what the helmfiles say'}"
    elif plan.through != record.through:
        done = "\n".join(f"- {number} {PHASES[number]}" for number in range(record.through + 1, plan.through + 1))
        yield f"chore(helmfile): record the migration through phase {plan.through}"
        yield f"Done now:\n{done}"
    else:
        yield "chore(helmfile): record the migration"
        yield "The same base, asked for with other settings or by another version."


def _differs(carry: Carry, path: RepoPath) -> bool:
    return carry.theirs.entries.get(path) != carry.ours.entries.get(path)


def _join_message(carry: Carry, trailers: Trailers) -> str:
    why = f"What people changed on the branch stays as they made it:\n{_listed(carry.kept)}"
    return f"chore(helmfile): join the migration with the branch\n\n{why}\n\n{trailers.text(None)}\n"


def _listed(paths: Sequence[RepoPath]) -> str:
    lines = [f"- {path}" for path in paths[:SHOWN]]
    return "\n".join([*lines, *([f"- and {len(paths) - SHOWN} more"] if len(paths) > SHOWN else [])])
