"""Which pieces a migration moved, for the claims on what points at them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.phases import PHASES, WITHOUT_CLEANUP, phase_of, sub_issue_of_file
from migrate.references.moves import Moves


def moves_of(case: ProofCase) -> Moves:
    """The moves of the record; without one, each new file is a copy of the old one with its bytes whose path ends most alike."""
    copies = dict(case.record.copies) if case.record else _read_off(case)
    root, new_state = RepoPath(case.old_state), RepoPath(case.new_state)
    return Moves({**dict(case.absent), **copies}, frozenset(case.merged), root, new_state, frozenset(case.old))


def back(moves: Moves, case: ProofCase) -> Moves:
    """The way back: what names a new place names the legacy piece that lies there."""
    files = {new: old for old, new in moves.files.items()}
    return Moves(files, frozenset({moves.new_state}), moves.new_state, moves.root, frozenset(case.new))


def pending(case: ProofCase, file: str) -> bool:
    """Whether the record says that the phase in which this file is rewritten is still to come."""
    return case.record is not None and case.record.through < phase_of(sub_issue_of_file(file))


def left_for_later(case: ProofCase) -> Iterator[str]:
    """What the record keeps the claims on references from asking; nothing once all phases but the cleanup are done."""
    if case.record is not None and case.record.through < WITHOUT_CLEANUP:
        later = ", ".join(f"{number} {PHASES[number]}" for number in range(case.record.through + 1, WITHOUT_CLEANUP + 1))
        yield f"references in files of later phases, as the record says: {later}"


def still_there(case: ProofCase, target: str, file: str) -> bool:
    """Whether nothing says that this file's mention of a legacy piece was rewritten, and that piece (or its folder) is there.

    A record says so, but not of a file whose phase is to come, nor of one commit that is held against itself to see whether its
    two trees have drifted apart.
    """
    if case.record is not None and case.base != case.branch and not pending(case, file):
        return False
    known = re.split(r"[{*?\[]", target, maxsplit=1)[0]
    known = known.rpartition("/")[0] if known != target else known
    return known in case.new or case.new.is_folder(known)


def _read_off(case: ProofCase) -> dict[RepoPath, RepoPath]:
    by_blob: dict[str, list[RepoPath]] = {}
    for path, entry in case.old.entries.items():
        if case.new.entries.get(path) != entry or _beside(case, path):
            by_blob.setdefault(entry.oid, []).append(path)
    found: dict[RepoPath, RepoPath] = {}
    for path, entry in case.new.entries.items():
        if path not in case.old and (sources := by_blob.get(entry.oid)):
            found[max(sources, key=lambda source: (_alike(source, path), source))] = path
    return found


def _beside(case: ProofCase, path: RepoPath) -> bool:
    """Legacy files may stay until a cleanup; those of the new tree's own folder are no legacy files."""
    folder = RepoPath(case.new_state).folder
    return not (folder and path.is_below(folder))


def _alike(one: str, other: str) -> int:
    """How many parts of two paths are the same, from the end."""
    count = 0
    for a, b in zip(reversed(one.split("/")), reversed(other.split("/")), strict=False):
        if a != b:
            break
        count += 1
    return count
