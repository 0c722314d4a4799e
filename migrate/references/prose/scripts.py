"""Shell with parts that are filled in: code of a document with placeholders, an f-string that a shell runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from migrate.model.references import CommandLine, Piece, Word
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.snippet import Snippet

FindShell = Callable[[Tree, Snippet, Place], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Blank:
    """A part to be filled in: its bytes in the snippet, and its name."""

    start: int
    end: int
    name: str


def masked(snippet: Snippet, blanks: Sequence[Blank]) -> Snippet:
    """The snippet with plain letters for each blank, so that a shell's grammar sees a word there."""
    text = bytearray(snippet.text)
    for blank in blanks:
        text[blank.start : blank.end] = b"x" * (blank.end - blank.start)
    return Snippet(snippet.file, snippet.source, bytes(text), snippet.segments)


def shell_with_blanks(find: FindShell, tree: Tree, snippet: Snippet, place: Place, blanks: Sequence[Blank]) -> Iterator[Found]:
    """What the shell finder finds, with holes where something is filled in."""
    spans = [(snippet.offset(blank.start), snippet.offset(blank.end - 1) + 1, blank.name) for blank in blanks]
    for found in find(tree, masked(snippet, blanks), place):
        if isinstance(found, CommandLine):
            yield replace(found, words=tuple(_word(word, spans) for word in found.words))
        else:
            yield replace(found, pieces=tuple(new for piece in found.pieces for new in _pieces(piece, spans)))


def _word(word: Word, spans: Sequence[tuple[int, int, str]]) -> Word:
    return Word(None, word.start, word.end) if any(start < word.end and word.start < end for start, end, _ in spans) else word


def _pieces(piece: Piece, spans: Sequence[tuple[int, int, str]]) -> Iterator[Piece]:
    if piece.hole or piece.offset is None:
        yield piece
        return
    data, at = piece.text.encode(), piece.offset
    for start, end, name in spans:
        if start < piece.offset + len(data) and at < end:
            if start > at:
                yield Piece(data[at - piece.offset : start - piece.offset].decode(), at)
            yield Piece(name, hole=True)
            at = end
    if at < piece.offset + len(data):
        yield Piece(data[at - piece.offset :].decode(), at)


def with_doubt(found: Found, doubt: str, kind: str) -> Found:
    """The same of another kind of file, doubted if there is a reason."""
    return replace(found, kind=kind, doubt=found.doubt or doubt)
