"""Which files of a tree an earlier look at it came upon: places in the list of its files, no text and no name."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from migrate import __version__
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.ports import Memory


@dataclass(slots=True)
class Places:
    """What is remembered of looks at one tree. `given` is all else that decides what they come upon.

    Trees are told apart by the path, mode and blob of every file. Without a `memory` nothing is known and nothing kept.
    """

    tree: Tree
    given: Iterable[Iterable[str]]
    memory: Memory | None
    _paths: tuple[RepoPath, ...] = field(init=False)
    _key: str = field(init=False)

    def __post_init__(self) -> None:
        self._paths = tuple(self.tree)
        self._key = self._digest() if self.memory else ""

    def recalled(self, name: str) -> tuple[RepoPath, ...] | None:
        """The files that a look came upon; None if it isn't known."""
        places = self.memory.recall(f"{self._key}-{name}") if self.memory else None
        if not isinstance(places, list) or not all(isinstance(p, int) and 0 <= p < len(self._paths) for p in places):
            return None
        return tuple(self._paths[place] for place in places)

    def keep(self, name: str, met: Collection[RepoPath]) -> None:
        """Keep what a whole look came upon. A file whose blob is not in this clone counts: it may be there the next time."""
        if self.memory:
            places = [place for place, path in enumerate(self._paths) if path in met or self._is_absent(path)]
            self.memory.keep(f"{self._key}-{name}", places)

    def _is_absent(self, path: RepoPath) -> bool:
        if self.tree.entries[path].mode not in (Mode.FILE, Mode.EXECUTABLE):
            return False
        try:
            self.tree.read(path)
        except KeyError:
            return True
        return False

    def _digest(self) -> str:
        files = (f"{path} {entry.mode.value} {entry.oid}" for path, entry in self.tree.entries.items())
        text = "\0\0".join("\0".join(part) for part in ((__version__,), files, *self.given))
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
