"""Where an entry of a block mapping or an item of a block list stands in its text, and how it looks at another indentation."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from migrate.formats.yaml_source import Node
from migrate.merge.data import Undecided

BLOCK_STYLES = ("|", ">")


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value, or (without a key) an item of a list. `column` is that of the key, or of the item's dash."""

    key: Node | None
    value: Node
    column: int

    @property
    def first(self) -> Node:
        """The node it begins with."""
        return self.key or self.value


def entries(node: Node) -> tuple[Entry, ...]:
    """What a mapping or a list holds."""
    if node.kind == "mapping":
        return tuple(Entry(key, value, node.column) for key, value in node.pairs)
    return tuple(Entry(None, item, node.column) for item in node.items)


@dataclass(frozen=True)
class Source:
    """A YAML text by lines, counted from 0."""

    text: str

    @cached_property
    def lines(self) -> list[str]:
        """Each with its line break."""
        return [line + "\n" for line in self.text.split("\n")[:-1]] + [self.text.rpartition("\n")[2]]

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line, and of the end."""
        return [0, *accumulate(len(line) for line in self.lines)]

    def line(self, offset: int) -> int:
        """The line of an offset."""
        return min(bisect_right(self.starts, offset) - 1, len(self.lines) - 1)

    def span(self, entry: Entry) -> tuple[int, int]:
        """Its first line and the one behind its last. `Undecided` if it does not have them for itself."""
        first = self.line(entry.first.start)
        before = self.text[self.starts[first] : entry.first.start].strip("\ufeff ")
        if before != ("" if entry.key else "-"):
            raise Undecided
        last = _last(entry.value)
        stop = self.line(max(last.end - 1, last.start)) + 1
        if last.style in BLOCK_STYLES:
            stop = self.line(last.start) + 1
            while stop < len(self.lines) and (self.blank(stop) or self.indent(stop) > entry.column):
                stop += 1
            while self.blank(stop - 1):
                stop -= 1
        return first, stop

    def above(self, entry: Entry) -> int:
        """The first line of the comment right above an entry, in its column; its own first line without one."""
        first, _ = self.span(entry)
        while first and self.indent(first - 1) == entry.column and self.lines[first - 1].lstrip(" ").startswith("#"):
            first -= 1
        return first

    def carried(self, entry: Entry, column: int, line_break: str) -> str:
        """An entry's lines with the comment and the blank line above it, as they look at another indentation."""
        first, (_, stop) = self.above(entry), self.span(entry)
        blank = line_break if first and self.blank(first - 1) else ""
        return blank + "".join(_shifted(line, column - entry.column) + line_break for line in self.lines[first:stop])

    def blank(self, line: int) -> bool:
        """Whether nothing stands in a line, or there is none."""
        return line >= len(self.lines) or not self.lines[line].strip()

    def indent(self, line: int) -> int:
        """The blanks it begins with."""
        return len(self.lines[line]) - len(self.lines[line].lstrip(" "))


def _last(node: Node) -> Node:
    """The node that a node ends with."""
    while not node.flow and (node.pairs or node.items):
        node = max(node.pairs[-1], key=lambda each: each.end) if node.pairs else node.items[-1]
    return node


def _shifted(line: str, by: int) -> str:
    bare = line.rstrip("\r\n")
    if not bare.strip() or by >= 0:
        return " " * by * bool(bare.strip()) + bare
    if bare[:-by].strip(" "):
        raise Undecided
    return bare[-by:]
