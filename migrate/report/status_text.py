"""Where a migration stands, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from migrate.model.paths import RepoPath
from migrate.model.status import State, Status
from migrate.report.words import many

SCHEMA = "migrate/status/1"
SHOWN = 10


def status_text(status: Status, *, verbose: bool = False) -> str:
    """Phases, sub-issues with evidence, drift on both sides, the next step. `verbose` names every file."""
    return "\n".join(_lines(status, verbose=verbose)) + "\n"


def _lines(status: Status, *, verbose: bool) -> Iterator[str]:
    yield f"{status.branch} at {status.tip[:12]}, migrated from {status.base[:12]}"
    if status.lost:
        yield f"LOST: {status.lost}."
    yield ""
    for phase in status.phases:
        yield f"Phase {phase.number} {phase.title}: {phase.state}"
        for issue in status.sub_issues:
            if issue.phase == phase.number:
                key = f" [{issue.key}]" if issue.key else ""
                told = f": {issue.evidence}" if issue.state not in (State.NEXT, State.LATER) else ""
                yield f"  {issue.number:>2} {issue.title}{key}: {issue.state}{told}"
    yield ""
    since = f"since {status.base[:12]} (up to {status.newest[:12]})"
    yield from _files(status.legacy_drift, f"changed in the legacy tree {since}", verbose=verbose)
    yield from _files(status.new_drift, "changed by people on the branch", verbose=verbose)
    yield f"Next: {status.next_step}"


def _files(paths: Sequence[RepoPath], what: str, *, verbose: bool) -> Iterator[str]:
    yield f"{many(len(paths), 'file')} {what}"
    shown = paths if verbose else paths[:SHOWN]
    yield from (f"  {path}" for path in shown)
    if len(shown) < len(paths):
        yield f"  and {len(paths) - len(shown)} more; -v shows them"


def status_json(status: Status) -> str:
    """The same as sorted JSON with a final newline."""
    document = {
        "schema": SCHEMA,
        "branch": status.branch,
        "tip": status.tip,
        "base": status.base,
        "newest": status.newest,
        "phases": [{"number": p.number, "title": p.title, "state": p.state.value} for p in status.phases],
        "subIssues": [
            {
                "number": i.number,
                "title": i.title,
                "phase": i.phase,
                "state": i.state.value,
                "evidence": i.evidence,
                "key": i.key,
            }
            for i in status.sub_issues
        ],
        "legacyDrift": list(status.legacy_drift),
        "newDrift": list(status.new_drift),
        "lost": status.lost,
        "next": status.next_step,
    }
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
