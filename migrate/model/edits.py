"""A change of bytes at a place, checked against what is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace `old` at byte `offset` by `new`."""

    offset: int
    old: bytes
    new: bytes

    @property
    def end(self) -> int:
        """The offset behind the old bytes."""
        return self.offset + len(self.old)


def splice(source: bytes, edits: Iterable[Edit]) -> bytes:
    """The source with all edits made, from the end backwards.

    ValueError if two overlap, or if the bytes at an offset are not the edit's old bytes. Edits that only touch are fine;
    several insertions at one offset keep their order.
    """
    ordered = sorted(edits, key=lambda edit: (edit.offset, edit.end))
    for before, after in pairwise(ordered):
        if before.end > after.offset:
            raise ValueError(f"edits overlap at byte {after.offset}")
    result = source
    for edit in reversed(ordered):
        if source[edit.offset : edit.end] != edit.old:
            raise ValueError(f"the bytes at {edit.offset} are not those of the edit")
        result = result[: edit.offset] + edit.new + result[edit.end :]
    return result
