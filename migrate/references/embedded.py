"""Shell inside a file of another syntax: its variables are given first, and the expressions of the file around it are unknown.

The text handed to the shell finder differs from the file's: assignments stand before it, and an expression (`${{ matrix.env }}`)
has become a variable of the same length. What was found is put back in terms of the file afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from migrate.model.paths import RepoPath
from migrate.model.references import TOP, CommandLine, Mention, Piece, Word
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.shell import find_shell
from migrate.references.snippet import Snippet
from migrate.references.tokens import mention, stands, tokens

EXPRESSION = re.compile(rb"\$\{\{[^{}\n]*\}\}")
"""`${{ matrix.env }}`"""
_INSIDE = re.compile(r"\$\{(Zq\w*)\}")
_HARD = re.compile(rb'["`\\\n]|\$(?!\{?[A-Za-z_])')
"""What a value can't be put between double quotes with"""
_USED = re.compile(rb"\$\{?([A-Za-z_]\w*)")
STATE = "HELMFILE_FILE_PATH"
"""The variable by which helmfile is given a state file"""
T = TypeVar("T", Mention, CommandLine)
Value = Snippet | str
"""What a variable holds: text of the file, or a known text"""


@dataclass
class Script:
    """A script that is put together, then read by the shell rules.

    `variables` are set before it starts; `known` says what an expression means, by its text without braces and blanks.
    """

    file: RepoPath
    source: bytes
    variables: Mapping[str, Value] = field(default_factory=dict)
    known: Mapping[str, Value] = field(default_factory=dict)
    kind: str = "shell"
    doubt: str = ""
    home: str = ""
    """the folder that the repository's top is, as seen from where the script starts (`actions/checkout` with `path`)"""
    names: Mapping[str, str] = field(default_factory=dict)
    """how variables that stand for an unknown value are shown"""
    _text: bytearray = field(default_factory=bytearray)
    _segments: list[tuple[int, int]] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def add(self, *parts: Snippet, end: bytes = b"\n") -> Script:
        """Append texts of the file, each with a line end behind it."""
        for part in parts:
            self._append(part, self._masked(part.text))
            self._constant(end)
        return self

    def found(self, tree: Tree, place: Place) -> Iterator[Found]:
        """What the script names, in terms of the file."""
        body, segments = bytes(self._text), list(self._segments)
        self._text, self._segments = bytearray(), []
        used = dict(self._names)
        needed = self._needed(body)
        for name, value in self.variables.items():
            if name in needed:
                self._assign(name, value)
        for name, expression in used.items():
            if expression in self.known:
                self._assign(name, self.known[expression])
        start = len(self._text)
        whole = bytes(self._text) + body
        moved = [*self._segments, *((at + start, offset) for at, offset in segments)]
        snippet = Snippet(self.file, self.source, whole, tuple(moved) or ((0, 0),))
        for item in find_shell(tree, snippet, place):
            yield self._restored(item, snippet)
        for token in tokens(body):
            found = mention(snippet, start + token.start, start + token.end, place, self.kind)
            if not all(stands(snippet, piece) for piece in found.pieces):
                yield from_home(found, self.home)  # the shell finder passes over what does not stand in the file

    def _needed(self, body: bytes) -> set[str]:
        """The variables that the script uses, and those that their values use."""
        needed = {STATE} & self.variables.keys() if b"helmfile" in body.lower() else set()
        todo = [body]
        while todo:
            used = {found[1].decode() for found in _USED.finditer(todo.pop())} & self.variables.keys() - needed
            needed |= used
            todo += [value.text for name in used if isinstance(value := self.variables[name], Snippet)]
        return needed

    def _append(self, part: Snippet, text: bytes) -> None:
        self._segments += [(len(self._text) + at, offset) for at, offset in part.segments]
        self._text += text

    def _constant(self, text: bytes) -> None:
        """Text that stands nowhere in the file; its place is that of what stands before it."""
        last = self._segments[-1] if self._segments else (0, 0)
        here = last[1] + len(self._text) - last[0]
        self._segments.append((len(self._text), min(here, len(self.source))))
        self._text += text

    def _assign(self, name: str, value: Value) -> None:
        if isinstance(value, str):
            self._constant(f'{name}="{value}"\n'.encode())
            return
        text = self._masked(value.text)
        if _HARD.search(text):
            return
        self._constant(f'{name}="'.encode())
        self._append(value, text)
        self._constant(b'"\n')

    def _masked(self, text: bytes) -> bytes:
        """The text with each expression as a variable of the same length."""
        return EXPRESSION.sub(lambda found: self._placeholder(found[0]), text)

    def _placeholder(self, expression: bytes) -> bytes:
        inner, room = expression[3:-2].strip().decode("utf-8", "replace"), len(expression) - 3
        number = list(dict.fromkeys([*self._names.values(), inner])).index(inner)
        name = f"Zq{number}".ljust(room, "_")
        if len(name) > room:
            return b"$" * len(expression)  # shorter than any name: no path either
        self._names[name] = inner
        return b"${" + name.encode() + b"}"

    def _restored(self, item: Found, snippet: Snippet) -> Found:
        item = replace(item, kind=self.kind, doubt=item.doubt or self.doubt)
        if isinstance(item, CommandLine):
            words = tuple(replace(word, text=None if _made(word) else word.text) for word in item.words)
            return from_home(replace(item, words=words), self.home)
        pieces = tuple(part for piece in item.pieces for part in self._parts(piece))
        whole = all(stands(snippet, piece) for piece in pieces)
        doubt = item.doubt or ("" if whole else "it is written with escapes or over several lines")
        return from_home(replace(item, pieces=pieces, doubt=doubt), self.home)

    def _named(self, hole: str) -> str:
        bare = hole.strip("${}")
        return self._names.get(bare) or self.names.get(bare) or hole

    def _parts(self, piece: Piece) -> Iterator[Piece]:
        """A literal without placeholders in it."""
        if piece.hole:
            yield replace(piece, text=self._named(piece.text))
            return
        if piece.offset is None or piece.text.startswith(TOP):
            yield replace(piece, offset=None)  # the value of a known variable stands nowhere in the file
            return
        at = 0
        for found in _INSIDE.finditer(piece.text):
            yield from _literal(piece, at, found.start())
            yield Piece(self._names.get(found[1], found[1]), hole=True)
            at = found.end()
        yield from _literal(piece, at, len(piece.text))


def from_home(item: T, home: str) -> T:
    """A mention or a call that was found from the workspace, as one of the repository, which lies in the folder `home` there."""
    if not home:
        return item
    inside = tuple(folder[len(home) + 1 :] for folder in item.folders if f"{folder}/".startswith(f"{home}/"))
    if not isinstance(item, Mention) or not item.pieces:
        return replace(item, folders=inside)
    first: Piece = item.pieces[0]
    if first.text.startswith(TOP):
        return item
    if "" in item.folders and first.offset is not None and f"{first.text}/".startswith(f"{home}/"):
        pieces = (Piece(TOP), *_literal(first, len(home), len(first.text)), *item.pieces[1:])
        return replace(item, pieces=pieces, folders=("",))
    return replace(item, folders=inside)


def _literal(piece: Piece, start: int, end: int) -> Iterator[Piece]:
    if end > start:
        yield Piece(piece.text[start:end], (piece.offset or 0) + len(piece.text[:start].encode()))


def _made(word: Word) -> bool:
    return word.text is not None and (TOP in word.text or bool(_INSIDE.search(word.text)))
