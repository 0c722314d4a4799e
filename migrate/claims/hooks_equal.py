"""hooks_equal: the same hooks run for each release and for the whole run.

Hooks are read from `build`, never run. A hook of a state file fires once for each state, so the hooks of a nested state can't
become those of a flat one; that the root's own hooks stay is all that can hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from migrate.claims.gathered import Gathered
from migrate.claims.hook_files import Place, line_of, unlike, unlike_folders, words_of
from migrate.claims.side_facts import Definition, SideFacts
from migrate.model.facts import CellId
from migrate.model.proof import ClaimResult, Evidence

NAME = "hooks_equal"
ASSERTS = "the same hooks run at the same events"

COMMAND = ("command", "args", "kubectlApply")
Hooks = Sequence[Mapping[str, Any]]


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each defined release and one for the states of each environment."""
    return ClaimResult.of(NAME, ASSERTS, (*_of_releases(gathered), *_of_states(gathered)))


def _of_releases(gathered: Gathered) -> Iterator[Evidence]:
    for cell in gathered.cells:
        old, new = gathered.old.definitions(cell), gathered.new.definitions(cell)
        if len(old) == len(new) == 1:
            yield _of_release(gathered, cell, old[0], new[0])


def _of_release(gathered: Gathered, cell: CellId, old: Definition, new: Definition) -> Evidence:
    before, after = old.release.get("hooks") or [], new.release.get("hooks") or []
    if len(before) != len(after):
        return Evidence(str(cell), False, f"{_events(before)} became {_events(after)}")
    found = (
        _unlike(gathered, (old.state.source.folder, a), (new.state.source.folder, b)) for a, b in zip(before, after, strict=True)
    )
    wrong = next(filter(None, found), "")
    return Evidence(str(cell), not wrong, wrong or f"{len(before)} hooks")


def _of_states(gathered: Gathered) -> Iterator[Evidence]:
    for environment in gathered.environments:
        old, new = _state_hooks(gathered.old, environment), _state_hooks(gathered.new, environment)
        if gathered.old.states(environment) and gathered.new.states(environment):
            equal = len(old) == len(new) and all(
                len(a[1]) == len(b[1])
                and not any(_unlike(gathered, (a[0], x), (b[0], y)) for x, y in zip(a[1], b[1], strict=True))
                for a, b in zip(old, new, strict=True)
            )
            equal = equal and _only_root(gathered.old, environment)
            yield Evidence(
                f"{environment}: state files", equal, "equal" if equal else "their own hooks differ, or fire another time"
            )


def _state_hooks(side: SideFacts, environment: str) -> list[tuple[str, Hooks]]:
    states = side.states(environment)
    return [(state.source.folder, state.document["hooks"]) for state in states if state.document.get("hooks")]


def _only_root(side: SideFacts, environment: str) -> bool:
    """Whether no state but the one that was asked has hooks of its own."""
    return all(s.source == side.state_file for s in side.states(environment) if s.document.get("hooks"))


def _unlike(gathered: Gathered, old: tuple[str, Mapping[str, Any]], new: tuple[str, Mapping[str, Any]]) -> str:
    """What tells two hooks apart; empty if nothing does."""
    before, after = words_of(old[1]), words_of(new[1])
    rest = [{k: v for k, v in hook.items() if k not in COMMAND} for hook in (old[1], new[1])]
    if rest[0] != rest[1] or len(before) != len(after):
        return f"{_events([old[1]])} became {_events([new[1]])}"
    places = Place(gathered.case.old, old[0]), Place(gathered.case.new, new[0])
    lines = [(place, line_of(hook[1])) for place, hook in zip(places, (old, new), strict=True)]
    found = (what for a, b in zip(before, after, strict=True) for what in unlike((places[0], a), (places[1], b)))
    return next(found, "") or unlike_folders(*lines)


def _events(hooks: Hooks) -> str:
    return ", ".join("/".join(str(event) for event in hook.get("events") or ["?"]) for hook in hooks) or "no hooks"
