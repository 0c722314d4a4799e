"""every_file_has_a_verdict: each tracked path is accounted for.

Each path of the base is unchanged on the branch, edited or removed as the record says; each path that is new on the branch is a
copy or created, as the record says. Without a record, copies are read off the blobs and new files may lie beside the new state
file; an edit or a removal of anything whose bytes are nowhere else is then explained by nothing, and fails.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims.gathered import Gathered
from migrate.claims.used_files import unaccounted, unnamed_copies
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, Evidence

NAME = "every_file_has_a_verdict"
ASSERTS = "each tracked file is unchanged, copied, edited, created or removed as recorded"

RECORD_PATH = ".migrate/record.json"
"""Where the record lies, from the folder of the new state file."""


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each path of either tree."""
    case = gathered.case
    blobs = frozenset(entry.oid for entry in case.new.entries.values())
    old = (_of_old(case, path, blobs) for path in sorted(case.old))
    known = frozenset(target for _, target in case.record.copies) if case.record else _blobs_of_old(case)
    new = (_of_new(case, path, known) for path in sorted(case.new) if path not in case.old)
    return ClaimResult.of(NAME, ASSERTS, (*old, *new, *_unkept_promises(case), *_copies_untold(gathered)))


def _blobs_of_old(case: ProofCase) -> frozenset[str]:
    return frozenset(entry.oid for entry in case.old.entries.values())


def overwritten(case: ProofCase) -> tuple[RepoPath, ...]:
    """What the record calls created though the base has it with other bytes: edited files by another name."""
    created = case.record.created if case.record else ()
    return tuple(p for p in created if p in case.old and p != case.new_state and case.old.entries[p] != case.new.entries.get(p))


def _of_old(case: ProofCase, path: RepoPath, blobs: frozenset[str]) -> Evidence:
    before, after = case.old.entries[path], case.new.entries.get(path)
    if before == after:
        return Evidence(path, True, "unchanged")
    record = case.record
    if after is not None:
        edited = record is not None and path in (*record.edited, *record.created)
        mode = "" if before.mode == after.mode else f" (mode {before.mode} became {after.mode})"
        return Evidence(path, edited and not mode, f"edited{mode}" if edited else f"changed, and no record says so{mode}")
    if record is None:
        kept = before.oid in blobs
        return Evidence(path, kept, "moved" if kept else "removed, and its bytes are nowhere on the branch")
    named = path in record.removed
    return Evidence(path, named, "removed as recorded" if named else "removed, and no record says so")


def _of_new(case: ProofCase, path: RepoPath, known: frozenset[str]) -> Evidence:
    """`known` are the targets of the record's copies; without a record, the blobs of the old side."""
    record = case.record
    if record is None:
        return _read_off(case, path, known)
    if path in known:
        return Evidence(path, True, "copied")
    if path in record.created or path == record_path(case):
        return Evidence(path, True, "created")
    return Evidence(path, False, "new, and no record says so")


def _read_off(case: ProofCase, path: RepoPath, blobs: frozenset[str]) -> Evidence:
    if case.new.entries[path].oid in blobs:
        return Evidence(path, True, "copied")
    folder = RepoPath(case.new_state).folder
    beside = bool(folder) and path.is_below(folder)
    return Evidence(path, beside, "created" if beside else "new, outside of the new state file's folder")


def record_path(case: ProofCase) -> str:
    """Where the new side has its record."""
    folder = RepoPath(case.new_state).folder
    return f"{folder}/{RECORD_PATH}" if folder else RECORD_PATH


def _unkept_promises(case: ProofCase) -> Iterator[Evidence]:
    """What the record names and the trees don't show."""
    record = case.record
    if record is None:
        return
    for source, target in record.copies:
        if source not in case.old or target not in case.new:
            yield Evidence(target, False, f"recorded as a copy of {source}, and not there")
    for path in (*record.created, *record.edited):
        if path not in case.new:
            yield Evidence(path, False, "recorded as written, and not there")
    for path in record.removed:
        if path in case.new:
            yield Evidence(path, False, "recorded as removed, and still there")


def _copies_untold(gathered: Gathered) -> Iterator[Evidence]:
    """Copies that the record does not call so: what names their originals would not be looked for."""
    for source, target in unnamed_copies(gathered.case):
        yield Evidence(target, False, f"recorded as created, and a copy of {source}")
    for path in unaccounted(gathered):
        yield Evidence(path, False, "loaded before and no more, and no record says where it went")
