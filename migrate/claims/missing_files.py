"""Files that a state file names and the commit does not hold: ignored by git, or links out of the repository.

Where `missingFileHandler` passes over them, nothing of them shows in a recorded run. Somebody who has such a file deploys with
it, so one that the other side names no more is a difference that only the state files tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from migrate.claims.side_facts import Definition, SideFacts
from migrate.errors import PathLeavesRepository
from migrate.model.facts import BuiltState
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Mode, Tree

Lent = Mapping[str, bytes]


def of_release(tree: Tree, lent: Lent, definition: Definition) -> int:
    """How many entries of a release's `values:` and `secrets:` name nothing that is there."""
    prefix = str(definition.release.get("valuesPathPrefix") or "")
    entries = [entry for key in ("values", "secrets") for entry in definition.release.get(key) or ()]
    texts = [prefix + entry for entry in entries if isinstance(entry, str)]
    return sum(not _is_there(tree, lent, definition.state.source.folder, text) for text in texts)


def of_environment(side: SideFacts, lent: Lent, environment: str) -> int:
    """How many files of values of an environment, of all state files together, are not there."""
    named = {(state.source.folder, text) for state in side.states(environment) for text in _named(state, environment)}
    missing = ((folder, text) for folder, text in named if not _is_there(side.tree, lent, folder, text))
    return len({place_of(folder, text) for folder, text in missing})


def _named(state: BuiltState, environment: str) -> Iterable[str]:
    settings = (state.document.get("environments") or {}).get(environment) or {}
    entries = [*(state.document.get("values") or ()), *(settings.get("values") or ()), *(settings.get("secrets") or ())]
    return (entry for entry in entries if isinstance(entry, str))


def place_of(folder: str, text: str) -> str:
    """Where a path of a state file leads; the text itself if that is out of the repository."""
    try:
        return resolve(folder, text)
    except PathLeavesRepository:
        return text


def _is_there(tree: Tree, lent: Lent, folder: str, text: str) -> bool:
    place = place_of(folder, text)
    if place in lent:
        return True
    if any(sign in place for sign in "*?["):
        return any(path.count("/") == place.count("/") and fnmatchcase(path, place) for path in tree)
    entry = tree.entries.get(RepoPath(place)) if place and not place.startswith("/") else None
    return entry is not None and not (entry.mode is Mode.LINK and _leads_out(tree, RepoPath(place)))


def _leads_out(tree: Tree, link: RepoPath) -> bool:
    try:
        resolve(link.folder, tree.text(link))
    except PathLeavesRepository:
        return True
    return False
