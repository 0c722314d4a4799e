"""One file with its paths in base, ours and theirs."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.merge.conflict import Kind
from migrate.merge.content import Trouble
from migrate.model.paths import RepoPath

Three = tuple[RepoPath | None, RepoPath | None, RepoPath | None]
"""a file's path in base, ours and theirs"""


def where(three: Three) -> RepoPath:
    """The path that a conflict is named by."""
    base, ours, theirs = three
    path = ours or theirs or base
    assert path is not None  # noqa: S101  # some side has the file
    return path


def rename_trouble(three: Three) -> Trouble | None:
    """Why a file that was renamed can't be merged; None if it can."""
    base, ours, theirs = three
    if base and ours and theirs and len({base, ours, theirs}) == 3:  # noqa: PLR2004  # three paths
        return Trouble(Kind.RENAMED_TWICE, f"{base} became {ours} and {theirs}")
    if base and not (ours and theirs) and (ours or theirs) not in (None, base):
        return Trouble(Kind.RENAMED_AND_DELETED, f"{base} became {ours or theirs}")
    return None


def counted(followed: Sequence[Three]) -> dict[tuple[int, RepoPath], int]:
    """How many files each path of each side is one of."""
    counts: dict[tuple[int, RepoPath], int] = {}
    for three in followed:
        for side, path in enumerate(three):
            if path:
                counts[side, path] = counts.get((side, path), 0) + 1
    return counts
