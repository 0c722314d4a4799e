"""Change some bytes of a file that stays where it is."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.model.edits import Edit, splice
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree


@dataclass(frozen=True, slots=True)
class Rewrite:
    """`target` gets these edits and nothing else."""

    target: RepoPath
    edits: tuple[Edit, ...]
    reason: str
    sub_issue: int

    def apply(self, tree: Tree) -> Tree:
        """The tree with the edits made; ValueError if the file's bytes are not those that the edits name."""
        if self.target not in tree:
            raise ValueError(f"{self.target} is missing")
        return tree.changed({self.target: (tree.entries[self.target].mode, splice(tree.read(self.target), self.edits))})

    def undo(self, tree: Tree) -> Tree:
        """The tree with the old bytes back in their places; ValueError if the new ones are no longer there."""
        if self.target not in tree:
            raise ValueError(f"{self.target} is missing")
        shift, back = 0, []
        for edit in sorted(self.edits, key=lambda edit: (edit.offset, edit.end)):
            back.append(Edit(edit.offset + shift, edit.new, edit.old))
            shift += len(edit.new) - len(edit.old)
        return tree.changed({self.target: (tree.entries[self.target].mode, splice(tree.read(self.target), back))})

    def describe(self) -> str:
        """One line for a person."""
        return f"edit {self.target} ({self.reason})"
