"""Every text that still names a legacy path, found without any finder: a plain look at bytes that others can be held against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from migrate.errors import PathLeavesRepository
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Mode, Tree
from migrate.references.moves import Moves

BINARY = 8_000
_BEHIND = re.compile(rb"[A-Za-z0-9_.+@/\x80-\xff-]*")
_BETWEEN = bytes.maketrans(b"\t\r\n\v\f\"'`=,;()|&[]!", b" " * 18)
"""What stands between words, as blanks"""
_NO_PART = re.compile(rb"[A-Za-z0-9_.-]\Z")
_FOREIGN = re.compile(r".*(?:[})>]/|\$\w+/|%[sd]/|:|[^\x00-\x7f](?!/))")
"""What is no part of the path that is named: an unknown folder before it, a key, a letter that no path begins with"""
_LONGEST = 400
"""So many bytes on each side of a hit are looked at for the rest of its word."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A word that names a legacy path: its file and line, the word, and the path."""

    path: RepoPath
    line: int
    text: str
    target: str


def stale(tree: Tree, moves: Moves, among: Iterable[RepoPath] | None = None) -> Iterator[Stale]:
    """The words of all text files that name a legacy path of two parts or more, or a first folder with a slash behind it.

    The legacy pieces themselves are left out, and files that are absent. Not found is what is put together from texts that
    name less than that, and a name without a slash. Links to other hosts and paths below `~` are none. `among` are the files to
    look at, if it is known which are worth it.
    """
    looker = _Looker(tree, moves)
    if not looker.firsts:
        return
    names = [f"{first}/".encode() for first in sorted(looker.firsts)]
    hit = re.compile(b"|".join(map(re.escape, names)))
    for path in tree if among is None else among:
        if tree.entries[path].mode not in (Mode.FILE, Mode.EXECUTABLE) or moves.concerns(path):
            continue
        try:
            data = tree.read(path)
        except KeyError:
            continue  # its blob is not in this clone
        if any(name in data for name in names) and b"\0" not in data[:BINARY]:
            yield from looker.look(path, data, hit)


def _start_of_word(data: bytes, at: int) -> int:
    """Where the word begins in which a hit stands."""
    window = data[max(0, at - _LONGEST) : at]
    return at - len(window) + window.translate(_BETWEEN).rfind(b" ") + 1


@dataclass(frozen=True)
class _Looker:
    tree: Tree
    moves: Moves

    @cached_property
    def firsts(self) -> frozenset[str]:
        """The first folders of what moves."""
        return frozenset(first for first in self.moves.roots if first not in self.moves.files and first not in self.moves.merged)

    @cached_property
    def there(self) -> frozenset[str]:
        """All files of the tree that are no legacy pieces, all new places, and the folders above them."""
        found: set[str] = set()
        for path in (*self.tree, *self.moves.files.values()):
            head = str(path) if not self.moves.concerns(path) else ""
            while head and head not in found:
                found.add(head)
                head = head.rpartition("/")[0]
        return frozenset(found)

    def look(self, path: RepoPath, data: bytes, hit: re.Pattern[bytes]) -> Iterator[Stale]:
        """All of one file."""
        at, line, seen = 0, 1, 0
        while found := hit.search(data, at):
            at = found.end()
            start = _start_of_word(data, found.start())
            if _NO_PART.search(data, start, found.start()):
                continue  # the end of a longer name; another hit may follow in the same word
            at = _BEHIND.match(data, at).end()  # type: ignore[union-attr]  # it matches nothing at least
            name = data[found.start() : min(at, found.start() + _LONGEST)].decode("utf-8", "replace").rstrip(".")
            target = self._legacy(path.folder, data[start : found.start()].decode("utf-8", "replace"), name)
            if target:
                line, seen = line + data.count(b"\n", seen, start), start
                yield Stale(path, line, data[start:at].decode("utf-8", "replace"), target)

    def _legacy(self, folder: str, before: str, name: str) -> str:
        """The legacy path that a word names, empty if none: what stands before it in the word decides."""
        if "://" in before or "~/" in before:
            return ""
        lead = _FOREIGN.sub("", before)
        if self._is_new(lead):
            return ""
        if not lead.strip("./"):
            return self._from(folder, lead, name)
        if _resolved(folder, lead + name) in self.there or _resolved("", lead + name) in self.there:
            return ""
        whole = self._longest(name)
        return whole if "/" in whole else ""

    def _from(self, folder: str, lead: str, name: str) -> str:
        """For one that begins with dots, a slash or nothing: from the file's own folder or the top."""
        here = _resolved(folder, lead + name)
        if here in self.there and not self.moves.concerns(here):
            return ""
        return (self._longest(here) if "/" in here or not folder else "") or self._longest(name)

    def _is_new(self, lead: str) -> bool:
        """Whether a word goes on behind the folder that is new: it names a new place."""
        top = self.moves.new_state.folder.partition("/")[0]
        return bool(top) and top not in self.firsts and top in lead.split("/")

    def _longest(self, path: str) -> str:
        """The longest head of a path that is legacy; empty for one that names a piece which stays."""
        path = path.rstrip("/")
        while path and not self.moves.concerns(path):
            path = "" if path in self.there else path.rpartition("/")[0]
        return path


def _resolved(folder: str, text: str) -> str:
    """Where a text leads; empty for out of the repository. One that begins with a slash is read from the top."""
    try:
        return resolve("" if text.startswith("/") else folder, text.lstrip("/"))
    except PathLeavesRepository:
        return ""
