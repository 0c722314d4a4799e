"""YAML files: the merge of lines is judged by what it says, and where lines conflict the nodes get their chance."""

from __future__ import annotations

from collections import Counter

from migrate.errors import UnreadableSource
from migrate.formats.comments import comments
from migrate.formats.gotemplate import ActionKind, actions, mask
from migrate.merge.data import Listed, Mapped, Undecided, Value, key_name, merge_value, read
from migrate.merge.nodes import merge_nodes
from migrate.merge.text import TextMerge, of_base, of_ours, of_theirs

Texts = tuple[bytes, bytes, bytes]
"""of base, ours, theirs"""
SUFFIXES = (".yaml", ".yml", ".json", ".lock", ".yaml.gotmpl", ".yml.gotmpl")


class Judge:
    """What the merge of three YAML texts has to say. `of` makes one, None if a text is no YAML.

    `templates` says that actions decide which lines there are: what can't be told then (a key once in each branch of an `if`)
    says nothing, and the nodes are left alone.
    """

    def __init__(self, base: Listed, ours: Listed, theirs: Listed, *, templates: bool) -> None:
        self.templates = templates
        self.undecided = ""
        self.wanted: Value | None = None
        try:
            self.wanted = merge_value(base, ours, theirs)
        except Undecided as error:
            self.undecided = ".".join(map(str, error.args)) or "the whole"

    @staticmethod
    def of(base: bytes, ours: bytes, theirs: bytes) -> Judge | None:
        """The judge for three files."""
        try:
            texts = [text.decode("utf-8") for text in (base, ours, theirs)]
        except UnicodeDecodeError:
            return None
        found = [read(text) for text in texts]
        if found[0] is None or found[1] is None or found[2] is None:
            return None
        empty = not found[0].items and len(found[1].items) == len(found[2].items)
        before = Listed((Mapped({}),) * len(found[1].items)) if empty else found[0]
        return Judge(before, found[1], found[2], templates=not all(map(_fixed, texts)))

    @property
    def silent(self) -> bool:
        """Whether nothing can be said, and the lines alone count."""
        return self.templates and bool(self.undecided)

    def objection(self, merged: bytes) -> str:
        """Why a merged text is wrong: the keys that lead to what differs, never a value. Empty if it is right."""
        if self.undecided:
            return "" if self.templates else f"both sides changed {self.undecided}"
        found = read(merged.decode("utf-8"))
        if found is None:
            return "the merged text is no YAML"
        where = difference(self.wanted, found)
        if where is None:
            return ""
        keys = where if len(found.items) != 1 else where[1:]
        return f"the merged text says something else at {'.'.join(keys) or 'the whole'}"


def _fixed(text: str) -> bool:
    """Whether a text has no template actions but those that give (a part of) a value."""
    masked = mask(text)
    return all(action.kind is ActionKind.OUTPUT and masked[action.start] != " " for action in actions(text))


def difference(wanted: Value | None, found: Value | None) -> tuple[str, ...] | None:
    """The keys that lead to the first difference of two values; None if there is none."""
    if wanted == found:
        return None
    if isinstance(wanted, Mapped) and isinstance(found, Mapped):
        for key in dict.fromkeys((*wanted.pairs, *found.pairs)):
            inner = difference(wanted.pairs.get(key), found.pairs.get(key))
            if inner is not None:
                return (key_name(key), *inner)
    if isinstance(wanted, Listed) and isinstance(found, Listed) and len(wanted.items) == len(found.items):
        for index, pair in enumerate(zip(wanted.items, found.items, strict=True)):
            inner = difference(*pair)
            if inner is not None:
                return (str(index), *inner)
    return ()


def by_nodes(merge: TextMerge, judge: Judge, originals: Texts) -> bytes | None:
    """The merged text where lines can't tell, made of nodes; None if that is not certain to be right.

    First what merges line by line is taken from there, so that the three texts that are compared differ in the conflicts
    only. Where
    that breaks the YAML (a list that one side indented anew, with an item that the other appended), the whole texts are compared.
    """
    if judge.templates or judge.undecided:
        return None
    for sides in dict.fromkeys(((merge.text(of_base), merge.text(of_ours), merge.text(of_theirs)), originals)):
        merged = _attempt(sides)
        if merged is not None and not judge.objection(merged):
            return merged
    return None


def _attempt(sides: Texts) -> bytes | None:
    base, ours, theirs = (text.decode("utf-8") for text in sides)
    try:
        merged = merge_nodes(base, ours, theirs)
    except Undecided:
        return None
    return merged.encode() if comments_add_up(base, ours, theirs, merged) else None


def comments_add_up(base: str, ours: str, theirs: str, merged: str) -> bool:
    """Whether each comment is there as often as it should be: what either side added or removed counts, the same by both once."""
    try:
        counts = [Counter(comment.text for comment in comments(text)) for text in (base, ours, theirs, merged)]
    except UnreadableSource:
        return False
    before, mine, other, after = counts
    return all(after[text] in _fit(before[text], mine[text], other[text]) for text in {*before, *mine, *other, *after})


def _fit(before: int, ours: int, theirs: int) -> set[int]:
    if ours == theirs:
        return {ours}
    return {ours + theirs - before}
