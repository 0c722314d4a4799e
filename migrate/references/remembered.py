"""Which files of a tree have to be read again to find what names a moved piece: those in which an earlier look found something.

Only places in the list of files are remembered, no text and no name. What is found in a file is found anew each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from migrate import __version__
from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.model.references import Reference
from migrate.model.tree import Mode, Tree
from migrate.ports import Memory
from migrate.references import find_all
from migrate.references.moves import Moves
from migrate.references.stale import Stale
from migrate.references.untold import untold

VERSION = "references/1"


@dataclass(slots=True)
class Remembered:
    """The looks at one tree for one set of moves, told apart by a digest of both. Without a `memory` every file is read."""

    tree: Tree
    moves: Moves
    memory: Memory | None
    _paths: Sequence[RepoPath] = field(init=False)
    _key: str = field(init=False)

    def __post_init__(self) -> None:
        self._paths = tuple(self.tree)
        self._key = _digest(self.tree, self.moves) if self.memory else ""

    def find_all(self) -> Iterator[tuple[RepoPath, tuple[Reference, ...] | UnreadableSource]]:
        """As `references.find_all`. What is remembered is kept once the last file has been looked at."""
        known = self._recalled("named")
        met = set()
        for path, found in find_all(self.tree, self.moves, known):
            met.add(path)
            yield path, found
        if known is None:
            self._keep("named", met)

    def untold(self, tree: Tree, edits: str) -> Iterator[Stale]:
        """As `references.untold.untold` of the tree as it is edited; `edits` is what decides of the edits."""
        name = f"untold-{hashlib.sha256(edits.encode('utf-8', 'surrogateescape')).hexdigest()}"
        known = self._recalled(name)
        met = set()
        for mention in untold(tree, self.moves, known):
            met.add(mention.path)
            yield mention
        if known is None:
            self._keep(name, met)

    def _recalled(self, name: str) -> tuple[RepoPath, ...] | None:
        places = self.memory.recall(f"{self._key}-{name}") if self.memory else None
        if not isinstance(places, list) or not all(isinstance(p, int) and 0 <= p < len(self._paths) for p in places):
            return None
        return tuple(self._paths[place] for place in places)

    def _keep(self, name: str, met: Iterable[RepoPath]) -> None:
        """A file whose blob is not in this clone counts as one to look at: it may be there the next time."""
        if self.memory:
            wanted = set(met)
            places = [place for place, path in enumerate(self._paths) if path in wanted or self._is_absent(path)]
            self.memory.keep(f"{self._key}-{name}", places)

    def _is_absent(self, path: RepoPath) -> bool:
        if self.tree.entries[path].mode not in (Mode.FILE, Mode.EXECUTABLE):
            return False
        try:
            self.tree.read(path)
        except KeyError:
            return True
        return False


def _digest(tree: Tree, moves: Moves) -> str:
    """Of everything that the finders see."""
    parts: tuple[Iterable[str], ...] = (
        (VERSION, __version__, moves.root, moves.new_state),
        (f"{path} {entry.mode} {entry.oid}" for path, entry in tree.entries.items()),
        (f"{old} {new}" for old, new in sorted(moves.files.items())),
        sorted(moves.merged),
        sorted(moves.present),
    )
    text = "\0\0".join("\0".join(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
