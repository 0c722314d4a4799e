"""What finders found in the files of the trees that were looked at last, so that each file is read once for all who ask.

A finder sees nothing but the tree and the file, so its findings are the same each time. Trees are told apart by identity: two
equal ones are read twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock

from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree
from migrate.references.finding import Found

KEPT = 2
"""trees: a proof looks at the old one and the new one"""

Reading = tuple[Found, ...] | UnreadableSource


class Readings:
    """The findings of the last trees. Safe to use from several threads."""

    def __init__(self, read: Callable[[Tree, RepoPath], Iterator[Found]]) -> None:
        self._read = read
        self._lock = Lock()
        self._trees: list[tuple[Tree, dict[RepoPath, Reading]]] = []

    def of(self, tree: Tree, path: RepoPath) -> tuple[Found, ...]:
        """All that is found in a file. UnreadableSource if its syntax can't be followed, KeyError without its blob."""
        known = self._of_tree(tree)
        if path not in known:
            known[path] = self._now(tree, path)
        found = known[path]
        if isinstance(found, UnreadableSource):
            raise found.with_traceback(None)
        return found

    def _now(self, tree: Tree, path: RepoPath) -> Reading:
        try:
            return tuple(self._read(tree, path))
        except UnreadableSource as error:
            return error

    def _of_tree(self, tree: Tree) -> dict[RepoPath, Reading]:
        """The tree's own findings; the tree that was asked for longest ago is forgotten."""
        with self._lock:
            found = next((kept for kept in self._trees if kept[0] is tree), (tree, {}))
            self._trees = [*(kept for kept in self._trees if kept[0] is not tree), found][-KEPT:]
            return found[1]
