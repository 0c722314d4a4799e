"""Changes of YAML nodes spliced into a text that was changed otherwise: what is left when lines can't be merged.

Nothing is printed anew: the text of ours stays, and only what theirs changed is cut out or put in. It refuses (`Undecided`) more
than it does; whoever calls it compares the outcome with what `merge_value` wants, and counts the comments.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from migrate.errors import UnreadableSource
from migrate.formats.yaml_source import EMPTY, Node, aliases, documents, plain
from migrate.merge.alignment import hunks
from migrate.merge.data import ACTION, Listed, Undecided, Value, names, value_of
from migrate.merge.entries import BLOCK_STYLES, Entry, Source, entries
from migrate.model.edits import Edit, splice


def merge_nodes(base: str, ours: str, theirs: str) -> str:
    """The text of ours with the nodes that theirs changed. `Undecided` if that is not possible, or not with certainty."""
    try:
        if any("*" in text and aliases(text) for text in (base, ours, theirs)):
            raise Undecided("an alias")
        found = [documents(text, templates=ACTION in text) for text in (base, ours, theirs)]
    except UnreadableSource as error:
        raise Undecided from error
    before = found[0] or (EMPTY,) * len(found[1])
    if not len(before) == len(found[1]) == len(found[2]):
        raise Undecided
    work = _Splicer(Source(base), Source(ours), Source(theirs))
    for each in zip(before, found[1], found[2], strict=True):
        work.node(*each)
    try:
        return splice(ours.encode(), work.edits).decode()
    except ValueError as error:
        raise Undecided from error


Keys = tuple[Hashable, ...]


class _Splicer:
    def __init__(self, base: Source, ours: Source, theirs: Source) -> None:
        self.base, self.ours, self.theirs = base, ours, theirs
        self.edits: list[Edit] = []
        self.line_break = "\r\n" if "\r\n" in ours.text else "\n"

    def node(self, base: Node, ours: Node, theirs: Node) -> None:
        """One node, there on all sides."""
        said = self.said(base, ours, theirs)
        if said[2] in said[:2]:
            return
        kinds = {base.kind, ours.kind, theirs.kind}
        if kinds == {"mapping"}:
            self.children([entries(node) for node in (base, ours, theirs)], ours, *map(_keys, (base, ours, theirs)))
        elif kinds == {"sequence"}:
            self.sequence(base, ours, theirs)
        elif said[0] == said[1]:
            self.replace(ours, theirs)
        else:
            raise Undecided

    def said(self, base: Node, ours: Node, theirs: Node) -> list[Value]:
        """What the three nodes say."""
        return [
            value_of(node, side.text)
            for node, side in zip((base, ours, theirs), (self.base, self.ours, self.theirs), strict=True)
        ]

    def sequence(self, base: Node, ours: Node, theirs: Node) -> None:
        """A list: by the names of its items, else place by place."""
        items = [said.items if isinstance(said, Listed) else () for said in self.said(base, ours, theirs)]
        first, second, third = names(items[0]), names(items[1]), names(items[2])
        if first is None or second is None or third is None:
            first, second, third = _numbered(items[0], items[1], items[2])
        self.children([entries(node) for node in (base, ours, theirs)], ours, first, second, third)

    def children(
        self,
        sides: Sequence[tuple[Entry, ...]],
        around: Node,
        base: Sequence[Hashable],
        ours: Sequence[Hashable],
        theirs: Sequence[Hashable],
    ) -> None:
        """What a node holds, each child known by a key of its own."""
        before, mine, other = (dict(zip(keys, side, strict=True)) for keys, side in zip((base, ours, theirs), sides, strict=True))
        for key in before:
            if key not in other and key in mine:
                self.delete(before[key], mine[key], around)
        last: Hashable = None
        for key, entry in other.items():
            if key in mine and (key in before or mine[key].value.kind == entry.value.kind == "mapping"):
                self.node(before[key].value if key in before else EMPTY, mine[key].value, entry.value)
            elif key in mine and value_of(mine[key].value, self.ours.text) != value_of(entry.value, self.theirs.text):
                raise Undecided
            elif key not in mine and key not in before:
                self.insert(entry, _behind(last, mine, before), around)
            elif key not in mine and value_of(before[key].value, self.base.text) != value_of(entry.value, self.theirs.text):
                raise Undecided
            last = key if key in mine else last

    def replace(self, ours: Node, theirs: Node) -> None:
        """A value in one line by another one in one line."""
        texts = self.ours.text[ours.start : ours.end], self.theirs.text[theirs.start : theirs.end]
        if any("\n" in text or not text for text in texts) or {ours.style, theirs.style} & set(BLOCK_STYLES):
            raise Undecided
        self.edit(ours.start, ours.end, texts[1])

    def insert(self, entry: Entry, behind: Entry | None, around: Node) -> None:
        """A child that theirs has in addition, behind one of ours, or as the first of a flow collection."""
        if around.flow:
            text = self.theirs.text[entry.first.start : entry.value.end]
            if "\n" in text or "#" in text or (behind is None and entries(around)):
                raise Undecided
            at = behind.value.end if behind else around.start + 1
            return self.edit(at, at, f", {text}" if behind else text)
        if behind is None:
            raise Undecided
        text = self.theirs.carried(entry, behind.column, self.line_break)
        at = self.ours.starts[self.ours.span(behind)[1]]
        if not self.ours.text[:at].endswith("\n"):
            text = self.line_break + text.removesuffix(self.line_break)
        return self.edit(at, at, text)

    def delete(self, base: Entry, ours: Entry, around: Node) -> None:
        """A child that theirs has no more, with the comment above it (which the count of comments judges)."""
        siblings = entries(around)
        if value_of(base.value, self.base.text) != value_of(ours.value, self.ours.text) or len(siblings) == 1:
            raise Undecided
        if around.flow:
            index = siblings.index(ours)
            start = siblings[index - 1].value.end if index else ours.first.start
            return self.edit(start, ours.value.end if index else siblings[1].first.start, "")
        first, (_, stop) = self.ours.above(ours), self.ours.span(ours)
        if first and self.ours.blank(first - 1) and self.ours.blank(stop):
            first -= 1
        return self.edit(self.ours.starts[first], self.ours.starts[stop], "")

    def edit(self, start: int, end: int, new: str) -> None:
        text = self.ours.text
        self.edits.append(Edit(len(text[:start].encode()), text[start:end].encode(), new.encode()))


def _keys(node: Node) -> tuple[Hashable, ...]:
    keys = tuple(plain(key) for key, _ in node.pairs)
    if len(set(keys)) != len(keys):
        raise Undecided
    return keys


def _behind(last: Hashable, ours: dict[Hashable, Entry], base: dict[Hashable, Entry]) -> Entry | None:
    """The child of ours to insert behind: the one that stands before in theirs, and what ours has inserted there itself."""
    keys = list(ours)
    at = keys.index(last) if last in ours else -1
    while at + 1 < len(keys) and (keys[at + 1] not in base):
        at += 1
    return ours[keys[at]] if at >= 0 else None


def _numbered(base: Sequence[Value], ours: Sequence[Value], theirs: Sequence[Value]) -> tuple[Keys, Keys, Keys]:
    """Keys for lists without names: the place in the base of what is there on a side, changed or not; what is new has its own."""
    return tuple(range(len(base))), _places(base, ours, "ours"), _places(base, theirs, "theirs")


def _places(base: Sequence[Value], side: Sequence[Value], word: str) -> Keys:
    found: list[Hashable] = []
    at = 0
    for hunk in hunks(base, side):
        found += range(at, hunk.start)
        if hunk.end - hunk.start == hunk.high - hunk.low:
            found += range(hunk.start, hunk.end)
        else:
            found += [(word, there) for there in range(hunk.low, hunk.high)]
        at = hunk.end
    return (*found, *range(at, len(base)))
