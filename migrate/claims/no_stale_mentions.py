"""no_stale_mentions: each text that still names a legacy path is explained.

The texts are found by a plain look at bytes, without the finders that rewrite references. Explained is one that a finder tells
with its reason (it can't be rewritten surely, it is history, it named nothing before), one that no finder knows and that the same
file held before (the plan tells each of those), and one in a document whose line names the new place, too: somebody writes down
what has moved where. A new one, and one that should have been rewritten, is a fault.
"""

from __future__ import annotations

from collections.abc import Mapping

from migrate.claims.every_file_has_a_verdict import overwritten
from migrate.claims.gathered import Gathered
from migrate.claims.pieces import moves_of, pending, still_there
from migrate.errors import UnreadableSource
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.phases import PROSE, phase_of, sub_issue_of_file
from migrate.model.proof import ClaimResult, Evidence
from migrate.model.references import Certainty
from migrate.references import find_in
from migrate.references.moves import Moves
from migrate.references.stale import Stale, stale
from migrate.references.untold import REASON

NAME = "no_stale_mentions"
ASSERTS = "each text that still names a legacy path is explained"


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each such text, and one for all files that were looked through."""
    case = gathered.case
    moves = moves_of(case)
    written = _written_by_the_migration(case)
    found = [mention for mention in stale(case.new, moves) if mention.path not in written]
    reasons = {path: _reasons(case, moves, path) for path in {mention.path for mention in found}}
    before = {(mention.path, mention.text) for mention in stale(case.old, moves)}
    known = [(mention.path, mention.text) in before for mention in found]
    evidence = [_evidence(case, moves, m, reasons[m.path], known=was) for m, was in zip(found, known, strict=True)]
    rest = Evidence("all files", True, f"{len(case.new.entries)} files looked through")
    return ClaimResult.of(NAME, ASSERTS, (*evidence, rest))


def _written_by_the_migration(case: ProofCase) -> frozenset[RepoPath]:
    """Files that name legacy paths on purpose: the record, the new state file with its comments, copies with their old bytes."""
    record = case.record
    if record is None:
        return frozenset()
    return frozenset((*record.created, *(new for _, new in record.copies))).difference(overwritten(case))


def _reasons(case: ProofCase, moves: Moves, path: RepoPath) -> Mapping[int, str]:
    """Line -> why what it names is left, as the finders say; empty where they say that it should not have been."""
    try:
        found = find_in(case.new, path, moves)
    except UnreadableSource as error:
        return {0: error.message}
    told = {reference.origin.line: reference.reason for reference in found if reference.certainty is not Certainty.EXACT}
    return {**{reference.origin.line: "" for reference in found}, **told}


def _tells_of_the_move(case: ProofCase, moves: Moves, mention: Stale) -> str:
    """Why a line of a document may name a legacy file: it says where that has gone."""
    new = moves.files.get(RepoPath(mention.target))
    if new is None or not mention.path.endswith(PROSE):
        return ""
    line = case.new.read(mention.path).split(b"\n")[mention.line - 1]
    return "the same line names its new place" if str(new).encode("utf-8", "surrogateescape") in line else ""


def _awaited(case: ProofCase, mention: Stale) -> str:
    if pending(case, mention.path):
        return f"it is still there, and phase {phase_of(sub_issue_of_file(mention.path))} rewrites this file"
    return "it is still there, and no record says that this was rewritten"


def _evidence(case: ProofCase, moves: Moves, mention: Stale, reasons: Mapping[int, str], *, known: bool) -> Evidence:
    """`known` says that the same file held the same text before: the plan tells such a one where no finder does."""
    there = _awaited(case, mention) if still_there(case, mention.target, mention.path) else ""
    reason = reasons.get(mention.line, REASON if known else "") or reasons.get(0) or there
    reason = reason or _tells_of_the_move(case, moves, mention)
    detail = f"names {mention.target}: {reason}" if reason else f"still names {mention.target}, and nothing explains it"
    return Evidence(f"{mention.path}:{mention.line}", bool(reason), detail)
