"""Shell scripts -> located nodes, by tree-sitter-bash. Offsets are bytes; nothing is ever printed from the tree."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

__all__ = ["Node", "errors", "parse", "syntax_kept"]

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


def syntax_kept(before: bytes, after: bytes) -> bool:
    """Whether two scripts have the same structure: only the texts of words differ, and a command may have got further words.

    A second look at an edited script, besides `bash -n`, which can't see that a word has become two.
    """
    pairs = [(parse(before), parse(after))]
    while pairs:
        old, new = pairs.pop()
        if (old.type, old.is_missing) != (new.type, new.is_missing):
            return False
        matched = _matched(old, new)
        if matched is None:
            return False
        pairs += matched
    return True


def _matched(old: Node, new: Node) -> list[tuple[Node, Node]] | None:
    """The children that belong together; None if there are others than further words of a command."""
    more = new.child_count - old.child_count
    if more == 0:
        return list(zip(old.children, new.children, strict=True))
    if more < 0 or old.type != "command":
        return None
    found, left = [], list(old.children)
    for child in new.children:
        if more and child.type == "word" and not (left and left[0].text == child.text):
            more -= 1
        elif not left:
            return None
        else:
            found.append((left.pop(0), child))
    return None if left or more else found
