"""Create a file that was not there."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree, blob_id


@dataclass(frozen=True, slots=True)
class Create:
    """`target` is made with this text (UTF-8)."""

    target: RepoPath
    text: str
    mode: Mode
    reason: str
    sub_issue: int

    def apply(self, tree: Tree) -> Tree:
        """The tree with the file; ValueError if it is there already."""
        if self.target in tree:
            raise ValueError(f"{self.target} exists already")
        return tree.changed({self.target: (self.mode, self.text.encode())})

    def undo(self, tree: Tree) -> Tree:
        """The tree without the file; ValueError if it has been changed since."""
        entry = tree.entries.get(self.target)
        if entry is None or (entry.mode, entry.oid) != (self.mode, blob_id(self.text.encode(), len(entry.oid))):
            raise ValueError(f"{self.target} has been changed since it was made")
        return tree.changed({}, drop=frozenset({self.target}))

    def describe(self) -> str:
        """One line for a person."""
        return f"create {self.target} ({self.reason})"
