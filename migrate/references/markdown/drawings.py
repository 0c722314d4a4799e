"""Drawings of folders: each line is a path below the lines that it hangs from.

A drawing's branches stand for themselves: where `environments/` can be respelt and `applications/` is taken apart, the first is
mended and the second told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from migrate.model.references import Mention, Piece
from migrate.model.tree import Tree
from migrate.references.prose import Reading
from migrate.references.prose.tokens import PLACEHOLDER, pieces_of
from migrate.references.snippet import Snippet

_LEAD = r"(?P<lead>[\s\u00a0│├└─╰┃┣┗━|+`\\-]*)"
_NAME = rf"(?P<name>(?:{PLACEHOLDER}|[\w.@*])(?:{PLACEHOLDER}|[\w.~@+*/%-])*)"
_ENTRY = re.compile(rf"{_LEAD}{_NAME}(?P<rest>(?:\s.*)?)$")
_BRANCH = re.compile(r"[├└╰┣┗][─━]|(?m:^[ |]*[|+`\\]--? )")
_BOX = re.compile(r"[┌┐┘┤┴┼╔╗╝]|[│┃][ \t]*$", re.MULTILINE)
_PLAIN = re.compile(rf"[ \t]*{_NAME}(?:[ \t]+(?:#|//|←|<-|--|—|–|\().*)?$")
HALF = 2
"""One in so many entries below the first line must be at the top of the repository for that line to be its name."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line: the column of its name, the name, the byte in the snippet where it begins."""

    column: int
    name: str
    at: int


def is_drawing(text: str) -> bool:
    """Whether a text draws folders, with lines or by indentation alone."""
    if _BRANCH.search(text):
        return not _BOX.search(re.sub(r"(?m)^[ \t]*[│┃|][ \t]*$", "", text))
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < HALF or not all(_PLAIN.match(line) for line in lines):
        return False
    pairs = pairwise(lines)
    return any(_PLAIN.match(above)["name"].endswith("/") and _indent(below) > _indent(above) for above, below in pairs)  # type: ignore[index]  # all match


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def drawing_found(tree: Tree, snippet: Snippet, reading: Reading) -> Iterator[Mention]:
    """A mention for each line."""
    entries = list(_entries(snippet))
    above: list[tuple[_Entry, tuple[Piece, ...], str]] = []
    for index, entry in enumerate(entries):
        while above and above[-1][0].column >= entry.column:
            above.pop()
        offset = snippet.offset(entry.at)
        if not above and _is_top(entry, entries[index + 1 :], reading, tree):
            above.append((entry, (), ""))
            continue
        before, group = (above[-1][1], above[-1][2]) if above else ((), "")
        slash = () if not before or (not before[-1].hole and before[-1].text.endswith("/")) else (Piece("/"),)
        pieces = (*before, *slash, *pieces_of(entry.name, offset))
        group = group or f"drawing {offset}"
        above.append((entry, pieces, group))
        line = snippet.line(entry.at)
        yield Mention(snippet.file, line, pieces, reading.folders, reading.kind, "*" in entry.name, True, reading.doubt, group)


def _entries(snippet: Snippet) -> Iterator[_Entry]:
    at = 0
    for line in snippet.text.splitlines(keepends=True):
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        found = _ENTRY.match(text)
        if found and not found["lead"].lstrip().startswith("#"):
            yield _Entry(len(found["lead"]), found["name"], at + len(found["lead"].encode()))
        at += len(line)


def _is_top(root: _Entry, below: list[_Entry], reading: Reading, tree: Tree) -> bool:
    """Whether the first line stands for the repository: a dot, its name, or a name above folders that are at its top."""
    name = root.name.rstrip("/")
    if name in (".", "") or name in reading.own.names:
        return True
    top = reading.own.top or frozenset(path.partition("/")[0] for path in tree)
    inside: list[_Entry] = []
    for entry in below:
        if entry.column <= root.column:
            break
        inside.append(entry)
    children = {entry.name.partition("/")[0] for entry in inside if entry.column == min(one.column for one in inside)}
    return "/" not in name and name not in top and len(children & top) >= HALF and HALF * len(children & top) >= len(children)
