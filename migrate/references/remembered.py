"""Which files of a tree have to be read again to find what names a moved piece: those in which an earlier look found something.

Only places in the list of files are remembered, no text and no name. What is found in a file is found anew each time.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from threading import Event, Thread

from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.model.references import Reference
from migrate.model.tree import Tree
from migrate.ports import Memory
from migrate.references import find_all, read_through
from migrate.references.moves import Moves
from migrate.references.places import Places
from migrate.references.stale import Stale
from migrate.references.untold import untold

VERSION = "references/1"
AHEAD = "ahead"


@dataclass(slots=True)
class Remembered:
    """The looks at one tree for one set of moves, told apart by a digest of both. Without a `memory` every file is read."""

    tree: Tree
    moves: Moves
    memory: Memory | None
    _places: Places = field(init=False)

    def __post_init__(self) -> None:
        self._places = Places(self.tree, _given(self.moves) if self.memory else (), self.memory)

    def find_all(self) -> Iterator[tuple[RepoPath, tuple[Reference, ...] | UnreadableSource]]:
        """As `references.find_all`. What is remembered is kept once the last file has been looked at."""
        known = self._places.recalled("named")
        met = set()
        for path, found in find_all(self.tree, self.moves, known):
            met.add(path)
            yield path, found
        if known is None:
            self._places.keep("named", met)
            _of_tree_alone(self.tree, self.memory).keep(AHEAD, met)

    def untold(self, tree: Tree, edits: str) -> Iterator[Stale]:
        """As `references.untold.untold` of the tree as it is edited; `edits` is what decides of the edits."""
        name = f"untold-{hashlib.sha256(edits.encode('utf-8', 'surrogateescape')).hexdigest()}"
        known = self._places.recalled(name)
        met = set()
        for mention in untold(tree, self.moves, known):
            met.add(mention.path)
            yield mention
        if known is None:
            self._places.keep(name, met)


@contextmanager
def reading_ahead(tree: Tree, memory: Memory | None) -> Iterator[None]:
    """Read, while the block does something else, the files in which an earlier look at the same tree found something.

    It only saves time: what nobody remembers, or what is not read when the block ends, is read by who asks for it.
    """
    paths = _of_tree_alone(tree, memory).recalled(AHEAD) or ()
    ended = Event()
    reading = Thread(target=lambda: deque(takewhile(lambda _: not ended.is_set(), read_through(tree, paths)), 0))
    reading.start()
    try:
        yield
    finally:
        ended.set()
        reading.join()


def _of_tree_alone(tree: Tree, memory: Memory | None) -> Places:
    return Places(tree, ((VERSION,),), memory)


def _given(moves: Moves) -> Iterator[Iterator[str]]:
    """Of the moves, everything that the finders see."""
    yield iter((VERSION, moves.root, moves.new_state))
    yield (f"{old} {new}" for old, new in sorted(moves.files.items()))
    yield iter(sorted(moves.merged))
    yield iter(sorted(moves.present))
