"""The base of a merge on a branch that was merged with the legacy tree before, by hand.

Such a branch comes from two commits: the migration alone, and the legacy commit that people merged. git takes the merge of the
two for the base then (a virtual merge base), and so is it here, for the files that the migration did not make: what people
decided when they merged is their work, and stays. The files of the new tree keep the migration's own as their base, for a merge
by hand carried nothing into them; or it did (git follows renames), and then both sides have the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrate.merge.conflict import Kind
from migrate.merge.trees import merge_trees
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree


def virtual_base(old: Tree, alone: Tree, merged: Tree, made: Iterable[RepoPath]) -> Tree:
    """`alone`, the migration of the legacy tree `old`, with what happened from `old` to the legacy tree `merged`.

    A file in which the two can't both stay is as in `alone`.
    """
    put: dict[RepoPath, tuple[Mode, bytes | str]] = {
        path: (entry.mode, entry.oid) for path in made if (entry := alone.entries.get(path)) is not None
    }
    joined = merge_trees(old.changed(put), alone, merged.changed(put))
    clash = any(conflict.kind is Kind.FILE_AND_FOLDER for conflict in joined.conflicts)
    return alone if clash else joined.tree
