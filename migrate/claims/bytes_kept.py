"""bytes_kept: each copy has the bytes, the mode and the git attributes of its original; a file that stays keeps its attributes.

Attributes count because a checkout does: with another `text`, `eol` or `filter` the same blob becomes another file, and
`export-ignore` takes it out of an archive. A link counts by what it leads to. A file that is written anew must have no filter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrate.claims.gathered import Gathered
from migrate.claims.links import leads_elsewhere
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, Evidence

NAME = "bytes_kept"
ASSERTS = "each copied file has the bytes, the mode and the git attributes of its original, and files that stay keep theirs"


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each copy, and one for the files that stay where they are."""
    case = gathered.case
    copied = (_one(case, source, target) for source, target in copies_of(case))
    return ClaimResult.of(NAME, ASSERTS, (*copied, *_staying(case), *_filtered(case)))


def copies_of(case: ProofCase) -> tuple[tuple[RepoPath, RepoPath], ...]:
    """The record's copies; without one, each new path with the blob of an old one, paired with the likeliest original."""
    if case.record:
        return case.record.copies
    return tuple(_read_off(case))


def _read_off(case: ProofCase) -> Iterator[tuple[RepoPath, RepoPath]]:
    by_blob: dict[str, list[RepoPath]] = {}
    for path, entry in case.old.entries.items():
        by_blob.setdefault(entry.oid, []).append(path)
    for target, entry in case.new.entries.items():
        if target not in case.old and entry.oid in by_blob:
            yield max(by_blob[entry.oid], key=lambda source: (_shared_end(source, target), source)), target


def _shared_end(source: RepoPath, target: RepoPath) -> int:
    pairs = zip(reversed(source.split("/")), reversed(target.split("/")), strict=False)
    count = 0
    for a, b in pairs:
        if a != b:
            break
        count += 1
    return count


def _one(case: ProofCase, source: RepoPath, target: RepoPath) -> Evidence:
    before, after = case.old.entries.get(source), case.new.entries.get(target)
    subject = f"{source} -> {target}"
    if before is None or after is None:
        return Evidence(subject, False, f"{source if before is None else target} is missing")
    if before.oid != after.oid:
        return Evidence(subject, False, "other bytes")
    if before.mode != after.mode:
        return Evidence(subject, False, f"mode {before.mode} became {after.mode}")
    elsewhere = leads_elsewhere(case, source, target)
    if elsewhere:
        return Evidence(subject, False, elsewhere)
    return _attributes(subject, case.old_attributes.get(source), case.new_attributes.get(target))


def _attributes(subject: str, old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> Evidence:
    if old is None or new is None:
        return Evidence(subject, False, "its git attributes are not known")
    changed = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return Evidence(subject, not changed, f"git attributes differ: {', '.join(changed)}" if changed else "equal")


def _filtered(case: ProofCase) -> Iterator[Evidence]:
    """Written files with a `filter`: git would have made other bytes of them, encrypted ones or a pointer."""
    written = (*case.record.created, *case.record.edited) if case.record else [path for path in case.new if path not in case.old]
    for path in sorted(set(written)):
        name = case.new_attributes.get(path, {}).get("filter", "unset")
        if name != "unset" and (case.record or case.new.entries[path].oid not in {e.oid for e in case.old.entries.values()}):
            yield Evidence(path, False, f"has the filter {name}, so its bytes in the commit are not those of a checkout")


def _staying(case: ProofCase) -> Iterator[Evidence]:
    """The files that stay: a changed .gitattributes changes what is checked out of them."""
    staying = [path for path, entry in case.old.entries.items() if case.new.entries.get(path) == entry]
    folders = [path.folder for path in {*case.old, *case.new} if path.name == ".gitattributes" and path not in staying]
    concerned = [path for path in staying if any(path.is_below(folder) for folder in folders)]
    known = [path for path in concerned if path in case.old_attributes and path in case.new_attributes]
    pieces = [_attributes(path, case.old_attributes[path], case.new_attributes[path]) for path in known]
    yield from (piece for piece in pieces if not piece.holds)
    if len(known) < len(concerned):
        count = len(concerned) - len(known)
        yield Evidence("files that stay", False, f"a .gitattributes changed, and the attributes of {count} files are not known")
    elif staying:
        detail = f"{len(staying)} files, {len(folders)} .gitattributes changed"
        yield Evidence("files that stay", all(piece.holds for piece in pieces), detail)
