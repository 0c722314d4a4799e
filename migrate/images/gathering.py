"""Images of many cells as one list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from migrate.images.spelling import whole
from migrate.model.facts import CellId
from migrate.model.images import Image, Named


def gathered(found: Iterable[tuple[CellId, Named]]) -> tuple[Image, ...]:
    """One entry for each image, sorted by name; one whose text is no image stands under that text."""
    uses: defaultdict[str, set[tuple[CellId, Named]]] = defaultdict(set)
    for cell, named in found:
        uses[whole(named.text) or named.text].add((cell, named))
    return tuple(
        Image(name, tuple(sorted({named.text for _, named in pairs})), tuple(sorted(pairs)))
        for name, pairs in sorted(uses.items())
    )
