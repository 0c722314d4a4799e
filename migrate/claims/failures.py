"""Whether two sides fail for the same cause."""

from __future__ import annotations

from typing import NamedTuple

from migrate.claims.gathered import CHART_UNKNOWN, Gathered, same_unknown_chart, unequal_inputs
from migrate.claims.missing import follows, same_missing, unequal_declarations
from migrate.claims.outside import cause_outside
from migrate.claims.surroundings import NotComparable, unequal_surroundings
from migrate.model.facts import CellId, Failure
from migrate.model.paths import RepoPath
from migrate.model.proof import CellVerdict


class Judged(NamedTuple):
    """A verdict with its reason. `cause` is a cause outside of the commit, which the user may vouch for; else empty."""

    verdict: CellVerdict
    reason: str
    cause: str = ""


def judge_failures(gathered: Gathered, cell: CellId, old: Failure, new: Failure) -> Judged:
    """EQUAL_FAILURE only for one cause, in one piece of the repository, with everything comparable equal."""
    same_words = old.message == new.message and bool(old.missing) == bool(new.missing)
    if not same_words and not same_missing((gathered.old, gathered.new), cell, old, new):
        return Judged(CellVerdict.DIFFERENT, f"fails on both sides for other causes: {old.message} | {new.message}")
    if not _at_its_place(gathered, cell, old.missing, new.missing):
        reason = f"its environment looks for {old.missing}, on the new side for {new.missing}, in no commit"
        return Judged(CellVerdict.DIFFERENT, reason)
    sides = gathered.old, gathered.new
    if not _loads(gathered, cell) and (unequal := unequal_declarations(gathered.case, sides, cell.environment)):
        return Judged(CellVerdict.DIFFERENT, f"fails on both sides, but {unequal}")
    if old.hidden != new.hidden:
        reason = f"fails on both sides for other causes; they differ in what is not shown: {old.message}"
        return Judged(CellVerdict.DIFFERENT, reason)
    return _judge_alike(gathered, cell, old, new)


def _at_its_place(gathered: Gathered, cell: CellId, old: str, new: str) -> bool:
    """Of an environment that loads on a side, other claims compare what it names."""
    return _loads(gathered, cell) or follows(gathered.case, cell.environment, old, new)


def _loads(gathered: Gathered, cell: CellId) -> bool:
    return bool(gathered.old.states(cell.environment) or gathered.new.states(cell.environment))


def _judge_alike(gathered: Gathered, cell: CellId, old: Failure, new: Failure) -> Judged:
    """Two failures that say the same: from the same piece of the repository, or from outside of it?"""
    outside = cause_outside(gathered, cell, old, new)
    if old.path and new.path and not outside and not _one_piece(gathered, old, new):
        reason = f"fails on both sides, at other places: {old.path}:{old.line} and {new.path}:{new.line}"
        return Judged(CellVerdict.DIFFERENT, reason)
    try:
        unequal = _unequal(gathered, cell)
    except NotComparable as error:
        return Judged(CellVerdict.UNPROVED, f"fails on both sides, and {error}: {old.message}")
    if unequal:
        return Judged(CellVerdict.DIFFERENT, f"fails on both sides, but {unequal}")
    if outside or not old.path or not new.path:
        cause = f"{outside}: {old.message}" if outside else old.message
        return Judged(CellVerdict.UNPROVED, f"fails on both sides for a cause outside of the commit: {cause}", cause)
    where = f"{old.path}:{old.line}" if old.line else old.path
    return Judged(CellVerdict.EQUAL_FAILURE, f"fails on both sides for the same cause, {where}: {old.message}")


def _one_piece(gathered: Gathered, old: Failure, new: Failure) -> bool:
    """Whether two tracked files are the same piece: the same bytes and line, or the state file and what it came from."""
    before, after = gathered.case.old.entries.get(RepoPath(old.path)), gathered.case.new.entries.get(RepoPath(new.path))
    if before is None or after is None:
        return False
    if old.path in gathered.old.sources() and new.path in gathered.new.sources():
        return True
    return before == after and old.line == new.line


def _unequal(gathered: Gathered, cell: CellId) -> str:
    """What differs though both fail: of what helm was given, if it was called on both sides; else of what it would be given."""
    old, new = gathered.old.template(cell), gathered.new.template(cell)
    if old is None or new is None:
        return unequal_surroundings(gathered, cell)
    unequal = unequal_inputs(old, new, gathered.old_merged, gathered.new_merged)
    return "; ".join(part for part in unequal if part != CHART_UNKNOWN or not same_unknown_chart(old, new))
