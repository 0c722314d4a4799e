"""A git repository, with commits to be made and those of the past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from migrate.model.carried import Carried, Pair
from migrate.model.tree import Tree


@dataclass(frozen=True, slots=True)
class NewCommit:
    """A commit to be made: its tree, and the message. Its parents come before it in a chain."""

    tree: Tree
    message: str
    parents: tuple[int | str, ...]
    """commit ids, or indexes of earlier commits of the same chain"""


@dataclass(frozen=True, slots=True)
class PastCommit:
    """A commit of the past: its author, its day as YYYY-MM-DD, and the files that it touches."""

    author: str
    day: str
    files: tuple[str, ...]


class Repository(Protocol):
    """A git repository. Only `publish` changes anything that a user sees."""

    def resolve(self, revision: str) -> str:
        """The commit id; UnknownRevision if there is none."""
        ...

    def branch_of(self, revision: str) -> str:
        """The name of the branch that a revision means (`HEAD`: the one that is checked out); empty if it means none."""
        ...

    def read_tree(self, revision: str) -> Tree:
        """The files of a commit. Blobs are read on demand; a missing blob raises KeyError only when it is read."""
        ...

    def branch_tip(self, branch: str) -> str | None:
        """The commit a branch points at, or None."""
        ...

    def message(self, commit: str) -> str:
        """The commit message."""
        ...

    def ancestors(self, commit: str, *, first_parent: bool, limit: int) -> tuple[str, ...]:
        """Commit ids from `commit` backwards."""
        ...

    def ignored(self, paths: Sequence[str], tree: Tree) -> frozenset[str]:
        """Which of the paths the tree's .gitignore files would ignore."""
        ...

    def attributes(self, paths: Sequence[str], tree: Tree) -> Mapping[str, Mapping[str, str]]:
        """The effective git attributes of paths, with the .gitattributes files of the tree (not of the checkout)."""
        ...

    def past_commits(self, commit: str, places: Sequence[str]) -> Iterator[PastCommit]:
        """The commits without merges that touch one of the files or folders, newest first, each with all its files."""
        ...

    def write_chain(self, commits: Sequence[NewCommit]) -> tuple[str, ...]:
        """Write blobs, trees and commits (signed if commit.gpgSign asks for it); no ref moves. Their ids, in order."""
        ...

    def recover(self) -> str | None:
        """Finish or roll back what a killed run left; what was done, in words, or None. Interrupted if that isn't safe."""
        ...

    def locked(self) -> AbstractContextManager[None]:
        """Only one process at a time changes the repository; BranchState if another one keeps it."""
        ...

    def require_publishable(self, branch: str) -> None:
        """BranchState if the branch is checked out and could not follow; looked at again by `publish`."""
        ...

    def require_identity(self) -> None:
        """IdentityMissing unless git knows in whose name to commit; looked at again by `write_chain`."""
        ...

    def went_along(self, old: str | None, new: str) -> tuple[Pair, ...]:
        """The files that no commit holds and that `publish` moved along when a branch went from `old` to `new`, in this clone."""
        ...

    def checkout_of(self, branch: str) -> str | None:
        """The folder in which a branch is checked out, or None."""
        ...

    def holders(self, commit: str) -> tuple[str, ...]:
        """The full names of the branches, remote ones too, that hold a commit."""
        ...

    def publish(self, branch: str, old: str | None, new: str | None, message: str, carried: Sequence[Pair] = ()) -> Carried:
        """One compare-and-swap of refs/heads/BRANCH; a checked-out clean worktree follows, journaled. `new` None: it goes.

        `carried` are old and new places of files that no commit holds, which move along in it; what came of it is returned.
        """
        ...
