"""no_stale_mentions: each text that still names a legacy path is explained.

The texts are found by a plain look at bytes, without the finders that rewrite references. Explained is one that a
finder tells with its reason: it can't be rewritten surely, it is history, it named nothing before.
"""

from __future__ import annotations

from collections.abc import Mapping

from migrate.claims.gathered import Gathered
from migrate.claims.pieces import moves_of, still_there
from migrate.errors import UnreadableSource
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, Evidence
from migrate.model.references import Certainty
from migrate.references import find_in
from migrate.references.moves import Moves
from migrate.references.stale import Stale, stale

NAME = "no_stale_mentions"
ASSERTS = "each text that still names a legacy path is explained"


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each such text, and one for all files that were looked through."""
    case = gathered.case
    moves = moves_of(case)
    written = _written_by_the_migration(case)
    found = [mention for mention in stale(case.new, moves) if mention.path not in written]
    explained = {path: _explained(case, moves, path) for path in {mention.path for mention in found}}
    rest = Evidence("all files", True, f"{len(case.new.entries)} files looked through")
    return ClaimResult.of(NAME, ASSERTS, (*(_evidence(case, mention, explained[mention.path]) for mention in found), rest))


def _written_by_the_migration(case: ProofCase) -> frozenset[RepoPath]:
    """Files that name legacy paths on purpose: the record, the new state file with its comments, copies with their old bytes."""
    record = case.record
    return frozenset((*record.created, *(new for _, new in record.copies))) if record else frozenset()


def _explained(case: ProofCase, moves: Moves, path: RepoPath) -> Mapping[int, str]:
    """Line -> why what it names is left, as the finders say."""
    try:
        found = find_in(case.new, path, moves)
    except UnreadableSource as error:
        return {0: error.message}
    return {reference.origin.line: reference.reason for reference in found if reference.certainty is not Certainty.EXACT}


def _evidence(case: ProofCase, mention: Stale, explained: Mapping[int, str]) -> Evidence:
    there = "it is still there, and no record says that this was rewritten" if still_there(case, mention.target) else ""
    reason = explained.get(mention.line) or explained.get(0) or there
    detail = f"names {mention.target}: {reason}" if reason else f"still names {mention.target}, and nothing explains it"
    return Evidence(f"{mention.path}:{mention.line}", bool(reason), detail)
