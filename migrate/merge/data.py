"""What YAML says, apart from how it is written, and the three-way merge of it: the judge of every merge of YAML texts."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from migrate.errors import UnreadableSource
from migrate.formats.yaml_source import Node, documents, plain
from migrate.merge.regions import Origin, Region, moved_twice, regions

TEXT = "tag:yaml.org,2002:str"
ACTION = "{{"
_PIECES = re.compile(r"\n|[^\S\n]+|\S+")


class Undecided(Exception):
    """The sides want different things of one value, or nobody can tell; the keys that lead to it, if known."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar, or what is taken as a whole (a mapping with a key twice)."""

    content: Hashable
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping; the order of its keys says nothing."""

    pairs: Mapping[Hashable, Value]

    def __hash__(self) -> int:
        return hash(frozenset(self.pairs.items()))


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, or the documents of a file."""

    items: tuple[Value, ...]


Value = Leaf | Mapped | Listed


def read(text: str) -> Listed | None:
    """The documents of a YAML text, None for no YAML. Template actions are masked; a scalar with one counts as it is written."""
    templates = ACTION in text
    try:
        found = documents(text, templates=templates)
    except UnreadableSource:
        return None
    return Listed(tuple(value_of(node, text if templates else "") for node in found))


def value_of(node: Node, source: str = "") -> Value:
    """What a node says; with `source`, a scalar that holds a template action is its source text."""
    if node.kind == "scalar":
        written = source[node.start : node.end]
        if ACTION in written:
            return Leaf(("template", written), written)
        return Leaf((node.tag, node.value), node.value if node.tag == TEXT else None)
    if node.kind == "sequence":
        return Listed(tuple(value_of(item, source) for item in node.items))
    pairs = {plain(key): value_of(value, source) for key, value in node.pairs}
    return Mapped(pairs) if len(pairs) == len(node.pairs) else Leaf(("twice", plain(node), source[node.start : node.end]))


def merge_value(base: Value | None, ours: Value | None, theirs: Value | None) -> Value | None:
    """The merged value, None for one that is gone. `Undecided` where both sides changed it, each in its own way.

    Keys of mappings are merged one by one; lists by the `name` of their items if each item has one of its own, else by items;
    texts by lines, or by words.
    """
    if theirs in (ours, base):
        return ours
    if base == ours:
        return theirs
    if isinstance(ours, Mapped) and isinstance(theirs, Mapped) and (base is None or isinstance(base, Mapped)):
        return _mapped(base.pairs if base else {}, ours.pairs, theirs.pairs)
    if isinstance(base, Listed) and isinstance(ours, Listed) and isinstance(theirs, Listed):
        return _listed(base.items, ours.items, theirs.items)
    if isinstance(base, Leaf) and isinstance(ours, Leaf) and isinstance(theirs, Leaf):
        return _worded(base, ours, theirs)
    raise Undecided


def names(items: Iterable[Value]) -> tuple[Hashable, ...] | None:
    """The `name` of each item; None unless every item is a mapping with a name of its own."""
    key = (TEXT, "name")
    found = [item.pairs.get(key) if isinstance(item, Mapped) else None for item in items]
    fit = all(isinstance(name, Leaf) for name in found) and len(set(found)) == len(found)
    return tuple(found) if fit else None


def _mapped(base: Mapping[Hashable, Value], ours: Mapping[Hashable, Value], theirs: Mapping[Hashable, Value]) -> Mapped:
    keys = dict.fromkeys((*base, *ours, *theirs))
    merged = {key: _of_key(key, base.get(key), ours.get(key), theirs.get(key)) for key in keys}
    return Mapped({key: value for key, value in merged.items() if value is not None})


def _of_key(key: Hashable, base: Value | None, ours: Value | None, theirs: Value | None) -> Value | None:
    try:
        return merge_value(base, ours, theirs)
    except Undecided as error:
        raise Undecided(key_name(key), *error.args) from error


def key_name(key: Hashable) -> str:
    """A key as it reads."""
    content = key.content if isinstance(key, Leaf) else key
    return str(content[1]) if isinstance(content, tuple) and len(content) > 1 else str(content)


def _listed(base: Sequence[Value], ours: Sequence[Value], theirs: Sequence[Value]) -> Listed:
    first, second, third = names(base), names(ours), names(theirs)
    if first is None or second is None or third is None:
        items = [item for region in regions(base, ours, theirs) for item in _items(region)]
        if moved_twice(base, ours, theirs, items):
            raise Undecided
        return Listed(tuple(items))
    sides = [dict(zip(known, items, strict=True)) for known, items in ((first, base), (second, ours), (third, theirs))]
    merged = _mapped(*sides).pairs
    kept = [[name for name in side if name in merged] for side in (first, second, third)]
    order = [name for region in regions(*kept) for name in _order(region)]
    if len(order) != len(merged):
        raise Undecided
    return Listed(tuple(merged[name] for name in order))


def _order(region: Region[Hashable]) -> Sequence[Hashable]:
    """New names at one place: those of ours, then those of theirs."""
    if region.origin is not Origin.CLASH:
        return region.merged
    if region.base:
        raise Undecided
    return tuple(dict.fromkeys((*region.ours, *region.theirs)))


def _items(region: Region[Value]) -> Sequence[Value]:
    if region.origin is not Origin.CLASH:
        return region.merged
    if not len(region.base) == len(region.ours) == len(region.theirs):
        raise Undecided
    merged = (merge_value(*each) for each in zip(region.base, region.ours, region.theirs, strict=True))
    return [item for item in merged if item is not None]


def _worded(base: Leaf, ours: Leaf, theirs: Leaf) -> Leaf:
    """A text of several lines or words, of which each side changed others."""
    if base.text is None or ours.text is None or theirs.text is None:
        raise Undecided
    found = regions(*(tuple(_PIECES.findall(text)) for text in (base.text, ours.text, theirs.text)))
    if any(region.origin is Origin.CLASH for region in found):
        raise Undecided
    text = "".join(piece for region in found for piece in region.merged)
    kind = ours.content[0] if isinstance(ours.content, tuple) else TEXT
    return Leaf((kind, text), text)
