"""diff3: the changes of two sides of one base, put side by side.

S. Khanna, K. Kunal, B. C. Pierce, "A Formal Investigation of Diff3" (2007), with one difference: changes that merely touch are
merged, unless both may have inserted something at the place where they touch, whose order nobody knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from migrate.merge.alignment import Hunk, readings

T = TypeVar("T", bound=Hashable)
Script = tuple[Hunk, ...]


class Origin(Enum):
    """Who changed a region."""

    NOBODY = "nobody"
    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"
    CLASH = "clash"


@dataclass(frozen=True, slots=True)
class Region(Generic[T]):
    """A run of elements on the three sides, with the index where it begins on each. BOTH have made the same of it."""

    origin: Origin
    at: tuple[int, int, int]
    base: Sequence[T]
    ours: Sequence[T]
    theirs: Sequence[T]

    @property
    def merged(self) -> Sequence[T]:
        """What it becomes; that of ours for a clash."""
        return self.theirs if self.origin is Origin.THEIRS else self.ours


def regions(base: Sequence[T], ours: Sequence[T], theirs: Sequence[T]) -> tuple[Region[T], ...]:
    """The three sequences cut at the same places."""
    return _laid(base, ours, theirs, readings(base, ours)[0], readings(base, theirs)[0])


def other_regions(base: Sequence[T], ours: Sequence[T], theirs: Sequence[T]) -> Iterator[tuple[Region[T], ...]]:
    """The same from the other readings of the two changes, where there are any."""
    first, *others = zip(readings(base, ours), readings(base, theirs), strict=True)
    yield from (_laid(base, ours, theirs, *pair) for pair in dict.fromkeys(others) if pair != first)


def join(found: Sequence[Region[T]], side: Callable[[Region[T]], Sequence[T]]) -> list[T]:
    """All regions, a clash as `side` chooses it."""
    return [element for region in found for element in (side(region) if region.origin is Origin.CLASH else region.merged)]


def moved_twice(base: Sequence[T], ours: Sequence[T], theirs: Sequence[T], merged: Sequence[T]) -> frozenset[T]:
    """Elements that each side has as often as the base, but the merge more often: both moved them, each elsewhere."""
    before, mine, other, after = map(Counter, (base, ours, theirs, merged))
    return frozenset(each for each in before if before[each] == mine[each] == other[each] < after[each])


def meets(ours: Hunk, theirs: Hunk) -> bool:
    """Whether two sides' hunks can't both be made without knowing more."""
    if max(ours.start, theirs.start) < min(ours.end, theirs.end):
        return True
    touch = ours.start in (theirs.start, theirs.end) or ours.end in (theirs.start, theirs.end)
    if touch:
        return ours.grows and theirs.grows
    return theirs.start < ours.start == ours.end < theirs.end or ours.start < theirs.start == theirs.end < ours.end


def _laid(base: Sequence[T], ours: Sequence[T], theirs: Sequence[T], mine: Script, other: Script) -> tuple[Region[T], ...]:
    found: list[Region[T]] = []
    at = (0, 0, 0)
    for left, right in [*_groups(mine, other), ((), ())]:
        start = min((hunk.start for hunk in (*left, *right)), default=len(base))
        end = max((hunk.end for hunk in (*left, *right)), default=len(base))
        quiet = start - at[0]
        if quiet:
            kept = base[at[0] : start]
            found.append(Region(Origin.NOBODY, at, kept, kept, kept))
        begin = (start, at[1] + quiet, at[2] + quiet)
        stop = (end, begin[1] + end - start + _growth(left), begin[2] + end - start + _growth(right))
        cut = base[start:end], ours[begin[1] : stop[1]], theirs[begin[2] : stop[2]]
        if left or right:
            found.append(Region(_origin(left, right, list(cut[1]) == list(cut[2])), begin, *cut))
        at = stop
    return tuple(found)


def _growth(script: Script) -> int:
    return sum(hunk.high - hunk.low - hunk.end + hunk.start for hunk in script)


def _origin(left: Script, right: Script, same: bool) -> Origin:
    if left and right:
        return Origin.BOTH if same else Origin.CLASH
    return Origin.OURS if left else Origin.THEIRS


def _groups(mine: Script, other: Script) -> Iterator[tuple[Script, Script]]:
    """Hunks that meet, together; in the order of the base."""
    sides = sorted([(h.start, h.end, 0, h) for h in mine] + [(h.start, h.end, 1, h) for h in other], key=lambda each: each[:3])
    group: tuple[list[Hunk], list[Hunk]] = ([], [])
    for _, _, side, hunk in sides:
        if any(meets(hunk, there) for there in group[1 - side]):
            group[side].append(hunk)
            continue
        if group[0] or group[1]:
            yield tuple(group[0]), tuple(group[1])
        group = ([hunk], []) if side == 0 else ([], [hunk])
    if group[0] or group[1]:
        yield tuple(group[0]), tuple(group[1])
