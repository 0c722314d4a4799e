"""How one sequence became another: the shortest edit script of Myers, as hunks, and the other places where a hunk could lie.

E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). Any set of matching pairs in order is a sound alignment: a
coarse one only makes hunks larger, and so makes conflicts of what could have been merged.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

Pair = tuple[int, int]
"""index in the base, index in the other, of one element that both hold"""
MOST_EDITS = 1_000
"""up to so many edits the script is the shortest; beyond, elements that are unique on both sides are matched first"""


@dataclass(frozen=True, slots=True)
class Hunk:
    """`base[start:end]` became `other[low:high]`."""

    start: int
    end: int
    low: int
    high: int

    @property
    def grows(self) -> bool:
        """Whether more stands there than before, so that something may have been inserted at either of its ends."""
        return self.high - self.low > self.end - self.start


def hunks(base: Sequence[Hashable], other: Sequence[Hashable]) -> tuple[Hunk, ...]:
    """What changed, in order, with unchanged elements between any two hunks. Where a hunk can lie at several
    places, it is the last.
    """
    return _slid(_between(matches(base, other), len(base), len(other)), base, other)


def readings(base: Sequence[Hashable], other: Sequence[Hashable]) -> tuple[tuple[Hunk, ...], ...]:
    """Several ways to tell the same change where repeated elements allow it.

    That of `hunks` first, then the one with each hunk as early as can be, then the one that is found from the end.
    """
    backwards = base[::-1], other[::-1]
    pairs = [(len(base) - 1 - at, len(other) - 1 - there) for at, there in reversed(matches(*backwards))]
    return (
        hunks(base, other),
        _turned(hunks(*backwards), len(base), len(other)),
        _slid(_between(pairs, len(base), len(other)), base, other),
    )


def matches(base: Sequence[Hashable], other: Sequence[Hashable]) -> list[Pair]:
    """A longest common subsequence, or a common one if more than MOST_EDITS elements differ."""
    head = _shared(base, other)
    tail = _shared(base[head:][::-1], other[head:][::-1])
    inner, there = base[head : len(base) - tail], other[head : len(other) - tail]
    known, wanted = set(there), set(inner)
    kept = [at for at, element in enumerate(inner) if element in known]
    also = [at for at, element in enumerate(there) if element in wanted]
    found = _matched([inner[at] for at in kept], [there[at] for at in also])
    return [
        *((at, at) for at in range(head)),
        *((head + kept[at], head + also[to]) for at, to in found),
        *((len(base) - left, len(other) - left) for left in range(tail, 0, -1)),
    ]


def _shared(one: Sequence[Hashable], two: Sequence[Hashable]) -> int:
    """How many elements both begin with."""
    pairs = enumerate(zip(one, two, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(two)))


def _matched(base: list[Hashable], other: list[Hashable]) -> list[Pair]:
    found = _shortest(base, other)
    return _anchored(base, other) if found is None else found


def _shortest(base: list[Hashable], other: list[Hashable]) -> list[Pair] | None:
    """Myers' greedy search with the furthest points of each number of edits kept; None beyond MOST_EDITS."""
    size, width = len(base), len(other)
    furthest, trail = {1: 0}, []
    for edits in range(min(size + width, MOST_EDITS) + 1):
        trail.append(furthest.copy())
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])
            at = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            while at < size and at - diagonal < width and base[at] == other[at - diagonal]:
                at += 1
            furthest[diagonal] = at
            if at >= size and at - diagonal >= width:
                return _traced(trail, size, width)
    return None


def _traced(trail: list[dict[int, int]], at: int, there: int) -> list[Pair]:
    found: list[Pair] = []
    for edits in range(len(trail) - 1, -1, -1):
        furthest, diagonal = trail[edits], at - there
        down = diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])
        before = diagonal + 1 if down else diagonal - 1
        start = furthest[before] if edits else 0
        while at > start + (0 if down or not edits else 1) and there > 0 and at > 0:
            at, there = at - 1, there - 1
            found.append((at, there))
        at, there = start, start - before
    return found[::-1]


def _anchored(base: list[Hashable], other: list[Hashable]) -> list[Pair]:
    """Elements that are there once on both sides and in the same order are matched, then what lies between them."""
    once, again = Counter(base), Counter(other)
    places = {element: at for at, element in enumerate(other) if again[element] == 1}
    unique = [(at, places[element]) for at, element in enumerate(base) if once[element] == 1 and element in places]
    found: list[Pair] = []
    start = low = 0
    for at, to in [*_rising(unique), (len(base), len(other))]:
        inside = _shortest(base[start:at], other[low:to]) or []
        found += [(start + left, low + right) for left, right in inside]
        found += [(at, to)] * (at < len(base))
        start, low = at + 1, to + 1
    return found


def _rising(pairs: list[Pair]) -> list[Pair]:
    """A longest run of pairs that rise on both sides."""
    ends: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for index, (_, to) in enumerate(pairs):
        pile = bisect_left(ends, to)
        before.append(piles[pile - 1] if pile else -1)
        ends[pile : pile + 1] = [to]
        piles[pile : pile + 1] = [index]
    found, index = [], piles[-1] if piles else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _between(pairs: list[Pair], size: int, width: int) -> Iterator[Hunk]:
    start = low = 0
    for at, to in [*pairs, (size, width)]:
        if at > start or to > low:
            yield Hunk(start, at, low, to)
        start, low = at + 1, to + 1


def _slid(found: Iterator[Hunk], base: Sequence[Hashable], other: Sequence[Hashable]) -> tuple[Hunk, ...]:
    """Mere insertions and mere deletions moved down past equal elements; a hunk that meets the next becomes one with it."""
    result: list[Hunk] = []
    for hunk in reversed(list(found)):
        moved = _moved(hunk, result[-1].start if result else len(base), base, other)
        if result and moved.end == result[-1].start:
            after = result.pop()
            moved = Hunk(moved.start, after.end, moved.low, after.high)
        result.append(moved)
    return tuple(reversed(result))


def _moved(hunk: Hunk, limit: int, base: Sequence[Hashable], other: Sequence[Hashable]) -> Hunk:
    start, end, low, high = hunk.start, hunk.end, hunk.low, hunk.high
    if start == end:
        while end < limit and other[low] == other[high]:
            start, end, low, high = start + 1, end + 1, low + 1, high + 1
    elif low == high:
        while end < limit and base[start] == base[end]:
            start, end, low, high = start + 1, end + 1, low + 1, high + 1
    return Hunk(start, end, low, high)


def _turned(found: tuple[Hunk, ...], size: int, width: int) -> tuple[Hunk, ...]:
    return tuple(Hunk(size - h.end, size - h.start, width - h.high, width - h.low) for h in reversed(found))
