"""hooks_equal: the same hooks run for each release and for the whole run.

Hooks are read from `build`, never run. A hook of a state file fires once for each state, so the hooks of a nested state can't
become those of a flat one; that the root's own hooks stay is all that can hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from migrate.claims.gathered import Gathered
from migrate.claims.side_facts import Definition, SideFacts
from migrate.errors import PathLeavesRepository
from migrate.model.facts import CellId
from migrate.model.paths import RepoPath, resolve
from migrate.model.proof import ClaimResult, Evidence

NAME = "hooks_equal"
ASSERTS = "the same hooks run at the same events"

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
    equal = len(before) == len(after) and all(
        _same(gathered, (old.state.source.folder, a), (new.state.source.folder, b)) for a, b in zip(before, after, strict=True)
    )
    return Evidence(str(cell), equal, f"{len(before)} hooks" if equal else f"{_events(before)} became {_events(after)}")


def _of_states(gathered: Gathered) -> Iterator[Evidence]:
    for environment in gathered.environments:
        old, new = _state_hooks(gathered.old, environment), _state_hooks(gathered.new, environment)
        if gathered.old.states(environment) and gathered.new.states(environment):
            equal = len(old) == len(new) and all(
                len(a[1]) == len(b[1]) and all(_same(gathered, (a[0], x), (b[0], y)) for x, y in zip(a[1], b[1], strict=True))
                for a, b in zip(old, new, strict=True)
            )
            equal = equal and (not old or _only_root(gathered.old, environment))
            yield Evidence(
                f"{environment}: state files", equal, "equal" if equal else "their own hooks differ, or fire another time"
            )


def _state_hooks(side: SideFacts, environment: str) -> list[tuple[str, Hooks]]:
    states = side.states(environment)
    return [(state.source.folder, state.document["hooks"]) for state in states if state.document.get("hooks")]


def _only_root(side: SideFacts, environment: str) -> bool:
    """Whether no state but the one that was asked has hooks of its own."""
    return all(s.source == side.state_file for s in side.states(environment) if s.document.get("hooks"))


def _same(gathered: Gathered, old: tuple[str, Mapping[str, Any]], new: tuple[str, Mapping[str, Any]]) -> bool:
    before, after = _words(old[1]), _words(new[1])
    rest = [{k: v for k, v in hook.items() if k not in ("command", "args")} for hook in (old[1], new[1])]
    return (
        rest[0] == rest[1]
        and len(before) == len(after)
        and all(a == b or _moved(gathered, (old[0], a), (new[0], b)) for a, b in zip(before, after, strict=True))
        and all(_stays(gathered, old[0], new[0], word) for word in before if word in after)
    )


def _words(hook: Mapping[str, Any]) -> list[str]:
    return [str(hook.get("command", "")), *(str(word) for word in hook.get("args") or [])]


def _moved(gathered: Gathered, old: tuple[str, str], new: tuple[str, str]) -> bool:
    """Whether two words name the same file, each from its own folder."""
    before, after = _file(*old), _file(*new)
    if before is None or after is None:
        return False
    entry = gathered.case.old.entries.get(before)
    return entry is not None and entry == gathered.case.new.entries.get(after)


def _stays(gathered: Gathered, old_folder: str, new_folder: str, word: str) -> bool:
    """Whether a word that is the same on both sides does not name a file of the old folder that the new one lacks."""
    before, after = _file(old_folder, word), _file(new_folder, word)
    entry = gathered.case.old.entries.get(before) if before else None
    return entry is None or (after is not None and gathered.case.new.entries.get(after) == entry)


def _file(folder: str, word: str) -> RepoPath | None:
    try:
        path = resolve(folder, word)
    except PathLeavesRepository:
        return None
    return RepoPath(path) if path else None


def _events(hooks: Hooks) -> str:
    return ", ".join("/".join(str(event) for event in hook.get("events") or ["?"]) for hook in hooks) or "no hooks"
