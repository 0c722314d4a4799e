"""A commit's files as a read-only value."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from migrate.model.paths import RepoPath


class Mode(StrEnum):
    """git's file modes."""

    FILE = "100644"
    EXECUTABLE = "100755"
    LINK = "120000"
    SUBMODULE = "160000"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a tree: its mode and the id of its blob (of its commit, for a submodule)."""

    mode: Mode
    oid: str


BlobReader = Callable[[str], bytes]
"""Blob id -> bytes. Raises KeyError for a blob that is not in the object database (partial clones)."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Path -> entry, with the blobs read on demand.

    `commit` names where it was read from; it stays the same for trees derived from it. `fresh` holds the bytes of blobs
    that exist only here and not yet in git.
    """

    commit: str
    entries: Mapping[RepoPath, Entry]
    reader: BlobReader
    fresh: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    _sorted: dict[bool, tuple[RepoPath, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __contains__(self, path: object) -> bool:
        return path in self.entries

    def __iter__(self) -> Iterator[RepoPath]:
        return iter(self.entries)

    def read(self, path: str) -> bytes:
        """The bytes of a blob as git stores them (no filters). KeyError if the path or its blob is missing."""
        entry = self.entries.get(path)  # type: ignore[call-overload]  # a RepoPath is equal to its text
        oid = (entry or self.entries[RepoPath(path)]).oid
        fresh = self.fresh.get(oid)
        return self.reader(oid) if fresh is None else fresh

    def text(self, path: str) -> str:
        """The blob decoded as UTF-8; UnicodeDecodeError if it is none. A BOM stays in the text."""
        return self.read(path).decode("utf-8")

    def below(self, folder: str) -> tuple[RepoPath, ...]:
        """All paths in `folder` at any depth, sorted."""
        paths = self._in_order()
        return paths[bisect_left(paths, f"{folder}/") : bisect_left(paths, f"{folder}{BEHIND}")] if folder else paths

    def differing(self, other: Tree) -> tuple[RepoPath, ...]:
        """All paths, sorted, that the two trees don't have alike: another blob or mode, or on one side only."""
        either = {*self.entries, *other.entries}
        return tuple(sorted(path for path in either if self.entries.get(path) != other.entries.get(path)))

    def is_folder(self, folder: str) -> bool:
        """Whether any file lies below `folder`."""
        paths = self._in_order()
        at = bisect_left(paths, f"{folder}/") if folder else 0
        return at < len(paths) and paths[at].is_below(folder)

    def _in_order(self) -> tuple[RepoPath, ...]:
        """All paths, sorted once: what lies in a folder is one piece of them."""
        return self._sorted.get(True) or self._sorted.setdefault(True, tuple(sorted(self.entries)))

    @property
    def digits(self) -> int:
        """How long the ids of its blobs are: 40, or 64 in a repository of SHA-256."""
        return next((len(entry.oid) for entry in self.entries.values()), SHA1_DIGITS)

    def bringing(self, contents: Iterable[bytes]) -> Tree:
        """The same files, with more bytes at hand for operations that put them by their id."""
        more = {blob_id(content, self.digits): content for content in contents}
        return Tree(self.commit, self.entries, self.reader, MappingProxyType({**self.fresh, **more}))

    def changed(self, put: Mapping[RepoPath, tuple[Mode, bytes | str]], drop: frozenset[RepoPath] = frozenset()) -> Tree:
        """A tree with files put (bytes, or the id of a blob that is there already) and dropped."""
        digits = self.digits
        entries, fresh = dict(self.entries), dict(self.fresh)
        for path in drop:
            entries.pop(path, None)
        same_paths = not drop and put.keys() <= entries.keys()  # then they are in order
        for path, (mode, content) in put.items():
            oid = content if isinstance(content, str) else blob_id(content, digits)
            if isinstance(content, bytes):
                fresh[oid] = content
            entries[path] = Entry(mode, oid)
        ordered = entries if same_paths else dict(sorted(entries.items()))
        return Tree(self.commit, MappingProxyType(ordered), self.reader, MappingProxyType(fresh))


SHA1_DIGITS = 40
BEHIND = chr(ord("/") + 1)
"""What sorts behind everything that goes on with a slash"""


def blob_id(content: bytes, length: int = SHA1_DIGITS) -> str:
    """The id that git gives a blob: SHA-1, or SHA-256 in a repository whose ids have 64 digits."""
    header = b"blob %d\0" % len(content)
    algorithm = "sha1" if length == SHA1_DIGITS else "sha256"
    return hashlib.new(algorithm, header + content, usedforsecurity=False).hexdigest()
