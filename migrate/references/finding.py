"""What a finder is: it yields all of a file that may be a path or a call of helmfile. What that means is settled elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from migrate.model.paths import RepoPath
from migrate.model.references import CommandLine, Mention
from migrate.model.tree import Tree
from migrate.references.snippet import Snippet

Found = Mention | CommandLine


@dataclass(frozen=True, slots=True)
class Place:
    """Where a snippet runs: the folders that it may be started in, the likeliest first; its group; whether people read it."""

    folders: tuple[str, ...]
    group: str = ""
    prose: bool = False


class Finder(Protocol):
    """One kind of file."""

    def reads(self, path: RepoPath, head: bytes) -> bool:
        """Whether a file is of this kind, by its path and its first bytes."""
        ...

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:
        """All mentions and command lines of a whole file, in no order. UnreadableSource if its syntax can't be followed."""
        ...
