"""A path with unknown parts as one text: each unknown part is a single character that no path holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from migrate.errors import PathLeavesRepository
from migrate.model.paths import resolve
from migrate.model.references import TOP, Piece

FIRST = 0xE000
"""The private characters from here stand for unknown parts."""
_GLOB = re.compile(r"\*\*/?|\*|\?|\[[^\]/]+\]")
_MARK = re.compile("[\ue000-\uf000]")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece as it counts in a pattern: its text there, and its offset in the file if it is a literal."""

    text: str
    offset: int | None


@dataclass(frozen=True, slots=True)
class Written:
    """A mention's parts in order, with a mark for each unknown part. `names` says what a mark stands for, as it is written."""

    parts: tuple[Part, ...]
    names: tuple[str, ...]
    wide: frozenset[str]
    """the marks that may stand for any number of folders (`**`)"""

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(part.text for part in self.parts)


def written(pieces: Sequence[Piece], *, glob: bool) -> Written:
    """The parts; globs in literals become unknown parts of their own."""
    parts: list[Part] = []
    names: list[str] = []
    wide: set[str] = set()

    def mark(name: str, *, spread: bool = False, fresh: bool = False) -> str:
        if fresh or name not in names:
            names.append(name)
            character = chr(FIRST + len(names) - 1)
        else:
            character = chr(FIRST + names.index(name))
        if spread:
            wide.add(character)
        return character

    for piece in pieces:
        if piece.hole:
            parts.append(Part(mark(piece.text), None))
        elif not glob or piece.offset is None:
            parts.append(Part(piece.text, piece.offset))
        else:
            at = 0
            for found in _GLOB.finditer(piece.text):
                parts.append(_literal(piece, at, found.start()))
                parts.append(Part(mark(found[0], spread=found[0].startswith("**"), fresh=True), None))
                at = found.end()
            parts.append(_literal(piece, at, len(piece.text)))
    return Written(tuple(part for part in parts if part.text), tuple(names), frozenset(wide))


def _literal(piece: Piece, start: int, end: int) -> Part:
    assert piece.offset is not None  # noqa: S101  # only literals come here
    return Part(piece.text[start:end], piece.offset + len(piece.text[:start].encode()))


def place(text: str, folder: str) -> str | None:
    """Where a written path leads from a folder; None if out of the repository, or if it begins with an unknown part."""
    if text.startswith(TOP):
        folder, text = "", text[1:].lstrip("/")
    if text.startswith(("/", "~")) or "://" in text or _MARK.match(text.removeprefix("./")):
        return None
    try:
        return resolve(folder, text)
    except PathLeavesRepository:
        return None


def marks(text: str) -> list[str]:
    """The marks in a text, in order."""
    return _MARK.findall(text)


def is_mark(character: str) -> bool:
    """Whether a character stands for an unknown part."""
    return bool(_MARK.match(character))


def expression(pattern: str, wide: frozenset[str]) -> re.Pattern[str]:
    """What matches paths of a pattern, with a group for each mark where it first stands."""
    seen: dict[str, int] = {}
    out = ""
    for character in pattern:
        if not is_mark(character):
            out += re.escape(character)
        elif character in seen:
            out += f"(?P=m{seen[character]})"
        else:
            seen[character] = ord(character) - FIRST
            out += f"(?P<m{seen[character]}>{'.*' if character in wide else '[^/]*'})"
    return re.compile(out, re.DOTALL)


def shown(pattern: str, names: Sequence[str]) -> str:
    """The pattern for a person."""
    return _MARK.sub(lambda found: _named(names[ord(found[0]) - FIRST]), pattern)


def _named(name: str) -> str:
    return name if set(name) & set("*?[]") else f"{{{name}}}"
