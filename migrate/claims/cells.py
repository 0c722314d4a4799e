"""The verdict of each cell."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.claims.failures import Judged, judge_failures
from migrate.claims.gathered import Gathered, digests_of, unequal_inputs
from migrate.claims.loads_on_current import cause_of_current
from migrate.claims.rendering import RenderResult
from migrate.claims.side_facts import Presence, SideFacts
from migrate.model.facts import CellId
from migrate.model.proof import Cell, CellVerdict, ClaimResult, Evidence

NOT_THERE = frozenset((Presence.UNLISTED, Presence.DISABLED))
"""What lets a cell count as absent; that `list` fails is no such thing."""


def judge_cells(gathered: Gathered, claims: Sequence[ClaimResult]) -> tuple[Cell, ...]:
    """One verdict for each environment × release; no cell is green of which a claim says that something fails."""
    failing = _failing(gathered, claims)
    return tuple(_cell(gathered, cell, failing.get(cell)) for cell in gathered.cells)


def judge_cell(gathered: Gathered, cell: CellId, claims: Sequence[ClaimResult]) -> Cell:
    """The verdict of one cell."""
    return _cell(gathered, cell, _failing(gathered, claims).get(cell))


def speaks_of(piece: Evidence, cell: CellId) -> bool:
    """Whether evidence is about a cell: its subject is the cell, or begins with it."""
    return piece.subject == str(cell) or piece.subject.startswith(f"{cell} ")


def _failing(gathered: Gathered, claims: Sequence[ClaimResult]) -> dict[CellId, str]:
    """Cell -> the first thing that a claim finds wrong with it."""
    by_name = {str(cell): cell for cell in gathered.cells}
    found: dict[CellId, str] = {}
    for claim in claims:
        for piece in claim.evidence:
            cell = by_name.get(piece.subject) or by_name.get(piece.subject.partition(" ")[0])
            if cell and not piece.holds:
                found.setdefault(cell, f"{claim.claim}: {piece.detail}")
    return found


def _cell(gathered: Gathered, cell: CellId, wrong: str | None) -> Cell:
    judged = _vouched(gathered, cell, _judge(gathered, cell))
    if judged.verdict is CellVerdict.EQUAL and (cause := cause_of_current(gathered, cell)):
        reason = f"{judged.reason}; helmfile 1.x gives helm another chart, for a cause outside of the commit: {cause}"
        judged = _vouched(gathered, cell, Judged(CellVerdict.UNPROVED, reason, cause))
    if judged.verdict.green and wrong:
        judged = Judged(CellVerdict.DIFFERENT, wrong)
    render = gathered.renders.get(cell)
    return Cell(cell, judged.verdict, judged.reason, render.masked if render else 0, judged.cause)


def _vouched(gathered: Gathered, cell: CellId, judged: Judged) -> Judged:
    """A cause outside of the commit is let pass where the user names it, with the reason; nothing else ever is."""
    if judged.verdict is not CellVerdict.UNPROVED or not judged.cause:
        return judged
    entry = next((entry for entry in gathered.case.unproved if entry.covers(cell, judged.cause)), None)
    return judged._replace(verdict=CellVerdict.VOUCHED, reason=f"{judged.reason}; {entry.reason}") if entry else judged


def _judge(gathered: Gathered, cell: CellId) -> Judged:
    """What the cell's own facts say. What is neither rendered nor explained is UNPROVED."""
    old, new = gathered.old.presence(cell), gathered.new.presence(cell)
    if old in NOT_THERE and new in NOT_THERE:
        return _absent(gathered, cell, old, new)
    if old is not new:
        return Judged(CellVerdict.DIFFERENT, f"old side: {old.value}; new side: {new.value}")
    render = gathered.renders.get(cell)
    if render is not None:
        return _rendered(gathered, cell, render)
    return _not_rendered(gathered, cell, old)


def _absent(gathered: Gathered, cell: CellId, old: Presence, new: Presence) -> Judged:
    for name, side in (("old", gathered.old), ("new", gathered.new)):
        if side.called_at_all(cell):
            return Judged(
                CellVerdict.DIFFERENT, f"`list` says that it is not there, but helm is called for it on the {name} side"
            )
    if old is new:
        return Judged(CellVerdict.ABSENT, old.value)
    return Judged(CellVerdict.ABSENT, f"old side: {old.value}; new side: {new.value}")


def _rendered(gathered: Gathered, cell: CellId, render: RenderResult) -> Judged:
    if render.old_failure and render.new_failure:
        judged = judge_failures(gathered, cell, render.old_failure, render.new_failure)
        unequal = _unequal(gathered, cell)
        return Judged(CellVerdict.DIFFERENT, f"{judged.reason}; {unequal[0]}") if unequal and judged.verdict.green else judged
    failure = render.old_failure or render.new_failure
    if failure:
        return Judged(CellVerdict.DIFFERENT, f"only the {'old' if render.old_failure else 'new'} side fails: {failure.message}")
    if render.differences and _unsteady(gathered.old, cell):
        reason = "helmfile hands helm other values in each run of the old side alone, so there is nothing to compare with"
        return Judged(CellVerdict.UNPROVED, reason)
    if render.differences:
        more = f" and {len(render.differences) - 1} more" if len(render.differences) > 1 else ""
        return Judged(CellVerdict.DIFFERENT, f"{render.differences[0]}{more}")
    unequal = _unequal(gathered, cell)
    if unequal:
        masked = f"{render.masked} leaves vary, and " if render.masked else ""
        return Judged(CellVerdict.UNPROVED, f"renders equal, but {masked}helm is given other inputs: {'; '.join(unequal)}")
    return Judged(CellVerdict.EQUAL, _equal_reason(render))


def _unsteady(side: SideFacts, cell: CellId) -> bool:
    """Whether a values template draws: two runs of one side then differ already."""
    rendered, deployed = side.template(cell), [call for call in side.calls(cell, "sync") if call.verb == "upgrade"]
    return rendered is not None and len(deployed) == 1 and digests_of(rendered.values) != digests_of(deployed[0].values)


def _equal_reason(render: RenderResult) -> str:
    if render.masked:
        return f"equal inputs; {render.documents} objects equal but for {render.masked} leaves that vary from render to render"
    built = ", also after `helm dependency build`" if render.built else ""
    return f"equal inputs; {render.documents} objects equal{built}"


def _unequal(gathered: Gathered, cell: CellId) -> tuple[str, ...]:
    old, new = gathered.old.template(cell), gathered.new.template(cell)
    if old is None or new is None:
        return ("the call that renders it was not seen",)
    return unequal_inputs(old, new, gathered.old_merged, gathered.new_merged)


def _not_rendered(gathered: Gathered, cell: CellId, presence: Presence) -> Judged:
    reached = gathered.old.template(cell) is not None, gathered.new.template(cell) is not None
    old, new = gathered.old.failure(cell), gathered.new.failure(cell)
    if any(reached):
        side, failure = ("old", new) if reached[0] else ("new", old)
        return Judged(
            CellVerdict.DIFFERENT, f"only the {side} side renders it; the other: {failure.message if failure else 'unknown'}"
        )
    if old and new:
        return judge_failures(gathered, cell, old, new)
    failed = old or new
    if failed:
        return Judged(CellVerdict.DIFFERENT, f"only the {'old' if old else 'new'} side fails: {failed.message}")
    if presence is Presence.UNINSTALLED:
        return Judged(CellVerdict.EQUAL, "to be uninstalled on both sides; nothing to render")
    return Judged(CellVerdict.UNPROVED, "listed, but helm was never called to render it")
