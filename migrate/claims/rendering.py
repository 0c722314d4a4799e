"""Two renders compared, object by object and leaf by leaf."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from deepdiff import DeepDiff

from migrate.claims.random_leaves import is_another_draw
from migrate.formats.manifests import NotComparable, Value, identity, parse, readable, split
from migrate.model.facts import Failure

Render = Callable[[], "bytes | Failure"]
"""Renders a side anew each time it is called."""

REPEATS = 3
"""How often a side is rendered again to see which leaves vary."""


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """What differs: the object, the path of keys in it, and in which way. Never a value: it may be a secret."""

    document: str
    path: str
    what: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.document, self.path, self.what) if part)


@dataclass(frozen=True, slots=True)
class RenderResult:
    """The outcome of comparing one pair of renders.

    A render that failed leaves its failure here and no differences. `masked` counts the leaves that differ and vary on
    both sides; such a result is worth something only beside equal inputs.
    """

    documents: int
    differences: tuple[Difference, ...] = ()
    masked: int = 0
    old_failure: Failure | None = None
    new_failure: Failure | None = None
    built: bool = False
    """rendered again after `helm dependency build`, with the same outcome"""

    @property
    def equal(self) -> bool:
        """Both were rendered, and nothing differs but masked leaves."""
        return not (self.differences or self.old_failure or self.new_failure)


Leaf: TypeAlias = tuple[int, tuple[str | int, ...]]
"""The position of a document in its stream and the path inside it."""


def compare_renders(old: Render, new: Render) -> RenderResult:
    """Renders both sides and compares them; renders again only if they differ in leaves alone."""
    first, second = old(), new()
    if isinstance(first, Failure) or isinstance(second, Failure):
        return RenderResult(
            0,
            old_failure=first if isinstance(first, Failure) else None,
            new_failure=second if isinstance(second, Failure) else None,
        )
    documents = split(first)
    if first == second:
        return RenderResult(len(documents))
    others = split(second)
    if len(documents) != len(others):
        return RenderResult(len(documents), _unpaired(documents, others))
    hard, leaves = _differing(documents, others)
    if hard or not leaves:
        soft = [_leaf_difference(documents, leaf, "differs") for leaf in leaves]
        return RenderResult(len(documents), tuple(sorted([*hard, *soft])))
    return _masked(documents, others, leaves, old, new)


def both_ways(plain: RenderResult, built: RenderResult) -> RenderResult:
    """What is to be judged of a chart that is rendered as it is and with its dependencies built.

    Either way must be equal. Where nothing is vendored, only the second one renders; where `helm dependency build` fails alike
    on both sides, the first one alone is left.
    """
    old, new = built.old_failure, built.new_failure
    if old is not None and new is not None and (old.message, old.hidden) == (new.message, new.hidden):
        return plain
    unvendored = plain.old_failure is not None and plain.new_failure is not None
    if built.equal:
        return replace(built if unvendored else plain, built=True)
    return built if unvendored or plain.equal else plain


def _differing(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[list[Difference], list[Leaf]]:
    hard: list[Difference] = []
    leaves: list[Leaf] = []
    for position, (before, after) in enumerate(zip(old, new, strict=True)):
        if before == after:
            continue
        try:
            for path, what in _changes(parse(before), parse(after)):
                if what:
                    hard.append(Difference(name_of(before), dotted(path), what))
                else:
                    leaves.append((position, path))
        except NotComparable as error:
            hard.append(Difference(name_of(before), "", f"differs and can't be compared: {error}"))
    return hard, leaves


def _changes(old: Value, new: Value) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Paths of what differs; the text says how, and is empty for a scalar that has another value."""
    if old == new:
        return
    # zip_ordered_iterables pairs list items by position; DeepDiff skips keys that begin with "__" unless told otherwise.
    diff = DeepDiff(
        old,
        new,
        view="tree",
        ignore_order=False,
        ignore_private_variables=False,
        zip_ordered_iterables=True,
        threshold_to_diff_deeper=0,
        verbose_level=1,
    )
    found = False
    for category, items in diff.items():
        for item in items:
            found = True
            path = tuple(item.path(output_format="list"))
            yield path, "" if category == "values_changed" else _WORDS.get(category, "differs in kind")
    if not found:
        yield (), "differs in a way that DeepDiff does not name"


_WORDS: Mapping[str, str] = {
    "dictionary_item_added": "is only on the new side",
    "iterable_item_added": "is only on the new side",
    "dictionary_item_removed": "is only on the old side",
    "iterable_item_removed": "is only on the old side",
}


def _masked(
    documents: Sequence[bytes], others: Sequence[bytes], leaves: Sequence[Leaf], old: Render, new: Render
) -> RenderResult:
    seen = _draws(documents, leaves, old)
    drawn = _draws(others, leaves, new) if all(_varies(seen[leaf]) for leaf in leaves) else {}
    wrong = tuple(sorted(_judged(documents, leaf, seen[leaf], drawn.get(leaf, [])) for leaf in leaves))
    differences = tuple(difference for difference in wrong if difference.what)
    return RenderResult(len(documents), differences, 0 if differences else len(leaves))


def _judged(documents: Sequence[bytes], leaf: Leaf, seen: Sequence[str], drawn: Sequence[str]) -> Difference:
    if not _varies(seen):
        what = "differs"
    elif not drawn:
        what = "varies between two renders; others differ"
    elif not _varies(drawn):
        what = "varies on the old side and not on the new side"
    elif not all(is_another_draw(seen, value) for value in drawn):
        what = "varies on both sides, in another form"
    else:
        what = ""
    return _leaf_difference(documents, leaf, what)


def _varies(values: Sequence[str]) -> bool:
    return len(set(values)) > 1


def _draws(documents: Sequence[bytes], leaves: Sequence[Leaf], again: Render) -> dict[Leaf, list[str]]:
    """For each leaf the values it takes over several renders, until every one was seen to vary.

    A render that fails, or that has other documents, stops it: what was not seen to vary stays a difference.
    """
    seen: dict[Leaf, list[str]] = {leaf: [] for leaf in leaves}
    _look(documents, seen)
    for _ in range(REPEATS):
        more = again()
        if isinstance(more, Failure):
            break
        pieces = split(more)
        if len(pieces) != len(documents):
            break
        _look(pieces, seen)
        if all(_varies(values) for values in seen.values()):
            break
    return seen


def _look(documents: Sequence[bytes], seen: dict[Leaf, list[str]]) -> None:
    parsed: dict[int, Value] = {}
    for (position, path), values in seen.items():
        if position not in parsed:
            try:
                parsed[position] = parse(documents[position])
            except NotComparable:
                parsed[position] = ""
        value = _at(parsed[position], path)
        if value is not None:
            values.append(value)


def _at(value: Value, path: Sequence[str | int]) -> str | None:
    for key in path:
        if isinstance(value, dict) and key in value:
            value = value[str(key)]
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value if isinstance(value, str) else None


def _leaf_difference(documents: Sequence[bytes], leaf: Leaf, what: str) -> Difference:
    return Difference(name_of(documents[leaf[0]]), dotted(leaf[1]), what)


def _unpaired(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[Difference, ...]:
    """The objects of one side that the other lacks, when the sides have another number of objects."""
    shared = Counter(old) & Counter(new)
    names = [Counter(name_of(piece) for piece in (Counter(side) - shared).elements()) for side in (old, new)]
    gone = [Difference(name, "", "is only on the old side") for name in (names[0] - names[1]).elements()]
    come = [Difference(name, "", "is only on the new side") for name in (names[1] - names[0]).elements()]
    return tuple(sorted([*gone, *come])) or (Difference("", "", "another number of objects"),)


def name_of(document: bytes) -> str:
    """What a document is called in a report."""
    try:
        return identity(parse(document))
    except NotComparable as error:
        return f"document that is {error}"


def dotted(path: Sequence[str | int]) -> str:
    """A path of keys as people write it."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{readable(part)}" for part in path).removeprefix(".")
