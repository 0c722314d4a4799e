"""The text of a YAML scalar as its reader gets it, with the place in the file of each of its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from migrate.errors import UnreadableSource
from migrate.formats.yaml_source import Node, documents

_FOLD = r"[ \t]*(?:\r?\n[ \t]*)+"
_SPECIAL = {
    "": re.compile(_FOLD),
    "'": re.compile(f"''|{_FOLD}"),
    '"': re.compile(r"\\(?:\r?\n[ \t]*|x..|u.{4}|U.{8}|.)|" + _FOLD),
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
Run = tuple[str, int]
"""a text, and the character of the source at which it stands"""


@dataclass(frozen=True, slots=True)
class ScalarText:
    """A scalar's text as UTF-8; `segments` pairs offsets in it with byte offsets in the file.

    `faithful` says that it is what the YAML reader made of it, apart from blanks at both ends.
    """

    text: bytes
    segments: tuple[tuple[int, int], ...]
    faithful: bool


@dataclass(frozen=True)
class YamlFile:
    """A file without Go templates. UnreadableSource if it is no UTF-8 or no YAML."""

    data: bytes
    where: str

    @cached_property
    def text(self) -> str:
        """All of it."""
        try:
            return self.data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = self.data.count(b"\n", 0, error.start) + 1
            raise UnreadableSource(f"{self.where}:{line}: not UTF-8", path=self.where, line=line) from error

    @cached_property
    def documents(self) -> tuple[Node, ...]:
        """Its documents."""
        return documents(self.text, self.where, templates=False)

    @cached_property
    def _bytes(self) -> list[int]:
        return [0, *accumulate(len(character.encode()) for character in self.text)]

    def byte(self, character: int) -> int:
        """The byte offset of a character."""
        return character if len(self.data) == len(self.text) else self._bytes[character]

    def scalar(self, node: Node) -> ScalarText:
        """The text of a scalar node."""
        text, segments = bytearray(), []
        for part, at in _runs(self.text, node):
            segments.append((len(text), self.byte(at)))
            text += part.encode("utf-8", "replace")
        read = bytes(text)
        faithful = read.strip() == node.value.encode("utf-8", "replace").strip()
        return ScalarText(read, tuple(segments) or ((0, self.byte(node.start)),), faithful)


def _runs(source: str, node: Node) -> Iterator[Run]:
    if node.style in ("|", ">"):
        return _block(source, node)
    quoted = 1 if node.style else 0
    return _flow(source, node.start + quoted, node.end - quoted, node.style)


def _flow(source: str, start: int, end: int, style: str) -> Iterator[Run]:
    """Plain and quoted scalars: lines are folded, quotes and escapes resolved."""
    at = start
    for found in _SPECIAL[style].finditer(source, start, end):
        if found.start() > at:
            yield source[at : found.start()], at
        replaced = _replaced(found[0])
        if replaced:
            yield replaced, found.start()
        at = found.end()
    if end > at:
        yield source[at:end], at


def _replaced(special: str) -> str:
    if special == "''":
        return "'"
    if special.startswith("\\"):
        name = special[1]
        if name in "xuU" and len(special) > 2:  # noqa: PLR2004  # the backslash and the letter
            return _character(special[2:])
        return "" if name in "\r\n" else _ESCAPES.get(name, name)
    breaks = special.count("\n")
    return " " if breaks == 1 else "\n" * (breaks - 1)


def _character(digits: str) -> str:
    try:
        return chr(int(digits, 16))
    except (ValueError, OverflowError):
        return "?"


def _block(source: str, node: Node) -> Iterator[Run]:
    """Block scalars: each line without its indentation. In folded ones a single line break is a blank."""
    at = source.find("\n", node.start, node.end) + 1 or node.end
    lines = list(_lines(source, at, node.end))
    indent = _indent(source, lines, node.value)
    bodies = [(source[min(start + indent, end) : end], min(start + indent, end), end) for start, end in lines]
    for index, (body, start, end) in enumerate(bodies):
        if body:
            yield body, start
        following = bodies[index + 1][0] if index + 1 < len(bodies) else ""
        yield _break(node.style, body, following), end


def _break(style: str, body: str, following: str) -> str:
    """What a line break means in a block scalar."""
    if style == "|" or not body or body[0] in " \t":
        return "\n"
    if not following:
        return ""  # the first of several is dropped
    return "\n" if following[0] in " \t" else " "


def _lines(source: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = source.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop - 1 if source[start:stop].endswith("\r") else stop
        start = stop + 1


def _indent(source: str, lines: list[tuple[int, int]], value: str) -> int:
    """The indentation of a block: what its first line has more than its value."""
    first = next((source[start:end] for start, end in lines if source[start:end].strip()), "")
    wanted = next((line for line in value.split("\n") if line.strip()), "")
    return (len(first) - len(first.lstrip(" "))) - (len(wanted) - len(wanted.lstrip(" ")))
