"""Bytes as lines, and the three-way merge of lines. Line breaks, a missing last one, a BOM and any encoding stay as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from migrate.merge.regions import Origin, Region, join, moved_twice, other_regions, regions

END, CUT = b"\n", b"\n\n"
"""last tokens of a text that ends with a line break, and of one that doesn't; no line can be one"""

_WORD = re.compile(rb"[^\W_]")
LineRegion = Region[bytes]


def of_base(region: LineRegion) -> list[bytes]:
    """A region in the base."""
    return list(region.base)


def of_ours(region: LineRegion) -> list[bytes]:
    """A region in ours."""
    return list(region.ours)


def of_theirs(region: LineRegion) -> list[bytes]:
    """A region in theirs."""
    return list(region.theirs)


@dataclass(frozen=True, slots=True)
class TextMerge:
    """The regions of three texts. `ambiguous` is empty unless lines alone can't tell what is meant.

    It holds the regions of a second reading that comes out otherwise, or the same again if a line that both sides moved is
    doubled.
    """

    regions: tuple[LineRegion, ...]
    ambiguous: tuple[LineRegion, ...] = ()

    @property
    def doubled(self) -> bool:
        """Whether both sides moved a line, each elsewhere, so that it would be there twice."""
        return bool(self.ambiguous) and self.ambiguous == self.regions

    @property
    def clashes(self) -> tuple[LineRegion, ...]:
        """What both sides changed, each in its own way."""
        return tuple(region for region in self.regions if region.origin is Origin.CLASH)

    def text(self, side: Callable[[LineRegion], Sequence[bytes]] = of_ours) -> bytes:
        """The merged text, with each clash as one side has it."""
        return unsplit(join(self.regions, side))


def merge_text(base: bytes, ours: bytes, theirs: bytes) -> TextMerge:
    """The texts merged line by line."""
    sides = split(base), split(ours), split(theirs)
    merge = TextMerge(regions(*sides))
    if merge.clashes:
        return merge
    if any(_WORD.search(line) for line in moved_twice(*sides, split(merge.text()))):
        return TextMerge(merge.regions, merge.regions)
    for found in other_regions(*sides):
        other = TextMerge(found)
        if not other.clashes and other.text() != merge.text():
            return TextMerge(merge.regions, found)
    return merge


def split(text: bytes) -> list[bytes]:
    """The lines without their line feeds, and a token for how the text ends, so that every sequence of lines is a text again."""
    lines = text.split(b"\n")
    return [*lines[:-1], END] if not lines[-1] else [*lines, CUT]


def unsplit(tokens: Sequence[bytes]) -> bytes:
    """The text again."""
    lines = [token for token in tokens if token not in (END, CUT)]
    return b"\n".join(lines) + (b"\n" if lines and END in tokens else b"")
