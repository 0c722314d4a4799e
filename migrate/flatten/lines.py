"""Whose line is it? Every line of a part of a state file belongs to one top-level key, and in a list to one entry.

A comment between two things belongs to the one below, unless it is indented deeper than that one begins: then it is still
the tail of the one above. Nothing is left without an owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.formats.comments import comments
from migrate.formats.gotemplate import actions
from migrate.formats.state_source import Block, Part
from migrate.formats.yaml_source import Node


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of a part, from 0: `[start, first)` lead comments, `[first, last)` the thing, `[last, end)` its tail comments."""

    start: int
    first: int
    last: int
    end: int


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a part and what kind each is."""

    all: tuple[str, ...]
    comment: frozenset[int]
    action: frozenset[int]

    @classmethod
    def of(cls, part: Part) -> Lines:
        """The lines of a part."""
        lines = tuple(part.text.split("\n"))
        notes = frozenset(c.line - 1 for c in comments(part.text) if c.full_line)
        touched = {n for a in actions(part.text) for n in _lines_of(part.text, a.start, a.end)}
        return cls(lines, notes, frozenset(touched))

    def blank(self, number: int) -> bool:
        """Whether nothing stands in a line."""
        return not self.all[number].strip()

    def content(self, number: int) -> bool:
        """Whether a line holds something else than a comment."""
        return not self.blank(number) and number not in self.comment

    def column(self, number: int) -> int:
        """How far a line is indented."""
        return len(self.all[number]) - len(self.all[number].lstrip(" "))


def _lines_of(text: str, start: int, end: int) -> range:
    return range(text.count("\n", 0, start), text.count("\n", 0, end) + 1)


def spans(lines: Lines, starts: Sequence[int], column: int, begin: int, end: int) -> tuple[Span, ...]:
    """The spans of things that begin at the given lines, inside `[begin, end)`."""
    result: list[Span] = []
    edges = [*starts, end]
    lead = begin
    for index, first in enumerate(starts):
        following = edges[index + 1]
        last = max((n for n in range(first, following) if lines.content(n)), default=first) + 1
        tail = following if index == len(starts) - 1 else _tail(lines, last, following, column)
        result.append(Span(lead, first, last, tail))
        lead = tail
    return tuple(result)


def _tail(lines: Lines, last: int, following: int, column: int) -> int:
    tail = last
    for number in range(last, following):
        if number in lines.comment and lines.column(number) <= column:
            break
        if number in lines.comment:
            tail = number + 1
    return tail


def block_spans(lines: Lines, part: Part) -> dict[str, Span]:
    """The span of each top-level key."""
    starts = [key.line - 1 for key, _ in part.root.pairs]
    found = spans(lines, starts, 0, 0, len(lines.all))
    return {key.value: span for (key, _), span in zip(part.root.pairs, found, strict=True)}


def entry_spans(lines: Lines, block: Block, span: Span) -> tuple[Span, ...]:
    """The span of each entry of a list block; the lines between the key and the first entry lead that one."""
    items = block.value.items
    if not items:
        return ()
    starts = [_dash_line(lines, block.value.column, item) for item in items]
    column = lines.column(starts[0])
    return spans(lines, starts, column, span.first + 1, span.end)


def _dash_line(lines: Lines, column: int, item: Node) -> int:
    """The line of an item's dash, which may stand above the item; a dash of a comment in between is none."""
    for number in range(item.line - 1, -1, -1):
        text = lines.all[number]
        if number not in lines.comment and text[column : column + 1] == "-" and not text[:column].strip():
            return number
    return item.line - 1
