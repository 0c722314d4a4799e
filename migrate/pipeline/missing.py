"""What an earlier apply gave a branch and the branch has no more: a run that went on would say something misleading."""

from __future__ import annotations

from migrate.errors import BranchState
from migrate.layout import Layout
from migrate.model.tree import Tree
from migrate.model.way_back import WayBack
from migrate.pipeline.past import Past
from migrate.ports import Repository

SEARCHED = 300
"""how many commits back the last apply is looked for"""


def require_record(repository: Repository, branch: str, tip: str, layout: Layout) -> None:
    """BranchState if a branch without a record still has the new state file that an apply gave it.

    Where that is gone, too, the migration was taken back, and another one may begin.
    """
    tree = repository.read_tree(tip)
    if layout.record in tree or layout.state_file not in tree:
        return
    for commit in repository.ancestors(tip, first_parent=True, limit=SEARCHED):
        if WayBack.of(repository.message(commit)) and layout.record in repository.read_tree(commit):
            message = f"{branch} has the new tree of a migration, but no {layout.record}; {commit[:12]} had it"
            raise BranchState(message, hint=f"git checkout {commit[:12]} -- {layout.record}, and commit it on {branch}")


def require_legacy(past: Past, legacy: Tree, branch: str) -> None:
    """BranchState if a base that holds a migration has none of its legacy files, though no cleanup took them: a rebase did."""
    sources = [source for source, _ in past.record.copies]
    if past.authored or not sources or any(source in legacy for source in sources):
        return
    message = f"{branch or past.tip[:12]} holds a migration without its {len(sources)} legacy files: a rebase took them"
    raise BranchState(message, hint="revert the rebased commits there, then merge the migrated branch with a merge commit")
