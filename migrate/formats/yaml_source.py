"""YAML with the place of every node in its source. Loading finds, it never prints: changes are spliced into the source."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as RuamelNode

from migrate.errors import UnreadableSource
from migrate.formats.gotemplate import mask

MAX_BYTES = 8_000_000


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


def documents(text: str, where: str = "") -> tuple[Node, ...]:
    """The documents of a YAML text whose template actions are masked; empty documents are left out.

    Duplicate keys are kept (the caller decides). UnreadableSource with the line where the text can't be parsed.
    """
    if len(text) > MAX_BYTES:
        raise UnreadableSource(f"{where}: too large to be read as YAML ({len(text)} characters)", path=where)
    masked = mask(text, where).replace("﻿", " ", 1) if text.startswith("﻿") else mask(text, where)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tuple(_node(node) for node in YAML(typ="safe", pure=True).compose_all(masked) if node is not None)
    except (YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 0
        problem = getattr(error, "problem", None) or type(error).__name__
        raise UnreadableSource(f"{where}:{line}: not readable as YAML: {problem}", path=where, line=line) from error


def document(text: str, where: str = "") -> Node:
    """The one document of a text; an empty mapping for an empty text. UnreadableSource if there are more, or it is no mapping."""
    found = documents(text, where)
    if len(found) > 1:
        raise UnreadableSource(f"{where}:{found[1].line}: several YAML documents in one part", path=where, line=found[1].line)
    if found and found[0].kind != "mapping":
        raise UnreadableSource(f"{where}:{found[0].line}: a mapping is expected here", path=where, line=found[0].line)
    return found[0] if found else EMPTY


def _node(node: RuamelNode) -> Node:
    start, line, column = node.start_mark.index, node.start_mark.line + 1, node.start_mark.column
    end, tag = node.end_mark.index, str(node.tag or "")
    flow = bool(getattr(node, "flow_style", False))
    if isinstance(node, ScalarNode):
        return Node("scalar", start, end, line, column, value=node.value, tag=tag, style=node.style or "")
    if isinstance(node, MappingNode):
        pairs = tuple((_node(key), _node(value)) for key, value in node.value)
        last = end if flow or not pairs else max(pairs[-1][0].end, pairs[-1][1].end)
        return Node("mapping", start, last, line, column, tag=tag, flow=flow, pairs=pairs)
    if isinstance(node, SequenceNode):
        items = tuple(_node(item) for item in node.value)
        return Node(
            "sequence", start, items[-1].end if items and not flow else end, line, column, tag=tag, flow=flow, items=items
        )
    raise UnreadableSource(f"line {line}: a node of an unknown kind")


def plain(node: Node) -> object:
    """The node as nested tuples of (tag, text): what two readings of the same thing must share, whatever their layout."""
    if node.kind == "scalar":
        return (node.tag, node.value)
    if node.kind == "sequence":
        return tuple(plain(item) for item in node.items)
    return tuple((plain(key), plain(value)) for key, value in node.pairs)
