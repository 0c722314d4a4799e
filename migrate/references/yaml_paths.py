"""Scalars of a YAML file as mentions: one path, a list of paths in lines, words in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from migrate.formats.yaml_scalars import YamlFile
from migrate.formats.yaml_source import Node
from migrate.model.paths import RepoPath
from migrate.model.references import Mention, Piece
from migrate.references.embedded import Value
from migrate.references.finding import Place
from migrate.references.snippet import Snippet
from migrate.references.tokens import loose, mention, pieces

ESCAPED = "it is written with escapes or over several lines"
_LINE = re.compile(rb"[ \t]*(?:-[ \t]+)?(?:[\w.-]+:[ \t]+)?[\"']?(?P<path>!?[^\s\"']+)[\"']?[ \t]*(?:#.*)?")


@dataclass(frozen=True)
class YamlPlaces:
    """A YAML file in which scalars are read as paths."""

    file: RepoPath
    yaml: YamlFile
    kind: str

    @classmethod
    def of(cls, snippet: Snippet, kind: str) -> YamlPlaces:
        """A whole file. UnreadableSource if it is no YAML."""
        return cls(snippet.file, YamlFile(snippet.source, snippet.file), kind)

    @property
    def documents(self) -> tuple[Node, ...]:
        """Its documents."""
        return self.yaml.documents

    def snippet(self, node: Node) -> Snippet:
        """The text of a scalar."""
        scalar = self.yaml.scalar(node)
        return Snippet(self.file, self.yaml.data, scalar.text, scalar.segments)

    def doubt(self, node: Node) -> str:
        """Why a scalar's text is not what its reader gets."""
        return "" if self.yaml.scalar(node).faithful else ESCAPED

    def path(self, node: Node, place: Place, known: Mapping[str, Value] | None = None, doubt: str = "") -> Iterator[Mention]:
        """A scalar that is one path; expressions that are known stand for their value."""
        if node.kind != "scalar" or not node.value.strip():
            return
        text = self.snippet(node)
        start = len(text.text) - len(text.text.lstrip())
        found = mention(text, start, len(text.text.rstrip()), place, self.kind, doubt=doubt or self.doubt(node))
        yield replace(found, pieces=tuple(part for piece in found.pieces for part in _filled(piece, known or {})))

    def glob(self, node: Node, place: Place, doubt: str = "") -> Iterator[Mention]:
        """A scalar that is a pattern; a `!` before it and a slash at its beginning are no part of the path."""
        if node.kind != "scalar":
            return
        text = self.snippet(node)
        start = len(text.text) - len(text.text.lstrip(b"! /")) if not text.text.startswith(b"..") else 0
        end = len(text.text.rstrip())
        if end > start:
            yield mention(text, start, end, place, self.kind, glob=True, doubt=doubt or self.doubt(node))

    def lines(self, node: Node, place: Place, doubt: str = "") -> Iterator[Mention]:
        """A scalar with a path a line; a line of several words is looked through, with a doubt."""
        if node.kind != "scalar":
            return
        whole = self.snippet(node)
        doubt = doubt or self.doubt(node)
        for found in re.finditer(rb"[^\r\n]+", whole.text):
            path = _LINE.fullmatch(whole.text, found.start(), found.end())
            if path is None:
                part = whole.part(found.start(), found.end())
                yield from loose(part, place, self.kind, doubt or "it is one of several words")
                continue
            start, end = path.span("path")
            start += whole.text[start:end].startswith(b"!")
            yield mention(whole, start, end, place, self.kind, glob=True, doubt=doubt)

    def words(self, node: Node, place: Place, doubt: str = "") -> Iterator[Mention]:
        """The words with a slash of a scalar."""
        if node.kind == "scalar":
            yield from loose(self.snippet(node), place, self.kind, doubt or self.doubt(node))


def _filled(piece: Piece, known: Mapping[str, Value]) -> Iterator[Piece]:
    """A hole, or what its expression is known to mean."""
    value = known.get(piece.text.removeprefix("${{").removesuffix("}}").strip()) if piece.hole else None
    if value is None:
        yield piece
    elif isinstance(value, str):
        yield Piece(value)
    else:
        yield from pieces(value, 0, len(value.text))


def strings(node: Node | None) -> Iterator[Node]:
    """The scalars of a scalar, of a list, or of a list in a list."""
    if node is None:
        return
    if node.kind == "scalar":
        yield node
    for item in node.items:
        yield from strings(item)
