"""Texts inside Python that are no single path: scripts for a shell, messages, comments, docstrings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from migrate.formats.python_source import Escape, Expression, Module, Run, Slot, Text
from migrate.model.references import CommandLine, Piece
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.prose import Reading, calls_in, mentions_in
from migrate.references.prose.scripts import Blank, shell_with_blanks, with_doubt
from migrate.references.python.placeholders import fields
from migrate.references.shell import find_shell
from migrate.references.snippet import Snippet

KIND = "python"
Worth = Callable[[Expression], tuple[Piece, ...] | None]
"""The literals that something computed is worth, if it has one value and all of it is written in the file."""


@dataclass
class Inner:
    """What a text is worth, as a snippet of its own. What is computed is blank, unless its value is known.

    `brought` has, for each `helmfile` that a name brings in from elsewhere, its end in the file and the end of the place where
    the name stands.
    """

    outer: Snippet
    data: bytearray = field(default_factory=bytearray)
    segments: list[tuple[int, int]] = field(default_factory=list)
    blanks: list[Blank] = field(default_factory=list)
    brought: dict[int, int] = field(default_factory=dict)

    def add(self, part: Run | Escape | Slot, worth: Worth) -> None:
        """One more part of the text."""
        self.segments.append((len(self.data), self.outer.offset(part.start)))
        match part:
            case Run(text=run, start=start):
                for begin, end, name in fields(run):
                    first = len(self.data) + len(run[:begin].encode())
                    self.blanks.append(Blank(first, first + len(run[begin:end].encode()), name))
                for line in run.splitlines(keepends=True):
                    self.segments.append((len(self.data), self.outer.offset(start)))
                    self.data += line.encode()
                    start += len(line.encode())
            case Escape(text=value):
                self.data += value.encode()
            case Slot():
                self._slot(part, worth(part.value) if part.plain else None)

    def _slot(self, slot: Slot, literals: tuple[Piece, ...] | None) -> None:
        """A command that a name brings in is read as if it stood here; of anything else the shell sees one word."""
        written = self.outer.text[slot.start : slot.end]
        if literals and len(literals) == 1 and literals[0].offset is not None and literals[0].text == "helmfile":
            self.segments.append((len(self.data), literals[0].offset))
            self.brought[literals[0].offset + len(literals[0].text)] = self.outer.offset(slot.end - 1) + 1
            self.data += literals[0].text.encode()
            return
        name = written.decode("utf-8", "replace").strip("{}")
        self.blanks.append(Blank(len(self.data), len(self.data) + len(written), name, literals))
        self.data += written

    def snippet(self) -> Snippet:
        """The whole text."""
        return Snippet(self.outer.file, self.outer.source, bytes(self.data), tuple(self.segments) or ((0, 0),))


def _unknown(expression: Expression) -> None:  # noqa: ARG001  # nothing is looked up for people
    return None


def _inner(snippet: Snippet, text: Text, worth: Worth) -> Inner:
    inner = Inner(snippet)
    for part in text.parts:
        inner.add(part, worth)
    return inner


def script_found(tree: Tree, snippet: Snippet, text: Text, place: Place, worth: Worth, doubt: str = "") -> Iterator[Found]:  # noqa: PLR0913, PLR0917  # what, where, and how sure
    """What a shell reads from a text. A call by a name (`f"{HELMFILE} sync"`) gets its option behind the name."""
    inner = _inner(snippet, text, worth)
    for found in shell_with_blanks(find_shell, tree, inner.snippet(), place, inner.blanks):
        one = with_doubt(found, doubt, KIND)
        if isinstance(one, CommandLine) and one.insert_at is not None:
            one = replace(one, insert_at=inner.brought.get(one.insert_at, one.insert_at))
        yield one


def message_found(snippet: Snippet, text: Text, place: Place) -> Iterator[Found]:
    """What a text for people names."""
    yield from _prose(_inner(snippet, text, _unknown).snippet(), place)


def prose_found(snippet: Snippet, module: Module, place: Place) -> Iterator[Found]:
    """Comments and docstrings."""
    for comment in module.comments:
        yield from _prose(snippet.part(comment.start, comment.start + len(comment.text.encode())), place)
    for scope in module.scope.all():
        if scope.docstring is not None:
            yield from message_found(snippet, scope.docstring, place)


def _prose(snippet: Snippet, place: Place) -> Iterator[Found]:
    reading = Reading(place.folders, KIND)
    yield from mentions_in(snippet, reading)
    yield from calls_in(snippet, reading)
