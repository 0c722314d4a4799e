"""Two renders compared, object by object and leaf by leaf."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from migrate.claims.draws import Documents, Draws, Leaf, Render, varies
from migrate.claims.random_leaves import is_another_draw
from migrate.formats.manifests import NotComparable, Value, identity, parse, readable, split
from migrate.model.facts import Failure

SELDOM = 24
"""How often both sides are rendered to see a value that varies seldom; only where helm is given the same."""


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


def compare_renders(old: Render, new: Render, *, certified: bool = False) -> RenderResult:
    """Renders both sides and compares them; renders again only if they differ in leaves alone.

    `certified` says that helm is given the same on both sides: what differs can then only be a value that varies, and if it
    varies seldom, it is looked for longer, until both sides have been seen with the same one.
    """
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
    result = _compared((documents, split(second)), old, new, certified=certified)
    if certified and not result.equal and _meet(first, second, old, new):
        return RenderResult(len(documents), masked=1)
    return result


def _compared(pair: tuple[Documents, Documents], old: Render, new: Render, *, certified: bool) -> RenderResult:
    documents, others = pair
    if len(documents) != len(others):
        return RenderResult(len(documents), _unpaired(documents, others))
    hard, leaves = _differing(documents, others)
    if hard or not leaves:
        soft = [_leaf_difference(documents, leaf, "differs") for leaf in leaves]
        return RenderResult(len(documents), tuple(sorted([*hard, *soft])))
    return _masked(pair, leaves, (old, new), certified=certified)


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


def _meet(first: bytes, second: bytes, old: Render, new: Render) -> bool:
    """Whether both sides render the same bytes at times: a chart that draws which objects it makes, or their order."""
    sides: tuple[set[bytes], set[bytes]] = {first}, {second}
    for _ in range(SELDOM):
        for side, render in zip(sides, (old, new), strict=True):
            more = render()
            if isinstance(more, Failure):
                return False
            side.add(more)
        if sides[0] & sides[1]:
            return True
    return False


def _differing(old: Documents, new: Documents) -> tuple[list[Difference], list[Leaf]]:
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
    from deepdiff import DeepDiff  # noqa: PLC0415 -- it takes long to load, and is needed only where objects differ

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
    pair: tuple[Documents, Documents], leaves: Sequence[Leaf], again: tuple[Render, Render], *, certified: bool
) -> RenderResult:
    documents, others = pair
    seen, drawn = Draws(documents, leaves), Draws(others, leaves)
    seen.draw(again[0], seen.all_vary)
    if seen.all_vary():
        drawn.draw(again[1], drawn.all_vary)
    rounds = SELDOM if certified else 0
    wrong = _wrong(documents, leaves, seen, drawn, certified=certified)
    while wrong and rounds and seen.once(again[0]) and drawn.once(again[1]):
        rounds -= 1
        wrong = _wrong(documents, leaves, seen, drawn, certified=certified)
    return RenderResult(len(documents), wrong, 0 if wrong else len(leaves))


def _wrong(documents: Documents, leaves: Sequence[Leaf], seen: Draws, drawn: Draws, *, certified: bool) -> tuple[Difference, ...]:
    """The leaves that are not shown to vary alike; beside equal inputs it is enough that both sides had the same value once."""
    open_ = (leaf for leaf in leaves if not (certified and seen.meets(drawn, leaf)))
    judged = (_judged(documents, leaf, seen.of(leaf), drawn.of(leaf)) for leaf in open_)
    return tuple(sorted(difference for difference in judged if difference.what))


def _judged(documents: Documents, leaf: Leaf, seen: Sequence[str], drawn: Sequence[str]) -> Difference:
    if not varies(seen):
        what = "differs"
    elif len(drawn) < 2:  # noqa: PLR2004  (it was rendered but once)
        what = "varies between two renders; others differ"
    elif not varies(drawn):
        what = "varies on the old side and not on the new side"
    elif not all(is_another_draw(seen, value) for value in drawn):
        what = "varies on both sides, in another form"
    else:
        what = ""
    return _leaf_difference(documents, leaf, what)


def _leaf_difference(documents: Sequence[bytes], leaf: Leaf, what: str) -> Difference:
    return Difference(name_of(documents[leaf[0]]), dotted(leaf[1]), what)


def _unpaired(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[Difference, ...]:
    """The objects of one side that the other lacks, when the sides have another number of objects."""
    shared = Counter(old) & Counter(new)
    names = [Counter(name_of(piece) for piece in (Counter(side) - shared).elements()) for side in (old, new)]
    gone = [Difference(name, "", "is only on the old side") for name in (names[0] - names[1]).elements()]
    come = [Difference(name, "", "is only on the new side") for name in (names[1] - names[0]).elements()]
    return tuple(sorted([*gone, *come]))


def name_of(document: bytes) -> str:
    """What a document is called in a report."""
    try:
        return identity(parse(document))
    except NotComparable as error:
        return f"document that is {error}"


def dotted(path: Sequence[str | int]) -> str:
    """A path of keys as people write it."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{readable(part)}" for part in path).removeprefix(".")
