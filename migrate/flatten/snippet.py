"""A piece of a state file with changes made in it, ready to stand at another indentation. Text is moved, never printed anew."""

from __future__ import annotations

import json
import re

from migrate.formats.gotemplate import mask
from migrate.formats.yaml_source import Node

_PLAIN = re.compile(r"[\w./][\w./@* -]*(?<! )")
_AMBIGUOUS = re.compile(r"\d.*|\.\d.*|\.(?i:inf|nan)|[yYnN]|(?i:yes|no|on|off|true|false|null)")
"""what YAML 1.1 or 1.2 may take for no text: a number, a date, a boolean, nothing"""


class Snippet:
    """A part's text with replacements in it. Offsets are characters of the part."""

    def __init__(self, text: str) -> None:
        self.text = text if text.endswith("\n") else text + "\n"
        self._changes: list[tuple[int, int, str]] = []

    def replace(self, node: Node, new: str) -> None:
        """Put `new` in the place of a node's source; once, however many aliases lead to it.

        Of a block scalar, the comment behind its `|` or `>` and the end of its last line stay.
        """
        source = self.text[node.start : node.end]
        if node.style in ("|", ">"):
            _, sign, comment = source.partition("\n")[0].partition(" #")
            new += sign + comment + source[len(source.rstrip("\n")) :]
        if (node.start, node.end, new) not in self._changes:
            self._changes.append((node.start, node.end, new))

    def add_line(self, after: int, line: str) -> None:
        """Put a new line behind the line in which the character at offset `after` lies; several keep their order."""
        end = self.text.index("\n", after)
        self._changes.append((end, end, "\n" + line))

    def insert(self, offset: int, new: str) -> None:
        """Put `new` before the character at an offset."""
        self._changes.append((offset, offset, new))

    def cut(self, first: int, last: int) -> list[str]:
        """The lines `[first, last)` of the part (from 0) with all changes made."""
        start, end = _offset(self.text, first), _offset(self.text, last)
        inside = sorted(
            (begin, number, finish, new) for number, (begin, finish, new) in enumerate(self._changes) if start <= begin < end
        )
        piece = self.text[start:end]
        for begin, _, finish, new in reversed(inside):
            piece = piece[: begin - start] + new + piece[finish - start :]
        return piece.removesuffix("\n").split("\n") if piece else []


def _offset(text: str, line: int) -> int:
    offset = 0
    for _ in range(line):
        found = text.find("\n", offset)
        if found < 0:
            return len(text)
        offset = found + 1
    return offset


def shifted(lines: list[str], by: int) -> list[str]:
    """The lines moved right by `by` columns, or left as far as their blanks go; blank ones too: they may be in a block scalar."""
    if by >= 0:
        return [" " * by + line if line else "" for line in lines]
    return [line[min(-by, len(line) - len(line.lstrip(" "))) :] for line in lines]


def scalar(text: str) -> str:
    """A scalar that YAML reads back as this text: plain where that is safe, else in double quotes."""
    if _PLAIN.fullmatch(text) and not _AMBIGUOUS.fullmatch(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted)


def templated(text: str) -> str:
    """The same for a text with template actions, which stay as they are: plain where that is safe, else in single quotes."""
    if scalar(mask(text)) == mask(text) and not text.startswith("{"):
        return text
    return "'" + text.replace("'", "''") + "'"
