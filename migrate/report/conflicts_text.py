"""What could not be merged, as text: the base and both sides of each place, without secrets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate.merge import Block, Conflict

NAMES = ("before, in the old base", "on the branch", "in the new base")
SHOWN = 40
"""So many lines of a side are shown."""


def conflicts_text(conflicts: Sequence[Conflict]) -> str:
    """Each conflict with its place, its kind, and the three texts."""
    return "\n".join(line for conflict in conflicts for line in _lines(conflict)) + "\n"


def _lines(conflict: Conflict) -> Iterator[str]:
    detail = f": {conflict.detail}" if conflict.detail else ""
    yield f"{conflict.where()} [{conflict.kind}]{detail}"
    for block in conflict.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    for name, span, text in zip(NAMES, block.spans, block.shown, strict=True):
        lines = text.split("\n") if span.count else []
        yield f"  {name} ({span}):" if lines else f"  {name}: nothing"
        yield from (f"  | {line}" for line in lines[:SHOWN])
        if lines[SHOWN:]:
            yield f"  | … and {len(lines) - SHOWN} more lines"
