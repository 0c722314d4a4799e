"""Copy a file to its new place; the original stays until the cleanup."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.model.paths import RepoPath
from migrate.model.tree import Tree


@dataclass(frozen=True, slots=True)
class Copy:
    """`target` gets the blob and mode of `source`."""

    source: RepoPath
    target: RepoPath
    reason: str
    sub_issue: int

    def apply(self, tree: Tree) -> Tree:
        """The tree with the copy; ValueError if the source is missing or the target is there."""
        if self.source not in tree:
            raise ValueError(f"{self.source} is missing")
        if self.target in tree:
            raise ValueError(f"{self.target} exists already")
        entry = tree.entries[self.source]
        return tree.changed({self.target: (entry.mode, entry.oid)})

    def undo(self, tree: Tree) -> Tree:
        """The tree without the copy; ValueError if it has been changed since."""
        if self.target not in tree or tree.entries[self.target] != tree.entries.get(self.source):
            raise ValueError(f"{self.target} is no longer a copy of {self.source}")
        return tree.changed({}, drop=frozenset({self.target}))

    def describe(self) -> str:
        """One line for a person."""
        return f"copy {self.source} to {self.target} ({self.reason})"
