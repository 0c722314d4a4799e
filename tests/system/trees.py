"""Trees made of text, without a repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from migrate.model.paths import RepoPath
from migrate.model.tree import Entry, Mode, Tree, blob_id

NO_COMMIT = "0" * 40

Content = str | bytes | Path | tuple[str, Mode]
"""Text or bytes of a plain file, the target of a symbolic link as a Path, or text with a mode."""


def tree_of(files: Mapping[str, Content], absent: Mapping[str, str] = MappingProxyType({})) -> Tree:
    """A tree of these files. `absent` maps paths to blob ids that nobody has."""
    entries, fresh = {}, {}
    for path, content in files.items():
        mode, data = _parts(content)
        oid = blob_id(data)
        entries[RepoPath(path)], fresh[oid] = Entry(mode, oid), data
    for path, oid in absent.items():
        entries[RepoPath(path)] = Entry(Mode.FILE, oid)
    return Tree(NO_COMMIT, MappingProxyType(dict(sorted(entries.items()))), _nothing, MappingProxyType(fresh))


def _parts(content: Content) -> tuple[Mode, bytes]:
    if isinstance(content, tuple):
        return content[1], content[0].encode()
    if isinstance(content, Path):
        return Mode.LINK, str(content).encode()
    return Mode.FILE, content.encode() if isinstance(content, str) else content


def _nothing(oid: str) -> bytes:
    raise KeyError(oid)
