"""Remove a legacy file whose replacement is proved."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.model.paths import RepoPath
from migrate.model.tree import Entry, Mode, Tree


@dataclass(frozen=True, slots=True)
class Remove:
    """`target` goes; `mode` and `oid` are what it was."""

    target: RepoPath
    mode: Mode
    oid: str
    reason: str
    sub_issue: int

    def apply(self, tree: Tree) -> Tree:
        """The tree without the file; ValueError if it is not there or is another one."""
        return remove_all(tree, [self])

    def undo(self, tree: Tree) -> Tree:
        """The tree with the file; ValueError if something is there."""
        if self.target in tree:
            raise ValueError(f"{self.target} is there again")
        return tree.changed({self.target: (self.mode, self.oid)})

    def describe(self) -> str:
        """One line for a person."""
        return f"remove {self.target} ({self.reason})"


def remove_all(tree: Tree, removals: list[Remove]) -> Tree:
    """The tree without all of the files; ValueError if one is not there or is another one."""
    for removal in removals:
        if tree.entries.get(removal.target) != Entry(removal.mode, removal.oid):
            raise ValueError(f"{removal.target} is not the file that was to be removed")
    return tree.changed({}, drop=frozenset(removal.target for removal in removals))
