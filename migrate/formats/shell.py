"""Shell scripts -> located nodes, by tree-sitter-bash. Offsets are bytes; nothing is ever printed from the tree."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

__all__ = ["Node", "errors", "parse"]

_PARSER = Parser(Language(tree_sitter_bash.language()))


def parse(text: bytes) -> Node:
    """The whole script as a node. Never fails: what can't be parsed is in `errors`."""
    return _PARSER.parse(text).root_node


def errors(node: Node) -> Iterator[Node]:
    """The places that can't be parsed, below a node."""
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from errors(child)
