"""The contents of one file merged: lines first, then what they say as YAML, then nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from migrate.merge.conflict import Block, Kind, blocks_of, hull
from migrate.merge.text import LineRegion, TextMerge, merge_text
from migrate.merge.yaml import SUFFIXES, Judge, by_nodes

BINARY_PREFIX = 8_000
"""git takes a file for binary if it finds a NUL in so many bytes"""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why contents could not be merged. `otherwise` is the merge with each clash as ours has it, where lines clash."""

    kind: Kind
    detail: str = ""
    blocks: tuple[Block, ...] = ()
    otherwise: bytes | None = None


def merge_content(path: str, base: bytes | None, ours: bytes, theirs: bytes) -> bytes | Trouble:
    """The merged bytes, or why there are none. Without a base, two files that were added are merged by their YAML nodes only."""
    if ours in (base, theirs):
        return theirs
    if base == theirs:
        return ours
    if any(b"\0" in text[:BINARY_PREFIX] for text in (base or b"", ours, theirs)):
        return Trouble(Kind.BINARY)
    before = base or b""
    texts = before, ours, theirs
    merge = merge_text(*texts)
    judge = Judge.of(*texts) if path.endswith(SUFFIXES) else None
    if base is None:
        added = by_nodes(merge, judge, texts) if judge else None
        return added if added is not None else _trouble(Kind.BOTH_ADDED, merge.clashes, texts)
    if judge is None or judge.silent:
        return _of_lines(merge, texts)
    return _of_yaml(merge, judge, texts)


def _of_lines(merge: TextMerge, texts: tuple[bytes, bytes, bytes]) -> bytes | Trouble:
    if merge.clashes:
        return _clash(merge, texts)
    if merge.ambiguous:
        return _trouble(Kind.AMBIGUOUS_PLACE, hull(merge.regions), texts)
    return merge.text()


def _of_yaml(merge: TextMerge, judge: Judge, texts: tuple[bytes, bytes, bytes]) -> bytes | Trouble:
    """Of two readings of the lines the one that says the right thing is taken."""
    objections: list[str] = []
    for found in (merge.regions, merge.ambiguous):
        if found and not merge.clashes and not merge.doubled:
            merged = TextMerge(found).text()
            objections.append(judge.objection(merged))
            if not objections[-1]:
                return merged
    by_node = by_nodes(merge, judge, texts)
    if by_node is not None:
        return by_node
    if merge.clashes:
        return _clash(merge, texts)
    if merge.doubled:
        return _trouble(Kind.AMBIGUOUS_PLACE, hull(merge.regions), texts)
    return _trouble(Kind.MERGED_TEXT_DIFFERS, hull(merge.regions), texts, objections[0])


def _clash(merge: TextMerge, texts: tuple[bytes, bytes, bytes]) -> Trouble:
    return replace(_trouble(Kind.BOTH_CHANGED, merge.clashes, texts), otherwise=merge.text())


def _trouble(kind: Kind, found: Sequence[LineRegion], texts: tuple[bytes, bytes, bytes], detail: str = "") -> Trouble:
    return Trouble(kind, detail, blocks_of(found, texts))
