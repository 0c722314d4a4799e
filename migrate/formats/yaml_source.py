"""YAML with the place of every node in its source. Loading finds, it never prints: changes are spliced into the source."""

from __future__ import annotations

import re
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as RuamelNode
from ruamel.yaml.tokens import AliasToken

from migrate.errors import UnreadableSource
from migrate.formats.gotemplate import mask
from migrate.formats.pure_yaml import PureYaml

T = TypeVar("T")
MAX_BYTES = 8_000_000
MAX_NODES = 500_000
"""how many nodes a text may have once its aliases are written out"""
_TABS = re.compile(r"(?<=[:-])[ \t]*\t[ \t]*|[ \t]*\t[ \t]*(?=#|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Node:
    """A node with the character offsets of its source.

    `kind` is scalar, mapping or sequence. `value` is a scalar's text after unquoting, `tag` its resolved tag
    (`tag:yaml.org,2002:str` …), `style` its quoting. `pairs` are a mapping's keys and values in order, `items` a sequence's
    nodes. `flow` tells `{}`/`[]` from block style. The end of a block collection reaches to its last child's end.
    """

    kind: str
    start: int
    end: int
    line: int
    column: int
    value: str = ""
    tag: str = ""
    style: str = ""
    flow: bool = False
    pairs: tuple[tuple[Node, Node], ...] = ()
    items: tuple[Node, ...] = ()

    def get(self, key: str) -> Node | None:
        """The value of a key of a mapping, or None."""
        return next((value for name, value in self.pairs if name.value == key), None)

    def key(self, key: str) -> Node | None:
        """The node of the key itself, or None."""
        return next((name for name, _ in self.pairs if name.value == key), None)

    def text(self, key: str) -> str:
        """The text of a scalar value of a mapping; empty if it is missing or no scalar."""
        node = self.get(key)
        return node.value if node is not None and node.kind == "scalar" else ""

    def walk(self) -> Iterator[Node]:
        """The node and everything below it, in source order."""
        yield self
        for name, value in self.pairs:
            yield name
            yield from value.walk()
        for item in self.items:
            yield from item.walk()


EMPTY = Node("mapping", 0, 0, 1, 0)


def documents(text: str, where: str = "", *, templates: bool = True) -> tuple[Node, ...]:
    """The documents of a YAML text whose template actions are masked (unless it has none of Go's); empty ones are left out.

    Duplicate keys are kept (the caller decides), an alias is read as what it stands for, with the offsets of that.
    UnreadableSource with the line where the text can't be parsed.
    """
    if len(text) > MAX_BYTES:
        raise UnreadableSource(f"{where}: too large to be read as YAML ({len(text)} characters)", path=where)
    masked = mask(text, where) if templates else text
    reader = _Reader(text, where)
    try:
        return tuple(reader.node(node) for node in lenient(masked, _compose))
    except (YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = reader.place(mark.index)[0] if mark is not None else 0
        problem = getattr(error, "problem", None) or type(error).__name__
        raise UnreadableSource(f"{where}:{line}: not readable as YAML: {problem}", path=where, line=line) from error


def lenient(masked: str, read: Callable[[str], list[T]]) -> list[T]:
    """What `read` makes of a text; where it is no YAML for its tabs, of the same with blanks in their places.

    ruamel.yaml 0.18 refuses a tab before a value, a comment or the end of a line; libyaml and helmfile take it.
    """
    try:
        return read(masked)
    except YAMLError:
        spaced = _TABS.sub(lambda found: " " * len(found.group()), masked)
        if spaced == masked:
            raise
        return read(spaced)


def _compose(masked: str) -> list[RuamelNode]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = PureYaml().compose_all(masked)
        return [node for node in found if node is not None and not _empty(node)]


def _empty(node: RuamelNode) -> bool:
    return isinstance(node, ScalarNode) and not node.value and node.start_mark.index == node.end_mark.index


def aliases(text: str, where: str = "") -> tuple[tuple[int, str], ...]:
    """Line and name of each alias (`*name`). UnreadableSource where the text can't be parsed."""
    masked, places = mask(text, where), _Reader(text, where)
    try:
        tokens = lenient(masked, lambda body: list(PureYaml().scan(body))) if "*" in masked else []
    except YAMLError as error:
        raise UnreadableSource(f"{where}: not readable as YAML", path=where) from error
    return tuple((places.place(t.start_mark.index)[0], t.value) for t in tokens if isinstance(t, AliasToken))


def document(text: str, where: str = "") -> Node:
    """The one document of a text; an empty mapping for an empty text. UnreadableSource if there are more, or it is no mapping."""
    found = documents(text, where)
    if len(found) > 1:
        raise UnreadableSource(f"{where}:{found[1].line}: several YAML documents in one part", path=where, line=found[1].line)
    if found and found[0].kind != "mapping":
        raise UnreadableSource(f"{where}:{found[0].line}: a mapping is expected here", path=where, line=found[0].line)
    return found[0] if found else EMPTY


class _Reader:
    """Turns ruamel's nodes into ours, with the lines of the text as it is (a masked action may have joined some)."""

    def __init__(self, text: str, where: str) -> None:
        self.text, self.where, self.count = text, where, 0
        self.breaks = [found.start() for found in re.finditer("\n", text)]

    def place(self, offset: int) -> tuple[int, int]:
        """Line (from 1) and column (from 0) of an offset."""
        line = bisect_left(self.breaks, offset)
        begin = self.breaks[line - 1] + 1 if line else 0
        return line + 1, offset - begin - self.text.startswith("\ufeff", begin, offset)

    def node(self, node: RuamelNode) -> Node:
        self.count += 1
        start, end = node.start_mark.index, node.end_mark.index
        line, column = self.place(start)
        if self.count > MAX_NODES:
            raise UnreadableSource(f"{self.where}:{line}: its aliases grow too large", path=self.where, line=line)
        tag, flow = str(node.tag or ""), bool(getattr(node, "flow_style", False))
        if isinstance(node, ScalarNode):
            return Node("scalar", start, end, line, column, value=node.value, tag=tag, style=node.style or "")
        if isinstance(node, MappingNode):
            pairs = tuple(self.pair(self.node(key), value) for key, value in node.value)
            last = end if flow or not pairs else max(pairs[-1][0].end, pairs[-1][1].end)
            return Node("mapping", start, last, line, column, tag=tag, flow=flow, pairs=pairs)
        if isinstance(node, SequenceNode):
            items = tuple(self.node(item) for item in node.value)
            last = items[-1].end if items and not flow else end
            return Node("sequence", start, last, line, column, tag=tag, flow=flow, items=items)
        raise UnreadableSource(f"{self.where}:{line}: a node of an unknown kind", path=self.where, line=line)

    def pair(self, key: Node, value: RuamelNode) -> tuple[Node, Node]:
        """Key and value; a value that is left out stands behind the colon (ruamel marks it where the next thing begins)."""
        found = self.node(value)
        if not _empty(value):
            return key, found
        colon = self.text.find(":", key.end, found.start)
        at = colon + 1 if colon >= 0 else key.end
        line, column = self.place(at)
        return key, replace(found, start=at, end=at, line=line, column=column)


def plain(node: Node) -> object:
    """The node as nested tuples: what two readings of the same thing must share, whatever their layout and order of keys."""
    if node.kind == "scalar":
        return (node.tag, node.value)
    if node.kind == "sequence":
        return ("sequence", *(plain(item) for item in node.items))
    return ("mapping", *sorted(((plain(key), plain(value)) for key, value in node.pairs), key=repr))
