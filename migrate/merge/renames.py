"""Which file that is gone on a side stands there under another path. Git stores no renames; they are told by contents.

First the same blob, then the share of equal lines, weighed by their length, as git does. One best answer, or none: files whose
contents are all over the tree (an ignore file of each chart) and tiny ones tell nothing. Until the cleanup each piece is there
twice, in the legacy tree and below the new folder: so a file is looked for on its own side first, then elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree

ALIKE = 0.6
"""share of equal lines from which on a file counts as the same"""
FEWEST_LINES = 3
"""a file with fewer filled lines tells nothing"""
REGULAR = frozenset({Mode.FILE, Mode.EXECUTABLE})


@dataclass
class Renames:
    """From a base to one of its sides. `read` gives the bytes of a file, None if they are missing; `apart` is the new folder."""

    base: Tree
    side: Tree
    read: Callable[[Tree, RepoPath], bytes | None]
    apart: str = ""
    _answers: dict[RepoPath, RepoPath | None] = field(default_factory=dict)

    def find(self, path: RepoPath) -> RepoPath | None:
        """Where a file of the base that is gone on the side stands now; None if nothing tells."""
        if path not in self._answers:
            self._answers[path] = self._found(path)
        return self._answers[path]

    @cached_property
    def _new(self) -> list[RepoPath]:
        return [p for p, entry in self.side.entries.items() if p not in self.base and entry.mode in REGULAR]

    @cached_property
    def _copies(self) -> Counter[tuple[str, bool]]:
        return Counter((entry.oid, self._inside(path)) for path, entry in self.base.entries.items())

    def _inside(self, path: RepoPath) -> bool:
        return bool(self.apart) and path.is_below(self.apart)

    def _found(self, path: RepoPath) -> RepoPath | None:
        entry, inside = self.base.entries.get(path), self._inside(path)
        if entry is None or entry.mode not in REGULAR or not self._new or self._copies[entry.oid, inside] > 1:
            return None
        lines = self._lines(self.base, path)
        if lines.total() < FEWEST_LINES:
            return None
        near = [new for new in self._new if self._inside(new) is inside]
        far = [new for new in self._new if self._inside(new) is not inside] if not self._copies[entry.oid, not inside] else []
        for new in (near, far):
            if found := self._alike(new, entry.oid, lines):
                return found[0] if len(found) == 1 else None
        return None

    def _alike(self, new: list[RepoPath], oid: str, lines: Counter[bytes]) -> list[RepoPath]:
        """Which of the new files could be the one; more than one means that nothing tells."""
        if same := [path for path in new if self.side.entries[path].oid == oid]:
            return same
        shares = {path: self._share(lines, path) for path in new}
        best = max(shares.values(), default=0.0)
        return [path for path, share in shares.items() if share == best] if best >= ALIKE else []

    def _share(self, lines: Counter[bytes], path: RepoPath) -> float:
        other = self._lines(self.side, path)
        return _weight(lines & other) / (max(_weight(lines), _weight(other)) or 1)

    def _lines(self, tree: Tree, path: RepoPath) -> Counter[bytes]:
        """The filled lines; none if the file is binary or missing."""
        content = self.read(tree, path)
        if content is None or b"\0" in content:
            return Counter()
        return Counter(line.strip() for line in content.split(b"\n") if line.strip())


def _weight(lines: Counter[bytes]) -> int:
    return sum(len(line) * count for line, count in lines.items())
