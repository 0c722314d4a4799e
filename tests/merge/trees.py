"""Trees from texts, for the tests of merges."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree

Content = str | bytes | tuple[Mode, str]
"""a regular file, or a mode with text"""


def tree(files: Mapping[str, Content], commit: str = "0" * 40) -> Tree:
    """A tree that holds its blobs itself."""

    def reader(oid: str) -> bytes:
        raise KeyError(oid)

    put: dict[RepoPath, tuple[Mode, bytes | str]] = {}
    for path, content in files.items():
        mode, text = content if isinstance(content, tuple) else (Mode.FILE, content)
        put[RepoPath(path)] = mode, text if isinstance(text, bytes) else text.encode()
    return Tree(commit, {}, reader).changed(put)


def files(merged: Tree) -> dict[str, str]:
    """Path -> text."""
    return {str(path): merged.read(path).decode() for path in merged}
