"""Where the comments of a YAML text stand: beside which nodes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from migrate.errors import UnreadableSource
from migrate.formats.comments import comments
from migrate.formats.state_source import StateSource
from migrate.formats.yaml_source import Node
from migrate.model.paths import RepoPath

NodePath = tuple[str | int, ...]
"""The keys that lead to a node; an item of a list goes by its `name`, if it has one, or by its place."""


@dataclass(frozen=True, slots=True)
class PlacedComment:
    """A comment with its neighbours, the nodes that begin before and after it. One behind a node has that node twice."""

    text: str
    line: int
    before: NodePath
    after: NodePath

    def is_in_place_of(self, nodes: frozenset[NodePath], other: PlacedComment) -> bool:
        """Whether the node that it trails is none of `nodes`, and the other says the same beside a node of the same parent."""
        own = self.before
        if not own or own != self.after or own in nodes or self.text != other.text:
            return False
        return any(place[: len(own) - 1] == own[:-1] and len(place) >= len(own) for place in (other.before, other.after))

    def is_beside(self, other: PlacedComment) -> bool:
        """Whether it says the same beside one of the same nodes."""
        same = (self.before == other.before and self.before) or (self.after == other.after and self.after)
        return self.text == other.text and bool(same)


def placed_comments(text: str, path: RepoPath) -> tuple[PlacedComment, ...]:
    """All comments in order. In a text that is no YAML even with its actions masked, lines take the places of nodes."""
    nodes = _nodes(text, path)
    lines = sorted(nodes)
    found = []
    for comment in comments(text):
        at = bisect_left(lines, comment.line)
        before = nodes[lines[at - 1]] if at else ()
        after = nodes[lines[at]] if at < len(lines) else ()
        if not comment.full_line:
            own = after if comment.line in nodes else before
            before = after = own
        found.append(PlacedComment(comment.text, comment.line, before, after))
    return tuple(found)


def node_paths(text: str, path: RepoPath) -> frozenset[NodePath]:
    """The nodes beside which a comment can stand."""
    return frozenset(_nodes(text, path).values())


def has_nodes(text: str, path: RepoPath) -> bool:
    """Whether a text is YAML with its actions masked."""
    try:
        StateSource.parse(path, text.encode())
    except UnreadableSource:
        return False
    return True


def _nodes(text: str, path: RepoPath) -> dict[int, NodePath]:
    """Line -> the outermost node that begins there."""
    try:
        source = StateSource.parse(path, text.encode())
    except UnreadableSource:
        return _lines(text)
    found: dict[int, NodePath] = {}
    for part in source.parts:
        for node, place in _walk(part.root, ()):
            found.setdefault(source.line(part, node), place)
    return found


def _lines(text: str) -> dict[int, NodePath]:
    lines = ((number, line.strip()) for number, line in enumerate(text.split("\n"), start=1))
    return {number: (line,) for number, line in lines if line and not line.startswith("#")}


def _walk(node: Node, place: NodePath) -> Iterator[tuple[Node, NodePath]]:
    for key, value in node.pairs:
        yield key, (*place, key.value)
        yield from _walk(value, (*place, key.value))
    for number, item in enumerate(node.items):
        own = (*place, f"name={item.text('name')}" if item.text("name") else number)
        yield item, own
        yield from _walk(item, own)
