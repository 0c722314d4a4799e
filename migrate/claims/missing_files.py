"""Files that a state file names and the commit does not hold: ignored by git, or links out of the repository.

Where `missingFileHandler` passes over them, nothing of them shows in a recorded run. Somebody who has such a file deploys with
it, so one that the other side names no more is a difference that only the state files tell.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from migrate.analyzers.templates import analyze_templates
from migrate.claims.pieces import moves_of
from migrate.claims.side_facts import Definition, SideFacts
from migrate.errors import PathLeavesRepository
from migrate.model.case import ProofCase
from migrate.model.facts import BuiltState
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Mode, Tree

Lent = Mapping[str, bytes]
HANDLER = "missingFileHandler"
_DEFAULT = "Error"
"""of releases, environments; 0.166 takes that of the state file for sub-helmfiles alone, 1.7.4 for releases too (`state.go`)"""


def of_release(tree: Tree, lent: Lent, definition: Definition) -> tuple[str, ...]:
    """The places of a release's `values:` and `secrets:` that are not there, in order."""
    prefix = str(definition.release.get("valuesPathPrefix") or "")
    entries = [entry for key in ("values", "secrets") for entry in definition.release.get(key) or ()]
    texts = [prefix + entry for entry in entries if isinstance(entry, str)]
    folder = definition.state.source.folder
    return tuple(place_of(folder, text) for text in texts if not _is_there(tree, lent, folder, text))


def looked_for(tree: Tree, lent: Lent, definition: Definition) -> frozenset[str]:
    """The places in the repository where the release's values templates look for files that the commit does not hold."""
    prefix = str(definition.release.get("valuesPathPrefix") or "")
    folder = definition.state.source.folder
    texts = (entry for key in ("values", "secrets") for entry in definition.release.get(key) or () if isinstance(entry, str))
    paths = [
        RepoPath(place) for text in texts if (place := place_of(folder, prefix + text)) in tree and place.endswith(".gotmpl")
    ]
    read = analyze_templates(tree, paths, exec_allowed=True).reads
    places = (place_of(one.path.folder, one.argument) for one in read if one.argument)
    return frozenset(place for place in places if place not in tree and place not in lent and not tree.is_folder(place))


def of_environment(side: SideFacts, lent: Lent, environment: str) -> tuple[str, ...]:
    """The places of files of values of an environment, of all state files together, that are not there."""
    named = {(state.source.folder, text) for state in side.states(environment) for text in _named(state, environment)}
    missing = ((folder, text) for folder, text in named if not _is_there(side.tree, lent, folder, text))
    return tuple(sorted({place_of(folder, text) for folder, text in missing}))


def named_by(side: SideFacts, environment: str) -> frozenset[RepoPath]:
    """The files of values that the state files name for an environment, whether they are there or not."""
    places = (place_of(s.source.folder, text) for s in side.states(environment) for text in _named(s, environment))
    return frozenset(RepoPath(place) for place in places if _is_inside(place))


def handlers_of_release(definition: Definition) -> tuple[str, ...]:
    """What helmfile 0.166 does where a file of the release's lists is missing, and what 1.x does; nothing if they name none."""
    named = any(isinstance(entry, str) for key in ("values", "secrets") for entry in definition.release.get(key) or ())
    own, of_state = definition.release.get(HANDLER), definition.state.document.get(HANDLER)
    return (str(own or _DEFAULT), str(own or of_state or _DEFAULT)) if named else ()


def handlers_of_environment(side: SideFacts, environment: str) -> frozenset[str]:
    """What helmfile does where a file of the environment's values is missing, in the state files that name any."""
    states = [state for state in side.states(environment) if any(_named(state, environment))]
    settings = ((state.document.get("environments") or {}).get(environment) or {} for state in states)
    return frozenset(str(setting.get(HANDLER) or _DEFAULT) for setting in settings)


def _named(state: BuiltState, environment: str) -> Iterable[str]:
    settings = (state.document.get("environments") or {}).get(environment) or {}
    entries = [*(state.document.get("values") or ()), *(settings.get("values") or ()), *(settings.get("secrets") or ())]
    return (entry for entry in entries if isinstance(entry, str))


def alike(case: ProofCase, environment: str, old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether files that no commit holds are looked for where they will be, in the same order.

    `apply` moves those of environments along, and no others. One that an environment lacks may follow its like of another one.
    """
    return len(old) == len(new) and all(
        after == known or _follows(case, environment, before, after)
        for before, known, after in zip(old, moved_along(case, old), new, strict=True)
    )


def moved_along(case: ProofCase, places: Iterable[str]) -> tuple[str, ...]:
    """Where files that no commit holds will be: those of environments in the new tree, all others where they are."""
    absent = {str(before): str(after) for before, after in case.absent}
    return tuple(absent.get(place, place) for place in places)


def _follows(case: ProofCase, environment: str, before: str, after: str) -> bool:
    moved = moves_of(case).files
    others = ((before.replace(environment, other), after.replace(environment, other)) for other in case.environments)
    return any(old != before and _is_inside(old) and moved.get(RepoPath(old)) == new for old, new in others)


def place_of(folder: str, text: str) -> str:
    """Where a path of a state file leads from the top: it begins with `/` or `..` if that is out of it. A URL stays one."""
    if "://" in text:
        return text
    try:
        return resolve(folder, text)
    except PathLeavesRepository:
        return posixpath.normpath(posixpath.join(folder, text))


def _is_there(tree: Tree, lent: Lent, folder: str, text: str) -> bool:
    place = place_of(folder, text)
    if place in lent:
        return True
    if any(sign in place for sign in "*?["):
        return any(path.count("/") == place.count("/") and fnmatchcase(path, place) for path in tree)
    entry = tree.entries.get(RepoPath(place)) if _is_inside(place) else None
    return entry is not None and not (entry.mode is Mode.LINK and _leads_out(tree, RepoPath(place)))


def _is_inside(place: str) -> bool:
    """Whether what `place_of` gives is a path in the repository."""
    return bool(place) and "://" not in place and not place.startswith(("/", "../")) and place != ".."


def _leads_out(tree: Tree, link: RepoPath) -> bool:
    try:
        resolve(link.folder, tree.text(link))
    except PathLeavesRepository:
        return True
    return False
