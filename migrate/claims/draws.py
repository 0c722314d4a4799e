"""What leaves of a render are, over several renders of the same side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from migrate.formats.manifests import NotComparable, Value, parse, split
from migrate.model.facts import Failure

Render = Callable[[], "bytes | Failure"]
"""Renders a side anew each time it is called."""
Documents: TypeAlias = Sequence[bytes]
Leaf: TypeAlias = tuple[int, tuple[str | int, ...]]
"""The position of a document in its stream and the path inside it."""

REPEATS = 3
"""How often a side is rendered again to see which leaves vary."""


def varies(values: Sequence[str]) -> bool:
    """Whether two of them differ."""
    return len(set(values)) > 1


class Draws:
    """For each of some leaves the values that it was seen with."""

    def __init__(self, documents: Documents, leaves: Sequence[Leaf]) -> None:
        self._count = len(documents)
        self._seen: dict[Leaf, list[str]] = {leaf: [] for leaf in leaves}
        self._look(documents)

    def of(self, leaf: Leaf) -> Sequence[str]:
        """The values, in the order in which they were seen."""
        return self._seen[leaf]

    def all_vary(self) -> bool:
        """Whether each leaf was seen with two values."""
        return all(varies(values) for values in self._seen.values())

    def meets(self, other: Draws, leaf: Leaf) -> bool:
        """Whether the leaf was seen with the same value in both."""
        return not set(self.of(leaf)).isdisjoint(other.of(leaf))

    def draw(self, again: Render, enough: Callable[[], bool]) -> None:
        """Render again, until that is enough; a render that can't be used ends it: what was not seen stays unseen."""
        for _ in range(REPEATS):
            if not self.once(again) or enough():
                return

    def once(self, again: Render) -> bool:
        """Render once more; False for a failure, or for another number of documents."""
        more = again()
        pieces = () if isinstance(more, Failure) else split(more)
        if len(pieces) != self._count:
            return False
        self._look(pieces)
        return True

    def _look(self, documents: Documents) -> None:
        parsed: dict[int, Value] = {}
        for (position, path), values in self._seen.items():
            if position not in parsed:
                try:
                    parsed[position] = parse(documents[position])
                except NotComparable:
                    parsed[position] = {}
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
