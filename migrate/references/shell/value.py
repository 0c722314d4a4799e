"""What a word of a script may be: its pieces, and the folder it is read from if that is settled already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from migrate.model.references import TOP, Piece
from migrate.references.pattern import place, written

MANY = 64
"""More values than this of one word are not told apart."""

Values = tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One value that a word can have.

    `base` are the folders from which a relative path in it is read, where that is not the folder in which it is used (as in
    the value of `$(pwd)`). `doubt` as in `Mention`. As a folder: `outside` is one out of the repository, `lost` the reason why
    nobody knows where it is.
    """

    pieces: tuple[Piece, ...] = ()
    base: tuple[str, ...] | None = None
    doubt: str = ""
    outside: bool = False
    lost: str = ""

    @property
    def text(self) -> str:
        """All pieces; a hole is one NUL."""
        return "".join("\0" if piece.hole else piece.text for piece in self.pieces)

    @property
    def literals(self) -> tuple[Piece, ...]:
        """The pieces that stand in the file."""
        return tuple(piece for piece in self.pieces if piece.offset is not None)

    @property
    def plain(self) -> str | None:
        """The value as text; None if a part is unknown."""
        return None if any(piece.hole for piece in self.pieces) else self.text

    @property
    def anchored(self) -> bool:
        """Whether it means the same from everywhere."""
        return self.base is not None or self.text.startswith((TOP, "/", "~"))

    def settled(self) -> bool:
        """Whether the folder it names is known without a text that may have to be respelt."""
        return not any(piece.hole or (piece.offset is not None and set(piece.text) - set("./")) for piece in self.pieces)

    def folders(self) -> tuple[str, ...]:
        """The folders that it leads to, from its base."""
        text = written(self.pieces, glob=False)
        if text.names:
            return ()
        found = (place(text.text, folder) for folder in (self.base or ("",)))
        return tuple(dict.fromkeys(folder for folder in found if folder is not None))


def hole(name: str) -> Value:
    """A value that nobody knows."""
    return Value((Piece(name, hole=True),))


def known(text: str, base: tuple[str, ...] | None = None) -> Value:
    """A value that stands nowhere in the file."""
    return Value((Piece(text),), base)


def joined(parts: Sequence[Values], name: str) -> Values:
    """All values of parts that follow each other; a hole if there are too many."""
    count = 1
    for part in parts:
        count *= max(1, len(part))
    if count > MANY:
        return (hole(name),)
    return distinct(_one(choice) for choice in product(*parts))


def _one(parts: Sequence[Value]) -> Value:
    pieces = tuple(piece for part in parts for piece in part.pieces)
    doubt = next((part.doubt for part in parts if part.doubt), "")
    return Value(_merged(pieces), parts[0].base if parts else None, doubt)


def _merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Literals that touch in the file as one."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last and last.offset is not None and piece.offset == last.offset + len(last.text.encode()) and not piece.hole:
            found[-1] = Piece(last.text + piece.text, last.offset)
        elif piece.text:
            found.append(piece)
    return tuple(found)


def distinct(values: Iterable[Value]) -> Values:
    """Each value once."""
    return tuple(dict.fromkeys(values))


def cut(value: Value, start: int, end: int) -> Value:
    """A part of a value, by positions in its `text`."""
    at, found = 0, list[Piece]()
    for piece in value.pieces:
        width = 1 if piece.hole else len(piece.text)
        low, high = max(start - at, 0), min(end - at, width)
        if low < high:
            found.append(piece if piece.hole else _part(piece, low, high))
        at += width
    return replace(value, pieces=tuple(found), base=value.base if start == 0 else None)


def _part(piece: Piece, low: int, high: int) -> Piece:
    offset = None if piece.offset is None else piece.offset + len(piece.text[:low].encode())
    return Piece(piece.text[low:high], offset)


def split(value: Value, separators: str = r"\s+") -> list[Value]:
    """The parts of a value between separators, as a shell splits an expansion without quotes."""
    text, at, found = value.text, 0, list[Value]()
    for gap in [*re.finditer(separators, text), None]:
        end = gap.start() if gap else len(text)
        if end > at:
            found.append(cut(value, at, end))
        at = gap.end() if gap else end
    return found


def dirname(value: Value) -> Value | None:
    """The folder above; None if an unknown part may hold it."""
    text = value.text.rstrip("/")
    at = text.rfind("/")
    if "\0" in text[at + 1 :] and text[at + 1 :] != "\0":
        return None
    if at < 0:
        return None if "\0" in text else Value((Piece("."),), value.base)
    return cut(value, 0, at)


def basename(value: Value) -> Value | None:
    """The last part; None if it is unknown."""
    text = value.text.rstrip("/")
    return None if "\0" in text else cut(value, text.rfind("/") + 1, len(text))


def under(folder: Value, value: Value) -> Value:
    """A value as it is read in a folder."""
    if value.anchored or folder.lost or folder.outside or value.text.startswith("\0"):
        return value
    if value.text.rstrip("/") in {"", "."}:
        return folder
    if value.text.startswith("..") or folder.settled():
        return replace(value, base=folder.folders())
    own = cut(value, 2, len(value.text)) if value.text.startswith("./") else value
    return Value((*folder.pieces, Piece("/"), *own.pieces), folder.base, own.doubt or folder.doubt)
