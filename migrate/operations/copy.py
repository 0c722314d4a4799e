"""Copy a file to its new place; the original stays until the cleanup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree


@dataclass(frozen=True, slots=True)
class Copy:
    """`target` gets the blob and mode of `source`."""

    source: RepoPath
    target: RepoPath
    reason: str
    sub_issue: int

    def apply(self, tree: Tree) -> Tree:
        """The tree with the copy; ValueError if the source is missing or the target is there."""
        return copy_all(tree, [self])

    def undo(self, tree: Tree) -> Tree:
        """The tree without the copy; ValueError if it has been changed since."""
        if self.target not in tree or tree.entries[self.target] != tree.entries.get(self.source):
            raise ValueError(f"{self.target} is no longer a copy of {self.source}")
        return tree.changed({}, drop=frozenset({self.target}))

    def describe(self) -> str:
        """One line for a person."""
        return f"copy {self.source} to {self.target} ({self.reason})"


def copy_all(tree: Tree, copies: Sequence[Copy]) -> Tree:
    """The tree with all copies; ValueError if a source is missing or a target is there, also by an earlier copy."""
    put: dict[RepoPath, tuple[Mode, bytes | str]] = {}
    for copy in copies:
        entry = tree.entries.get(copy.source)
        if entry is None and copy.source not in put:
            raise ValueError(f"{copy.source} is missing")
        if copy.target in tree or copy.target in put:
            raise ValueError(f"{copy.target} exists already")
        put[copy.target] = put[copy.source] if entry is None else (entry.mode, entry.oid)
    return tree.changed(put)
