"""Texts that name a legacy path, and of which no finder says anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree
from migrate.references import find_in
from migrate.references.moves import Moves
from migrate.references.stale import Stale, stale

REASON = "what it is for is not known: no kind of reference that is followed here"


def untold(tree: Tree, moves: Moves, among: Iterable[RepoPath] | None = None) -> Iterator[Stale]:
    """The mentions on lines of which no finder says anything; a file that can't be read is told as a whole.

    `among` are the files in which there is anything to be found, if that is known.
    """
    for path, mentions in groupby(stale(tree, moves, among), key=lambda mention: mention.path):
        try:
            lines = {reference.origin.line for reference in find_in(tree, path, moves)}
        except UnreadableSource:
            continue
        yield from (mention for mention in mentions if mention.line not in lines)
