"""Two commits -> the proof that the same is rendered and deployed.

Everything is measured first, on sides opened by the factory; the claims then judge what was gathered, and ask nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims import (
    CLAIMS,
    LOCKED,
    OFFLINE,
    ON_CURRENT,
    WITH_VARIABLES,
    chart_labels,
    charts_locked,
    commands_equal,
    loads_on_current,
    skip_deps,
)
from migrate.claims.cells import judge_cells
from migrate.claims.every_file_has_a_verdict import overwritten
from migrate.claims.gathered import Gathered
from migrate.claims.order_kept import declared_changes
from migrate.claims.pieces import left_for_later
from migrate.measuring import LATER, gather
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath
from migrate.model.proof import Proof
from migrate.ports import Progress, SideFactory


def prove(case: ProofCase, factory: SideFactory, progress: Progress) -> Proof:
    """The judgement of two commits. What the tools refuse outright (ToolMissing, BadInput) is raised."""
    return judge(gather(case, factory, progress))


def judge(gathered: Gathered) -> Proof:
    """The verdicts that follow from what was gathered. Pure."""
    record = gathered.case.record
    possible = (
        (ON_CURRENT, gathered.modern),
        (WITH_VARIABLES, gathered.with_variables),
        (LOCKED, charts_locked.is_asked(gathered.case)),
        (OFFLINE, gathered.offline),
    )
    claims = tuple(claim(gathered) for claim in (*CLAIMS, *(claim for claim, given in possible if given)))
    cells = judge_cells(gathered, claims)
    return Proof(
        base=gathered.case.base,
        branch=gathered.case.branch,
        tools=gathered.tools,
        cells=cells,
        claims=claims,
        declared_changes=(
            *declared_changes(gathered),
            *loads_on_current.declared_changes(gathered),
            *skip_deps.declared(gathered),
            *chart_labels.declared(gathered),
        ),
        left_out=tuple(_left_out(gathered)),
        edited=tuple(dict.fromkeys((*record.edited, *overwritten(gathered.case)))) if record else (),
        removed=tuple(path for path in record.removed if path not in _replaced(gathered.case)) if record else (),
        created=tuple(_created_elsewhere(gathered.case)),
        unmatched=tuple(str(entry) for entry in gathered.case.unproved if not any(entry.covers(c.id, c.cause) for c in cells)),
    )


def _created_elsewhere(case: ProofCase) -> Iterator[RepoPath]:
    """What the record calls created outside of the new state file's folder: no other claim speaks of it."""
    folder, told = RepoPath(case.new_state).folder, overwritten(case)
    for path in case.record.created if case.record else ():
        if not (folder and path.is_below(folder)) and path in case.new and path not in told:
            yield path


def _replaced(case: ProofCase) -> frozenset[RepoPath]:
    """The legacy files whose content is judged at its new place: those with a copy, and the merged state files."""
    copied = case.record.copies if case.record else ()
    return frozenset((*case.merged, *(old for old, new in copied if case.old.entries.get(old) == case.new.entries.get(new))))


def _left_out(gathered: Gathered) -> Iterator[str]:
    if not gathered.modern:
        yield f"loads_on_current: {LATER if gathered.case.legacy_runs else 'helmfile 1.x is not installed'}"
    yield from commands_equal.left_out(gathered)
    yield from left_for_later(gathered.case)
    if not gathered.offline:
        yield f"renders_offline: {gathered.online}"
