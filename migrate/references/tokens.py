"""Texts of no known syntax: the words in them that look like paths, with the unknown parts that people write in many ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrate.model.references import Mention, Piece
from migrate.references.finding import Place
from migrate.references.snippet import Snippet

HOLE = re.compile(
    rb"\$\{\{[^{}\n]*\}\}|\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\}|\$\([^()\n]*\)|\$[A-Za-z_]\w*|\{[^{}\s]*\}|<[^<>\s/]*>|%[sd](?!\w)"
)
"""`${{ x }}`, `{{ x }}`, `${x}`, `$(x)`, `$x`, `{x}`, `<x>`, `%s`"""
_CHARACTERS = rb"[A-Za-z0-9_.+@~/*?-]|\[[^\[\]\s/]*\]|" + HOLE.pattern
_TOKEN = re.compile(rb"(?:[A-Za-z][A-Za-z0-9+.-]*:/)?(?:" + _CHARACTERS + rb")+")
_BOLD = re.compile(rb"\*\*[^*/]")
_WIDE = re.compile(rb"(?:\.{1,2}/)*[^/]*[*?][^/]*/")
_BRACKETS = re.compile(rb"\[[^\[\]\s/]*[^\x00-\x7f][^\[\]\s/]*\]|\[[A-Z][A-Z_]+\]")
"""A name in brackets, which no glob would hold: `[ENV]`"""


@dataclass(frozen=True, slots=True)
class Token:
    """A word with a slash: where it stands in its text."""

    start: int
    end: int


def tokens(text: bytes) -> Iterator[Token]:
    """The words with a slash in them, without what only sets them off (`**bold**`, a full stop). Linear in bytes.

    A word whose first part is a pattern (`*/values.yaml`) is none: it would mean nearly everything.
    """
    at = text.find(b"/")
    while at >= 0:
        start, end = text.rfind(b"\n", 0, at) + 1, text.find(b"\n", at)
        end = len(text) if end < 0 else end
        for found in _TOKEN.finditer(text, start, end):
            token = _trimmed(text, *found.span())
            if token is not None:
                yield token
        at = text.find(b"/", end)


def _trimmed(text: bytes, start: int, end: int) -> Token | None:
    word = text[start:end]
    bold = _BOLD.match(word)
    if bold:
        start, word = start + 2, word[2:].removesuffix(b"**")
    word = word if word.endswith(b"/..") else word.rstrip(b".")
    return Token(start, start + len(word)) if b"/" in word and not _WIDE.match(word) else None


def pieces(snippet: Snippet, start: int, end: int, hole: re.Pattern[bytes] = HOLE) -> tuple[Piece, ...]:
    """A part of a snippet's text as literals and holes. A hole's name is its text."""
    found: list[Piece] = []
    at = start
    text = snippet.text
    holes = sorted((*hole.finditer(text, start, end), *_BRACKETS.finditer(text, start, end)), key=lambda hit: hit.start())
    for hit in holes:
        if hit.start() < at:
            continue
        found += _literal(snippet, at, hit.start())
        found.append(Piece(hit[0].decode("utf-8", "replace"), hole=True))
        at = hit.end()
    return (*found, *_literal(snippet, at, end))


def _literal(snippet: Snippet, start: int, end: int) -> list[Piece]:
    text = snippet.text[start:end].decode("utf-8", "replace")
    return [Piece(text, snippet.offset(start))] if text else []


def mention(  # noqa: PLR0913  # a mention has as many parts
    snippet: Snippet, start: int, end: int, place: Place, kind: str, *, glob: bool = False, doubt: str = ""
) -> Mention:
    """A part of a snippet's text as a path. What does not stand in the file as it is read has a doubt."""
    parts = pieces(snippet, start, end)
    if not doubt and not all(stands(snippet, piece) for piece in parts):
        doubt = "it is written with escapes or over several lines"
    return Mention(snippet.file, snippet.line(start), parts, place.folders, kind, glob, place.prose, doubt, place.group)


def stands(snippet: Snippet, piece: Piece) -> bool:
    """Whether a literal stands byte for byte at its offset."""
    return piece.offset is None or snippet.source.startswith(piece.text.encode(), piece.offset)


def loose(snippet: Snippet, place: Place, kind: str, doubt: str = "") -> Iterator[Mention]:
    """A mention for each word with a slash."""
    for token in tokens(snippet.text):
        yield mention(snippet, token.start, token.end, place, kind, glob=True, doubt=doubt)
