"""Rendered manifests: cut into documents, and each document as a value that compares exactly.

Only documents whose bytes differ are ever parsed. A scalar is compared by what it says and how it says it: a plain scalar
that YAML 1.1, YAML 1.2 or Go could read as anything but a string keeps its spelling (`0777`, `1.0`, `on`, `=`), so it never
equals a string or another spelling; quoted, block and unmistakable plain strings compare by their text.
"""

from __future__ import annotations

import functools
import re
from itertools import pairwise
from typing import TypeAlias

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from migrate.formats.pure_yaml import PureYaml

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
"""A document: mappings, sequences, and scalars as text; see `scalar` for how a scalar that is no string is marked."""

MARK = "\0"
"""Begins the text of every scalar that is no string. YAML text can't hold it; a string that does is marked as well."""

_SEPARATOR = re.compile(rb"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_BLANK = re.compile(rb"\A(?:---)?(?:[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z))*\Z")
_STRING = re.compile(r"[A-Za-z_/][^\0]*\Z", re.DOTALL)
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off"))
_STRING_TAG = "tag:yaml.org,2002:str"


class NotComparable(ValueError):
    """A document that is no YAML, or whose meaning depends on its reader (a key twice in one mapping)."""


def split(text: bytes) -> tuple[bytes, ...]:
    """The documents of a stream, without those that hold nothing but comments and blanks.

    A line that begins with `---` ends a document wherever it stands: YAML forbids it inside every kind of scalar.
    """
    cuts = [0, *(match.start() for match in _SEPARATOR.finditer(text)), len(text)]
    pieces = (text[start:end] for start, end in pairwise(cuts))
    return tuple(piece for piece in pieces if not _BLANK.match(piece))


@functools.lru_cache(maxsize=64)
def parse(document: bytes) -> Value:
    """The document as a value, not to be changed. NotComparable says why it has none; the message holds none of its text."""
    try:
        nodes = list(PureYaml().compose_all(document.decode("utf-8")))
    except (YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotComparable(f"no YAML ({type(error).__name__})") from None
    if len(nodes) != 1:
        raise NotComparable("not exactly one document")
    return _value(nodes[0], ())


def identity(value: Value) -> str:
    """`kind namespace/name (apiVersion)` of an object; what it lacks is left out."""
    if not isinstance(value, dict):
        return "no object"
    metadata = value.get("metadata")
    inner = metadata if isinstance(metadata, dict) else {}
    name = "/".join(readable(part) for part in (inner.get("namespace"), inner.get("name")) if isinstance(part, str))
    return f"{_text(value, 'kind')} {name} ({_text(value, 'apiVersion')})"


def scalar(text: str, tag: str, *, plain: bool) -> str:
    """The text a scalar compares by: itself for a string, marked with its tag and spelling otherwise."""
    looks_like_string = not plain or (_STRING.match(text) and text.lower() not in _WORDS)
    if tag != _STRING_TAG or not looks_like_string:
        return f"{MARK}={tag.rpartition(':')[2]} {text}"
    return f"{MARK}s {text}" if text.startswith(MARK) else text


def kind(leaf: str) -> str:
    """`str`, or the YAML type of a leaf that is no string."""
    return "str" if not leaf.startswith(MARK + "=") else leaf[2:].partition(" ")[0]


def readable(leaf: str) -> str:
    """The leaf without its mark."""
    return leaf.partition(" ")[2] if leaf.startswith(MARK) else leaf


def _text(value: dict[str, Value], key: str) -> str:
    found = value.get(key)
    return readable(found) if isinstance(found, str) else "?"


def _value(node: Node, above: tuple[int, ...]) -> Value:
    if id(node) in above:
        raise NotComparable("an alias inside its own anchor")
    inside = (*above, id(node))
    if isinstance(node, MappingNode):
        return _mapping(node, inside)
    if isinstance(node, SequenceNode):
        _refuse_tag(node, "tag:yaml.org,2002:seq")
        return [_value(item, inside) for item in node.value]
    if not isinstance(node, ScalarNode):
        raise NotComparable("an unknown kind of node")
    return _scalar(node)


def _mapping(node: MappingNode, inside: tuple[int, ...]) -> dict[str, Value]:
    _refuse_tag(node, "tag:yaml.org,2002:map")
    found: dict[str, Value] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            raise NotComparable("a key that is no scalar")
        name = _scalar(key)
        if name in found:
            raise NotComparable("a key twice in one mapping")
        found[name] = _value(value, inside)
    return found


def _refuse_tag(node: Node, usual: str) -> None:
    if str(node.tag) != usual:
        raise NotComparable("an explicit tag on a collection")


def _scalar(node: ScalarNode) -> str:
    return scalar(node.value, str(node.tag), plain=node.style in (None, ""))
