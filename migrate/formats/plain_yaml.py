"""Plain YAML (no Go templates) as Python values that know the line of each key.

Only for files that are read and never written back: `migrate.yaml`, Chart.yaml, the tables of this package. Built on the nodes
of ruamel.yaml, so that nothing is constructed but mappings, lists, text, numbers, booleans and null. Dates stay text, and so do
the keys of mappings, whatever they look like.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from migrate.errors import UnreadableSource
from migrate.formats.pure_yaml import PureYaml

MAX_BYTES = 300_000
MAX_VALUES = 200_000
"""how many values a document may have once its aliases are written out"""

Path = tuple[str | int, ...]
TAG = "tag:yaml.org,2002:"
SURROGATE = re.compile("[\ud800-\udfff]")
TAB_BETWEEN = re.compile(r"(?<=[^\s])[ \t]*\t[ \t]*")


@dataclass(frozen=True, slots=True)
class PlainDocument:
    """A parsed document. `lines` has the line of each key (of each item, for a list), counted from 1."""

    where: str
    value: Any
    lines: Mapping[Path, int]

    def line(self, *path: str | int) -> int:
        """The line of a key or list item; that of the nearest one around it if it is not there itself; else 1."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return 1


def load_plain(data: bytes, where: str, *, strict: bool = True, max_bytes: int = MAX_BYTES) -> PlainDocument:
    """The document in `data`; an empty one has the value None.

    With `strict`, a repeated key, a second document and tags of one's own are refused. Without it the last key wins, the first
    document counts, a tag says nothing, and where the text is no YAML otherwise, its tabs inside lines are taken for blanks: as
    helm reads Chart.yaml (measured with helm 3.15.3). UnreadableSource, with `where` and the line, for what is no YAML, no
    UTF-8 (a BOM is fine), larger than `max_bytes`, nested too deeply, or an alias bomb; its message repeats keys, never values.
    """
    text = _decoded(data, where, max_bytes)
    node = _compose(text, where, strict=True) if strict else _compose_leniently(text, where)
    reader = _Reader(where, strict, {})
    try:
        value = None if node is None else reader.value(node, (), frozenset())
    except RecursionError as error:
        raise UnreadableSource(f"{where}: nested too deeply", path=where) from error
    return PlainDocument(where, value, reader.lines)


def _decoded(data: bytes, where: str, max_bytes: int) -> str:
    if len(data) > max_bytes:
        raise UnreadableSource(f"{where}: larger than {max_bytes} bytes", path=where)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableSource(f"{where}:{line}: not UTF-8", path=where, line=line) from error


def _compose_leniently(text: str, where: str) -> Node | None:
    """ruamel.yaml 0.18 refuses a tab before a value or at the end of a line, libyaml takes it."""
    try:
        return _compose(text, where, strict=False)
    except UnreadableSource:
        if not TAB_BETWEEN.search(text):
            raise
        return _compose(TAB_BETWEEN.sub(" ", text), where, strict=False)


def _compose(text: str, where: str, *, strict: bool) -> Node | None:
    yaml = PureYaml()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)
            documents: Iterator[Node] = iter(yaml.compose_all(io.StringIO(text)))
            node = next(documents, None)
            if strict and next(documents, None) is not None:
                raise UnreadableSource(f"{where}: more than one YAML document", path=where)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise UnreadableSource(f"{where}:{line}: no YAML: {error.problem or error.context}", path=where, line=line) from error
    except YAMLError as error:
        raise UnreadableSource(f"{where}: no YAML: {str(error).splitlines()[0]}", path=where) from error
    except RecursionError as error:
        raise UnreadableSource(f"{where}: nested too deeply", path=where) from error
    except (OverflowError, ValueError, KeyError) as error:  # ruamel.yaml 0.18 on \UFFFFFFFF and on a second %YAML 9.9
        raise UnreadableSource(f"{where}: no YAML: an escape or a directive that does not exist", path=where) from error
    return node


@dataclass(slots=True)
class _Reader:
    """Turns nodes into values, counts them, and notes lines."""

    where: str
    strict: bool
    lines: dict[Path, int]
    count: int = 0

    def value(self, node: Node, path: Path, around: frozenset[int]) -> Any:  # noqa: ANN401 -- a YAML value has no narrower type
        self.count += 1
        if self.count > MAX_VALUES or id(node) in around:
            raise self._refusal(node, "its aliases grow too large" if self.count > MAX_VALUES else "an alias holds itself")
        around |= {id(node)}
        if isinstance(node, MappingNode):
            return self._mapping(node, path, around)
        if isinstance(node, SequenceNode):
            return self._sequence(node, path, around)
        return self._scalar(node)

    def _sequence(self, node: SequenceNode, path: Path, around: frozenset[int]) -> list[Any]:
        items = []
        for index, item in enumerate(node.value):
            self.lines[(*path, index)] = item.start_mark.line + 1
            items.append(self.value(item, (*path, index), around))
        return items

    def _mapping(self, node: MappingNode, path: Path, around: frozenset[int]) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == TAG + "merge":
                for part in self._merge_parts(value_node, path, around):
                    merged = {**part, **merged}
        return {**merged, **self._own(node, path, around)}

    def _own(self, node: MappingNode, path: Path, around: frozenset[int]) -> dict[str, Any]:
        own: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == TAG + "merge":
                continue
            if not isinstance(key_node, ScalarNode):
                raise self._refusal(key_node, "a key that is no scalar")
            key = self._text(key_node)
            if key in own and self.strict:
                raise self._refusal(key_node, f"the key {key!r} is there twice")
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            own[key] = self.value(value_node, (*path, key), around)
        return own

    def _merge_parts(self, node: Node, path: Path, around: frozenset[int]) -> Iterable[dict[str, Any]]:
        value = self.value(node, path, around)
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, dict) for part in parts):
            raise self._refusal(node, "'<<' needs a mapping")
        return parts

    def _scalar(self, node: Node) -> Any:  # noqa: ANN401 -- text, number, boolean or null
        text, tag = self._text(node), str(node.tag).removeprefix(TAG)
        if tag == "null":
            return None
        if tag == "bool":
            return text.lower() in ("true", "yes", "on", "y")
        if tag in ("int", "float"):
            return self._number(text, tag, node)
        if tag in ("str", "timestamp", "value", "merge") or not self.strict:
            return text
        raise self._refusal(node, f"the tag {node.tag} is not supported")

    def _text(self, node: Node) -> str:
        text = str(node.value)
        if SURROGATE.search(text):
            raise self._refusal(node, "half a character, escaped")  # no encoding could write it; libyaml refuses it too
        return text

    def _number(self, text: str, tag: str, node: Node) -> int | float:
        digits = text.replace("_", "")
        try:
            if tag == "float":
                return float(digits.lower().replace(".inf", "inf").replace(".nan", "nan"))
            return int(digits, 8) if len(digits) > 1 and digits.startswith("0") and digits.isdigit() else int(digits, 0)
        except ValueError as error:
            raise self._refusal(node, "it is tagged as a number and is none") from error

    def _refusal(self, node: Node, problem: str) -> UnreadableSource:
        line = node.start_mark.line + 1
        return UnreadableSource(f"{self.where}:{line}: {problem}", path=self.where, line=line)
