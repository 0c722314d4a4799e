"""Plan × Tree -> Tree, and the commits that make it: moves first, then content, one commit a sub-issue."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from migrate import __version__
from migrate.errors import StalePlan
from migrate.history import rename_chain
from migrate.model.paths import RepoPath
from migrate.model.phases import SUB_ISSUES, phase_of
from migrate.model.record import Record
from migrate.model.tree import Mode, Tree
from migrate.model.tree_id import tree_id
from migrate.model.way_back import WayBack
from migrate.operations import Copy, Operation, apply_all
from migrate.plan import Plan
from migrate.plan_json import plan_digest
from migrate.ports import NewCommit

COMMIT_TYPES = {
    1: "chore(helmfile)",
    2: "feat(scripts)",
    3: "chore(charts)",
    4: "feat(helmfile)",
    5: "feat(environments)",
    6: "feat(charts)",
    7: "feat(scripts)",
    9: "feat(scripts)",
    11: "ci",
    12: "refactor(scripts)",
    14: "chore",
    15: "docs",
}
"""number of a sub-issue -> type and scope of its commit; the others bring no files"""
STRUCTURE = 1


@dataclass(frozen=True, slots=True)
class Trailers:
    """What every commit says at its end."""

    issue: str
    plan_digest: str
    base: str
    alone: str = ""
    """the tree's id, on the commit whose tree is the migration alone, without people's edits"""

    def text(self, sub_issue: int | None) -> str:
        """The trailer block."""
        lines = [f"Issue: {self.issue}"] if self.issue else []
        if sub_issue is not None:
            lines.append(f"Sub-issue: {sub_issue} {SUB_ISSUES[sub_issue][1]}")
        lines += [f"Migrate-Base: {self.base}", f"Migrate-Plan: {self.plan_digest}"]
        return "\n".join([*lines, *([f"Migrate-Alone: {self.alone}"] if self.alone else [])])


def apply_to(plan: Plan, tree: Tree) -> Tree:
    """The new tree with the record of the migration in it; StalePlan if the plan was made for another tree."""
    if plan.base != tree.commit:
        raise StalePlan(f"the plan was made for {plan.base[:12]}, the base is {tree.commit[:12]}", hint="make a new plan")
    try:
        result = apply_all(tree, plan.operations)
    except ValueError as error:
        raise StalePlan(f"the plan does not fit its base: {error}", hint="make a new plan") from error
    return _put(result, plan.record_path, record_of(plan).to_json())


def subject(sub_issue: int) -> str:
    """The first line of the commit that brings a sub-issue's files, in the form of Conventional Commits."""
    return f"{COMMIT_TYPES[sub_issue]}: {SUB_ISSUES[sub_issue][1]}"


def asked(settings_digest: str, layout_digest: str) -> str:
    """The digest of what a plan is asked with: another one may give another plan for the same commit."""
    return hashlib.sha256(" ".join((__version__, settings_digest, layout_digest)).encode()).hexdigest()


def record_of(plan: Plan) -> Record:
    """What the new tree remembers of its migration."""
    return Record(
        base=plan.base,
        plan_digest=plan_digest(plan),
        legacy_state=plan.root,
        new_state=plan.new_state,
        tier_label=plan.tier_label,
        copies=plan.copies,
        created=(*plan.created, plan.record_path),
        edited=plan.edited,
        stages=plan.stages,
        tiers=plan.tiers,
        removed=plan.removed,
        through=plan.through,
        base_branch=plan.base_branch,
        asked=asked(plan.settings_digest, plan.layout_digest),
        released=plan.released,
        orphans=plan.orphans,
    )


def _put(tree: Tree, path: RepoPath, text: str) -> Tree:
    return tree.changed({path: (Mode.FILE, text.encode())})


def commits(plan: Plan, tree: Tree, issue: str, proof: str = "", back: WayBack | None = None) -> list[NewCommit]:
    """The whole chain on top of the base commit, the last one with exactly the tree of `apply_to`.

    `proof` is the paragraph that the last message has about the proof, `back` what it says for `undo`.
    """
    trailers = Trailers(issue, plan_digest(plan), plan.base)
    chain = _moves(plan, tree, trailers)
    current = chain[-1].tree if chain else tree
    for number, operations in _by_sub_issue(plan):
        current = apply_all(current, operations)
        chain.append(NewCommit(current, _message(number, operations, trailers), (_tip(chain, tree),)))
    current = _put(current, plan.record_path, record_of(plan).to_json())
    body = "Which file came from which, and the order of deployment: what a later run is judged by."
    last = replace(trailers, alone=tree_id(current)).text(STRUCTURE)
    ending = "\n".join([last, *([back.trailers(tree_id(current))] if back else [])])
    parts = ["chore(helmfile): record the migration", body, *([proof] if proof else []), ending]
    message = "\n\n".join(parts) + "\n"
    chain.append(NewCommit(current, message, (_tip(chain, tree),)))
    return chain


def _tip(chain: Sequence[NewCommit], tree: Tree) -> int | str:
    return len(chain) - 1 if chain else tree.commit


def _moves(plan: Plan, tree: Tree, trailers: Trailers) -> list[NewCommit]:
    total = len(plan.copies)
    why = "Only renames, no two files alike in one commit: `git blame` and `git log --follow` go through it."
    joined = "The legacy files stay until the cleanup; every new file keeps its history through the other parent."

    def move(number: int, count: int) -> str:
        return (
            f"refactor(helmfile): move {total} files to their new places ({number}/{count})\n\n{why}\n\n{trailers.text(None)}\n"
        )

    merge = f"refactor(helmfile): join the moved files with the legacy tree\n\n{joined}\n\n{trailers.text(STRUCTURE)}\n"
    return rename_chain(tree, plan.copies, move_message=move, merge_message=merge)


def _by_sub_issue(plan: Plan) -> list[tuple[int, list[Operation]]]:
    content = [op for op in plan.operations if not isinstance(op, Copy)]
    numbers = sorted({op.sub_issue for op in content}, key=lambda number: (phase_of(number), number))
    return [(number, [op for op in content if op.sub_issue == number]) for number in numbers]


def _message(number: int, operations: Sequence[Operation], trailers: Trailers) -> str:
    lines = "\n".join(f"- {operation.describe()}" for operation in operations)
    return f"{subject(number)}\n\n{lines}\n\n{trailers.text(number)}\n"
