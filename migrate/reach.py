"""Which releases a deployment of a whole environment reaches before it fails, today and afterwards; measured, not computed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from migrate.analyzers.needed import needed
from migrate.model.facts import Run
from migrate.model.tree import Tree
from migrate.plan import Reach
from migrate.ports import Progress, SideFactory

WORKERS = 3


def measure_reach(
    sides: SideFactory, old: tuple[Tree, str], new: tuple[Tree, str], environments: Sequence[str], progress: Progress
) -> tuple[Reach, ...]:
    """One entry for each environment in which `helmfile sync` fails on either side."""
    parts = needed(*old), needed(*new)
    with sides.open(parts[0], old[1]) as before, sides.open(parts[1], new[1]) as after, ThreadPoolExecutor(WORKERS) as pool:
        runs = [(e, pool.submit(before.record, e, "sync"), pool.submit(after.record, e, "sync")) for e in environments]
        found = []
        for number, (environment, first, second) in enumerate(runs, start=1):
            reach = _reach(environment, first.result(), second.result())
            progress(f"deploying environment {environment} to a recorder", number, len(environments))
            found += [reach] if reach.cause_before or reach.cause_after else []
    return tuple(found)


def _reach(environment: str, before: Run, after: Run) -> Reach:
    return Reach(environment, _reached(before), _reached(after), _cause(before), _cause(after))


def _reached(run: Run) -> tuple[str, ...]:
    calls = sorted((c for c in run.calls if c.verb == "upgrade" and c.release), key=lambda c: c.started)
    return tuple(dict.fromkeys(str(call.release) for call in calls))


def _cause(run: Run) -> str:
    return run.failure.message if run.failure else ""
