"""Which file that is gone on a side stands there under another path. Git stores no renames; they are told by contents.

First the same blob, then the share of equal lines, weighed by their length, as git does. One best answer, or none: files whose
contents are all over the tree (an ignore file of each chart) and tiny ones tell nothing.
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
    """From a base to one of its sides. `read` gives the bytes of a file, None if they are missing."""

    base: Tree
    side: Tree
    read: Callable[[Tree, RepoPath], bytes | None]
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
    def _copies(self) -> Counter[str]:
        return Counter(entry.oid for entry in self.base.entries.values())

    def _found(self, path: RepoPath) -> RepoPath | None:
        entry = self.base.entries.get(path)
        if entry is None or entry.mode not in REGULAR or not self._new or self._copies[entry.oid] > 1:
            return None
        lines = self._lines(self.base, path)
        if lines.total() < FEWEST_LINES:
            return None
        same = [new for new in self._new if self.side.entries[new].oid == entry.oid]
        return (same[0] if len(same) == 1 else None) if same else self._alike(lines)

    def _alike(self, lines: Counter[bytes]) -> RepoPath | None:
        rated = sorted(((self._share(lines, new), new) for new in self._new), reverse=True)
        best = rated[0][0]
        if best < ALIKE or (len(rated) > 1 and rated[1][0] == best):
            return None
        return rated[0][1]

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
