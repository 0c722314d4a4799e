"""Take back the last apply of a branch: it points again at the very commit that it had before."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.errors import UndoRefused, UnknownRevision
from migrate.model.carried import Carried
from migrate.model.tree_id import tree_id
from migrate.model.undone import Undone
from migrate.model.way_back import WayBack, trailers_of
from migrate.pipeline.recorded import HISTORY
from migrate.ports import Repository

NEWLINE = "\n"
SHOWN = 5
SEARCHED = 300
"""how many commits back the last apply is looked for, to name what came after it"""
OF_AN_APPLY = ("Migrate-Base", "Migrate-Plan")
"""the trailers that all commits of one apply share"""


def undo(repository: Repository, branch: str) -> Undone:
    """Take back the last apply.

    UndoRefused, with nothing done, if that would take anything else with it; BranchState as for `apply`.
    """
    taken = repository.branch_tip(branch)
    if taken is None:
        raise UnknownRevision(f"there is no branch {branch}", hint="`git branch` lists what is there")
    back = _way_back(repository, branch, taken)
    start = back.before or trailers_of(repository.message(taken)).get(OF_AN_APPLY[0], [""])[0]
    _require_own_commits(repository, taken, start)
    checkout = repository.checkout_of(branch)
    tip = None if back.before is None and checkout is None else start
    pairs = tuple((new, old) for old, new in repository.went_along(back.before, taken))
    carried = repository.publish(branch, taken, tip, f"migrate: undo {taken[:12]}", pairs)
    own = f"refs/heads/{branch}"
    holders = tuple(name for name in repository.holders(taken) if name != own)
    if checkout is None:
        carried = Carried(left=pairs)
    return Undone(branch, taken, tip, start, back.before is None, checkout, carried, holders)


def _way_back(repository: Repository, branch: str, taken: str) -> WayBack:
    """What the branch's tip says of the apply that made it."""
    back = WayBack.of(repository.message(taken))
    if back is None:
        raise _no_apply(repository, branch, taken)
    if back.branch != branch:
        message = f"{branch} is at {taken[:12]}, which an apply made for branch {back.branch}"
        hint = f"migrate undo --branch {back.branch}; what merged it is taken back with git revert"
        if repository.branch_tip(back.branch) is None:
            hint = f"if it was renamed: git branch -m {branch} {back.branch}, then migrate undo --branch {back.branch}"
        raise UndoRefused(message, hint=hint)
    if back.tree != tree_id(repository.read_tree(taken)):
        message = f"{taken[:12]}, the tip of {branch}, was amended: it has other files than the apply gave it"
        raise UndoRefused(message, hint=_by_hand(branch, back.before, taken))
    return back


def _no_apply(repository: Repository, branch: str, taken: str) -> UndoRefused:
    """The refusal for a tip that is not the last commit of an apply: which commits came after one."""
    after: list[str] = []
    for commit in repository.ancestors(taken, first_parent=True, limit=SEARCHED):
        back = WayBack.of(repository.message(commit))
        if back is not None and back.branch == branch:
            message = f"work came after the last apply of {branch}, which ended with {commit[:12]}: {_named(repository, after)}"
            return UndoRefused(message, hint=_by_hand(branch, back.before, taken))
        after.append(commit)
    hint = f"if one was made by an older migrate: `git reflog {branch}` has the commit from before, below `migrate: apply plan`"
    return UndoRefused(f"no commit of {branch} says that an apply of that branch ended with it", hint=hint)


def _named(repository: Repository, commits: Sequence[str]) -> str:
    shown = [f"{commit[:12]} {repository.message(commit).partition(NEWLINE)[0]}" for commit in commits[:SHOWN]]
    return "; ".join(shown) + (f"; and {len(commits) - SHOWN} more" if len(commits) > SHOWN else "")


def _by_hand(branch: str, before: str | None, taken: str) -> str:
    """What a person can do who wants to keep the work and lose the apply."""
    origin = f"is {before[:12]}" if before else "did not exist"
    return f"put the work aside first (git branch kept {taken[:12]}); before the apply {branch} {origin}"


def _require_own_commits(repository: Repository, taken: str, start: str) -> None:
    """UndoRefused unless the branch goes, by first parents, from the start over commits of this apply only."""
    line = repository.ancestors(taken, first_parent=True, limit=HISTORY)
    if start not in line:
        message = f"{taken[:12]} does not come from {start[:12] or 'a known commit'}, the commit from before the apply"
        raise UndoRefused(message, hint="the branch was rebased, or the clone is shallow: then fetch the whole history first")
    trailers = {commit: trailers_of(repository.message(commit)) for commit in line[: line.index(start)]}
    ours = [trailers[taken].get(key) for key in OF_AN_APPLY]
    if strange := [commit for commit, found in trailers.items() if [found.get(key) for key in OF_AN_APPLY] != ours]:
        message = f"other commits lie among those of the apply: {_named(repository, strange)}"
        raise UndoRefused(message, hint=f"put them aside first: git branch kept {taken[:12]}")
