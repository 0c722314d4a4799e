"""references_resolve: what pointed at a piece that moved points at its new place.

Each file is read before and after by the same finders: every piece that it named surely must be named at its new place, and what
it names in the new tree must be there. A file without such references is only looked through. Where no record tells of a
migration, a legacy piece that is still there may still be named.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims.every_file_has_a_verdict import record_path
from migrate.claims.gathered import Gathered
from migrate.claims.pieces import back, moves_of, pending, still_there
from migrate.errors import UnreadableSource
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, Evidence
from migrate.model.references import Certainty, Reference
from migrate.references import find_all, find_in
from migrate.references.moves import Moves

NAME = "references_resolve"
ASSERTS = "whatever pointed at a piece that moved points at its new place"


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each file that names such a piece, and one for all the others."""
    case = gathered.case
    moves = moves_of(case)
    ways = moves, back(moves, case)
    made = _made_before(case)
    found_in_old = ((path, found) for path, found in find_all(case.old, moves) if path not in made)
    evidence = tuple(piece for path, found in found_in_old for piece in _of_file(case, ways, path, found))
    rest = Evidence("all other files", True, f"{len(case.old.entries)} files looked through")
    return ClaimResult.of(NAME, ASSERTS, (*evidence, rest))


def _made_before(case: ProofCase) -> frozenset[RepoPath]:
    """What the migration wrote, if the old side is one that it was merged into: those files name new places by themselves."""
    if case.record is None or record_path(case) not in case.old:
        return frozenset()
    return frozenset(path for path in case.record.created if case.old.entries.get(path) == case.new.entries.get(path))


def _of_file(
    case: ProofCase, ways: tuple[Moves, Moves], path: RepoPath, found: tuple[Reference, ...] | UnreadableSource
) -> Iterator[Evidence]:
    """`ways` are the moves, and the way back."""
    moves, backwards = ways
    if isinstance(found, UnreadableSource) or path not in case.new:
        return
    wanted = {reference.becomes: reference for reference in found if reference.certainty is Certainty.EXACT}
    if not wanted:
        return
    held = case.record is not None and not pending(case, path)
    try:
        named = find_in(case.new, path, backwards)
        left = [other for other in find_in(case.new, path, moves) if other.certainty is Certainty.EXACT and held]
    except UnreadableSource as error:
        yield Evidence(path, False, error.message)
        return
    known = {other.target for other in named}
    lost = [other for becomes, other in wanted.items() if becomes not in known and not still_there(case, other.target, path)]
    for reference in lost:
        detail = f"`{reference.target}` is named here before, and {reference.becomes} is not named afterwards"
        yield Evidence(f"{path}:{reference.origin.line}", False, detail)
    for reference in left if not lost else ():
        yield Evidence(f"{path}:{reference.origin.line}", False, f"{reference.target} is named still, not {reference.becomes}")
    nowhere = [reference for reference in named if reference.target not in wanted and _leads_nowhere(case, reference)]
    for reference in nowhere:
        yield Evidence(f"{path}:{reference.origin.line}", False, f"{reference.target} is not there")
    if not lost and not left and not nowhere:
        yield Evidence(path, True, f"{len(wanted)} pieces named at their new places")


def _leads_nowhere(case: ProofCase, reference: Reference) -> bool:
    """A new place without unknown parts that is no file and no folder."""
    target = reference.target
    return not (any(character in target for character in "{*?[") or target in case.new or case.new.is_folder(target))
