"""What could not be merged, and why: both sides and the base, where they stand, and the same without secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from migrate.merge.redact import Redaction
from migrate.merge.regions import Origin, Region
from migrate.merge.text import END, LineRegion, of_base, of_ours, of_theirs
from migrate.model.paths import RepoPath

Texts = tuple[bytes | None, bytes | None, bytes | None]
"""of base, ours and theirs; None where there is no such file"""


class Kind(StrEnum):
    """Why two changes can't both be made. The meaning of each stands in docs/explanation/re-run.md."""

    BOTH_CHANGED = "both-changed"
    AMBIGUOUS_PLACE = "ambiguous-place"
    MERGED_TEXT_DIFFERS = "merged-text-differs"
    BOTH_ADDED = "both-added"
    DELETED_AND_CHANGED = "deleted-and-changed"
    RENAMED_TWICE = "renamed-twice"
    RENAMED_AND_DELETED = "renamed-and-deleted"
    BINARY = "binary"
    NO_TEXT = "no-text"
    KIND_OF_FILE = "kind-of-file"
    MODE = "mode"
    FILE_AND_FOLDER = "file-and-folder"
    CONTENT_MISSING = "content-missing"


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of a file: the first one, counted from 1, and how many."""

    start: int
    count: int

    def __str__(self) -> str:
        """As a reader counts: `7`, `7-9`; `before 7` for a place between lines."""
        if not self.count:
            return f"before {self.start}"
        return str(self.start) if self.count == 1 else f"{self.start}-{self.start + self.count - 1}"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines on the three sides.

    `texts` are the bytes; `shown` is the same as text, with `<hidden N>` where a secret may be.
    """

    spans: tuple[Span, Span, Span]
    texts: tuple[bytes, bytes, bytes] = field(repr=False)
    shown: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One file that could not be merged.

    `path` is where it stands in ours (else in theirs, else in the base), `paths` where on each side, if it is there. `detail`
    says more than the kind: keys or paths, never values. `blocks` are what to show, base, ours and theirs in this order;
    empty where there is no text.
    """

    path: RepoPath
    kind: Kind
    paths: tuple[RepoPath | None, RepoPath | None, RepoPath | None]
    detail: str = ""
    blocks: tuple[Block, ...] = ()

    def where(self) -> str:
        """`PATH:LINES` of ours, with the lines on the other sides, and the paths there if they are others."""
        if not self.blocks:
            return str(self.path)
        base, ours, theirs = self.blocks[0].spans
        others = [
            f"{word} {'' if path in (self.path, None) else f'{path}:'}{span}"
            for word, path, span in (("base", self.paths[0], base), ("theirs", self.paths[2], theirs))
        ]
        return f"{self.path}:{ours} ({', '.join(others)})"


def blocks_of(found: Sequence[LineRegion], texts: tuple[bytes, bytes, bytes]) -> tuple[Block, ...]:
    """Regions of three texts as blocks to show."""
    redaction = Redaction()
    shown = [redaction.lines(text) for text in texts]
    return tuple(_block(region, shown) for region in found)


def hull(found: Sequence[LineRegion]) -> tuple[LineRegion, ...]:
    """All regions from the first change to the last, as one; nothing where nothing changed."""
    changed = [index for index, region in enumerate(found) if region.origin is not Origin.NOBODY]
    if not changed:
        return ()
    inside = found[changed[0] : changed[-1] + 1]
    base, ours, theirs = ([token for region in inside for token in side(region)] for side in (of_base, of_ours, of_theirs))
    return (Region(Origin.CLASH, inside[0].at, base, ours, theirs),)


def _block(region: LineRegion, shown: list[list[str]]) -> Block:
    sides = (region.base, region.ours, region.theirs)
    lines = [[token for token in side if not token.startswith(END)] for side in sides]
    spans = [Span(at + 1, len(side)) for at, side in zip(region.at, lines, strict=True)]
    words = ["\n".join(text[span.start - 1 : span.start - 1 + span.count]) for text, span in zip(shown, spans, strict=True)]
    raw = [b"\n".join(side) for side in lines]
    return Block((spans[0], spans[1], spans[2]), (raw[0], raw[1], raw[2]), (words[0], words[1], words[2]))
