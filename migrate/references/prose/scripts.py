"""Shell with parts that are filled in: code of a document with placeholders, an f-string that a shell runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from migrate.model.references import CommandLine, Piece, Word
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.pattern import place as placed
from migrate.references.snippet import Snippet

FindShell = Callable[[Tree, Snippet, Place], Iterator[Found]]
_MASK = b"\x05"
"""A shell's grammar takes it for a part of a word, and no word has it."""
_MASKED = re.compile("\x05+")
SOMEWHERE = "the folder that it is run in is not known"


@dataclass(frozen=True, slots=True)
class Blank:
    """A part to be filled in: its bytes in the snippet, its name, and the pieces that stand there if they are known."""

    start: int
    end: int
    name: str
    worth: tuple[Piece, ...] | None = None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What stands there."""
        return (Piece(self.name, hole=True),) if self.worth is None else self.worth


@dataclass(frozen=True, slots=True)
class _Spot:
    """A blank by its bytes in the file."""

    start: int
    end: int
    blank: Blank


def shell_with_blanks(find: FindShell, tree: Tree, snippet: Snippet, place: Place, blanks: Sequence[Blank]) -> Iterator[Found]:
    """What the shell finder finds, with what stands in the blanks: holes, or the pieces that they are worth."""
    text = bytearray(snippet.text)
    for blank in blanks:
        text[blank.start : blank.end] = _MASK * (blank.end - blank.start)
    spots = [_Spot(snippet.offset(blank.start), snippet.offset(blank.end - 1) + 1, blank) for blank in blanks]
    for found in find(tree, Snippet(snippet.file, snippet.source, bytes(text), snippet.segments), place):
        filled = tuple(_folder(folder, blanks) for folder in found.folders)
        known = tuple(folder for folder in filled if folder is not None)
        if len(known) < len(filled):
            found = replace(found, doubt=found.doubt or SOMEWHERE)  # noqa: PLW2901  # the same, doubted
            known = known or place.folders
        if isinstance(found, CommandLine):
            yield replace(found, folders=known, words=tuple(_word(word, spots) for word in found.words))
        else:
            yield replace(found, folders=known, pieces=tuple(new for piece in found.pieces for new in _pieces(piece, spots)))


def _folder(folder: str, blanks: Sequence[Blank]) -> str | None:
    """A folder with its blanks filled in; None if one is not known."""
    for found in _MASKED.findall(folder):
        worth = {blank.worth for blank in blanks if blank.end - blank.start == len(found)}
        known = worth.pop() if len(worth) == 1 else None
        if known is None or any(piece.hole for piece in known):
            return None
        folder = folder.replace(found, "".join(piece.text for piece in known), 1)
    return placed(folder, "")


def _word(word: Word, spots: Sequence[_Spot]) -> Word:
    return Word(None, word.start, word.end) if any(spot.start < word.end and word.start < spot.end for spot in spots) else word


def _pieces(piece: Piece, spots: Sequence[_Spot]) -> Iterator[Piece]:
    if piece.hole or piece.offset is None:
        yield replace(piece, text=_MASKED.sub("", piece.text)) if piece.hole else piece
        return
    data, at = piece.text.encode(), piece.offset
    for spot in spots:
        if spot.start < piece.offset + len(data) and at < spot.end:
            if spot.start > at:
                yield Piece(data[at - piece.offset : spot.start - piece.offset].decode(), at)
            yield from spot.blank.pieces
            at = spot.end
    if at < piece.offset + len(data):
        yield Piece(data[at - piece.offset :].decode(), at)


def with_doubt(found: Found, doubt: str, kind: str) -> Found:
    """The same of another kind of file, doubted if there is a reason."""
    return replace(found, kind=kind, doubt=found.doubt or doubt)
