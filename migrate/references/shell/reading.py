"""One reading of a script: where it stands, and what was found so far."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from migrate.formats.shell import Node
from migrate.model.paths import RepoPath
from migrate.model.references import CommandLine, Mention, Piece
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.shell.state import State
from migrate.references.shell.value import Value, Values, under
from migrate.references.snippet import Snippet

if TYPE_CHECKING:
    from migrate.references.shell.argument import Argument

STEPS = 2_000
"""After so many statements, and one more for each byte, a script is read no further: there are too many ways through it."""


@dataclass(slots=True)
class Reading:
    """What stays the same while a script is read, and what it gathers.

    `script` is the file that `$0` names, `own` the one that stands in `BASH_SOURCE`; None for a script without a file of its own.
    """

    tree: Tree
    snippet: Snippet
    place: Place
    script: RepoPath | None
    own: RepoPath | None
    run: Callable[[Reading, Node, State], None]
    """reads a statement"""
    inner: Callable[[Reading, int, int, State, str], None]
    """reads a part of the snippet as a script"""
    dispatch: Callable[[list[Argument], State, Reading], None]
    """does what a command does"""
    found: dict[Found, None] = field(default_factory=dict)
    functions: dict[str, Node] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    calls: dict[object, State] = field(default_factory=dict)
    contexts: dict[str, int] = field(default_factory=dict)
    active: list[str] = field(default_factory=list)
    """the functions that are being read, one inside the other"""
    returned: list[list[State]] = field(default_factory=list)
    local: list[set[str]] = field(default_factory=list)
    handed: set[int] = field(default_factory=set)
    """offsets of literals that a function is given"""
    ran: set[int] = field(default_factory=set)
    """offsets of the texts by which a function was given a command that it runs (`"$@"`)"""
    assigned: dict[Value, tuple[Values, int]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    """offsets of the literals that some mention holds"""
    doubt: str = ""
    """of everything that is read at this moment"""
    prose: bool = False
    apart: bool = False
    """what is read may be no path at all, and holds nothing else back"""
    captured: bool = False
    """what is printed goes to another command, and not to people"""
    again: bool = False
    """in the second round of a loop"""
    told: set[object] = field(default_factory=set)
    """the texts that are read already"""
    lines: list[int] = field(default_factory=list)
    """where the lines of the file end"""
    steps: int = 0
    depth: int = 0
    """of files that source each other"""

    @contextmanager
    def capturing(self) -> Iterator[None]:
        """While the output of what is read goes to another command."""
        before, self.captured = self.captured, True
        yield
        self.captured = before

    @property
    def exhausted(self) -> bool:
        """Whether the script is read no further."""
        return self.steps > STEPS + len(self.snippet.text)

    def text(self, node: Node) -> bytes:
        """The source of a node."""
        return self.snippet.text[node.start_byte : node.end_byte]

    def literal(self, start: int, end: int) -> Value:
        """The bytes of the snippet as they stand there."""
        while end > start and self.snippet.text[end - 1 : end] == b"\r":
            end -= 1
        cuts = [start, *(at for at, _ in self.snippet.segments if start < at < end), end]
        try:
            parts = [self.snippet.text[low:high].decode() for low, high in pairwise(cuts)]
        except UnicodeDecodeError:
            return Value((Piece(self.snippet.text[start:end].decode("utf-8", "replace"), hole=True),))
        return Value(tuple(Piece(part, self.snippet.offset(low)) for part, low in zip(parts, cuts, strict=False) if part))

    def line(self, node: Node) -> int:
        """The line of the file where a node begins."""
        return self.line_at(self.snippet.offset(node.start_byte))

    def line_at(self, offset: int) -> int:
        """The line of the file at an offset."""
        if not self.lines:
            self.lines += [found.start() for found in re.finditer(b"\n", self.snippet.source)] or [len(self.snippet.source)]
        return bisect_left(self.lines, offset) + 1

    def path(self, value: Value, cwd: Values, line: int, *, bare: bool = False, doubt: str = "") -> None:
        """Note a word that may be a path, in each folder that it may be read from. `bare` is enough without a slash."""
        if not value.literals or (not bare and "/" not in value.text) or "://" in value.text:
            return
        for folder in (value,) if value.anchored else cwd:
            if not folder.outside:
                self._mention(value, folder, line, doubt)

    def _mention(self, value: Value, folder: Value, line: int, doubt: str) -> None:
        whole, unknown = self._placed(value, folder, line)
        if whole.base == () or not whole.literals:
            return
        folders = self.place.folders if unknown or whole.text.startswith("\0") else whole.base or ("",)
        glob = any(character in piece.text for piece in whole.literals for character in "*?[")
        doubt = doubt or self.doubt or whole.doubt or unknown
        line = self._line_of(whole)
        self.seen.update(piece.offset for piece in whole.literals if piece.offset is not None)
        self.add(Mention(self.snippet.file, line, whole.pieces, folders, "shell", glob, self._read, doubt, self._group(line)))

    def _line_of(self, value: Value) -> int:
        """The line of the text that says most: the first with a slash in it."""
        named = sorted(value.literals, key=lambda piece: not (piece.text.strip("./") and "/" in piece.text))
        own = [piece.offset for piece in named if piece.offset is not None]
        return self.line_at(own[0])

    def _placed(self, value: Value, folder: Value, line: int) -> tuple[Value, str]:
        """The value as read from a folder, and why nobody knows that folder."""
        if value.anchored or value.text.startswith("\0"):
            return value, ""
        if folder.lost:
            return value, folder.lost
        if value.text.startswith("..") and not folder.settled():
            if "\0" in folder.text:
                return value, "the folder in which it is read has an unknown part"
            self.leaves(folder, line)
        return under(folder, value), ""

    def leaves(self, folder: Value, line: int) -> None:
        """A path leads out of a folder: if the folder itself moves, that path would have to be cut elsewhere."""
        self.note(folder, f"line {line} names a path outside of this folder from inside it", line)

    def note(self, folder: Value, doubt: str, line: int) -> None:
        """A folder that can't be respelt, if it has to be, for what is done in it."""
        if folder.literals:
            self.add(
                Mention(
                    self.snippet.file,
                    line,
                    folder.pieces,
                    folder.base or ("",),
                    "shell",
                    False,
                    self._read,
                    doubt,
                    self._group(line),
                )
            )

    @property
    def _read(self) -> bool:
        return self.prose or self.place.prose

    def _group(self, line: int) -> str:
        return f"{self.place.group} line {line}".strip() if self.prose or self.apart else self.place.group

    def add(self, found: Found) -> None:
        """Keep something, once."""
        self.found[found] = None

    def command_line(self, found: CommandLine) -> None:
        """Keep a call of helmfile, with what holds for everything here."""
        self.add(replace(found, prose=self._read, doubt=found.doubt or self.doubt, group=self._group(found.line)))
