"""Texts inside Python that are no single path: scripts for a shell, messages, comments, docstrings."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.formats.python_source import Escape, Module, Run, Slot, Text
from migrate.model.tree import Tree
from migrate.references.finding import Found, Place
from migrate.references.prose import Reading, calls_in, mentions_in
from migrate.references.prose.scripts import Blank, shell_with_blanks, with_doubt
from migrate.references.shell import find_shell
from migrate.references.snippet import Snippet

KIND = "python"


def value_of(snippet: Snippet, text: Text) -> tuple[Snippet, list[Blank]]:
    """What a text is worth as a snippet of its own; what is computed in it is blank."""
    data, segments, blanks = bytearray(), [], []
    for part in text.parts:
        segments.append((len(data), snippet.offset(part.start)))
        match part:
            case Run(text=run, start=start):
                at = start
                for line in run.splitlines(keepends=True):
                    segments.append((len(data), snippet.offset(at)))
                    data += line.encode()
                    at += len(line.encode())
            case Escape(text=value):
                data += value.encode()
            case Slot(start=start, end=end):
                name = snippet.text[start:end].decode("utf-8", "replace").strip("{}")
                blanks.append(Blank(len(data), len(data) + end - start, name))
                data += snippet.text[start:end]
    return Snippet(snippet.file, snippet.source, bytes(data), tuple(segments) or ((0, 0),)), blanks


def script_found(tree: Tree, snippet: Snippet, text: Text, place: Place, doubt: str = "") -> Iterator[Found]:
    """What a shell reads from a text."""
    inner, blanks = value_of(snippet, text)
    for found in shell_with_blanks(find_shell, tree, inner, place, blanks):
        yield with_doubt(found, doubt, KIND)


def message_found(snippet: Snippet, text: Text, place: Place) -> Iterator[Found]:
    """What a text for people names."""
    inner, _ = value_of(snippet, text)
    yield from _prose(inner, place)


def prose_found(snippet: Snippet, module: Module, place: Place) -> Iterator[Found]:
    """Comments and docstrings."""
    for comment in module.comments:
        yield from _prose(snippet.part(comment.start, comment.start + len(comment.text.encode())), place)
    for scope in module.scope.all():
        if scope.docstring is not None:
            yield from message_found(snippet, scope.docstring, place)


def has_blanks(text: Text) -> bool:
    """Whether a text has several words."""
    return any(character.isspace() for part in text.parts if not isinstance(part, Slot) for character in part.text)


def _prose(snippet: Snippet, place: Place) -> Iterator[Found]:
    reading = Reading(place.folders, KIND)
    yield from mentions_in(snippet, reading)
    yield from calls_in(snippet, reading)
