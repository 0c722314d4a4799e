"""Which releases a deployment of a whole environment reaches before it fails, today and afterwards; measured, not computed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from migrate import __version__
from migrate.model.facts import Run
from migrate.model.tree import Tree
from migrate.plan import Reach
from migrate.ports import Memory, Progress, SideFactory

WORKERS = 3
VERSION = "reach/2"
COMMANDS = ("sync", "apply")


@dataclass(frozen=True, slots=True)
class Measured:
    """Both trees with their state files, pruned to what helmfile can read, and the environments to deploy."""

    old: tuple[Tree, str]
    new: tuple[Tree, str]
    environments: tuple[str, ...]
    fetch: bool = False
    incomplete: tuple[str, ...] = ()

    def key(self, versions: Mapping[str, str]) -> str:
        """The digest of everything that the outcome depends on."""
        trees = [[state, sorted((p, e.mode, e.oid) for p, e in tree.entries.items())] for tree, state in (self.old, self.new)]
        text = json.dumps([VERSION, __version__, trees, self.environments, sorted(versions.items())])
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def measure_reach(sides: SideFactory, measured: Measured, progress: Progress, memory: Memory | None) -> tuple[Reach, ...]:
    """One entry for each environment and command that fails on either side.

    `sync` and `apply` stop at other places: `apply` of a state file diffs all of its releases before it deploys the first.
    Asked for the same trees, tools and environments again, it answers from memory: names of releases and causes, no values.
    """
    key = measured.key(sides.versions())
    known = memory.recall(key) if memory else None
    if known is not None:
        return tuple(Reach(e, command, tuple(before), tuple(after), *causes) for e, command, before, after, *causes in known)
    found = _measure(sides, measured, progress)
    if memory:
        memory.keep(key, [[r.environment, r.command, r.before, r.after, r.cause_before, r.cause_after] for r in found])
    return found


def _measure(sides: SideFactory, measured: Measured, progress: Progress) -> tuple[Reach, ...]:
    asked = [(environment, command) for environment in measured.environments for command in COMMANDS]
    with (
        sides.open(*measured.old, fetch=measured.fetch, complete=measured.incomplete) as before,
        sides.open(*measured.new) as after,
        ThreadPoolExecutor(WORKERS) as pool,
    ):
        runs = [(*job, pool.submit(before.record, *job), pool.submit(after.record, *job)) for job in asked]
        found = []
        for number, (environment, command, first, second) in enumerate(runs, start=1):
            reach = _reach(environment, command, first.result(), second.result())
            progress(f"{command} of environment {environment} to a recorder", number, len(asked))
            found += [reach] if reach.cause_before or reach.cause_after else []
    return tuple(found)


def _reach(environment: str, command: str, before: Run, after: Run) -> Reach:
    return Reach(environment, command, _reached(before), _reached(after), _cause(before), _cause(after))


def _reached(run: Run) -> tuple[str, ...]:
    calls = sorted((c for c in run.calls if c.verb == "upgrade" and c.release), key=lambda c: c.started)
    return tuple(dict.fromkeys(str(call.release) for call in calls))


def _cause(run: Run) -> str:
    return run.failure.message if run.failure else ""
