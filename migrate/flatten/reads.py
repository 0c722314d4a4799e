"""Files that templates read: they must be found from the template's new place by the same text."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.analyzers.templates import TemplateFacts
from migrate.errors import PathLeavesRepository
from migrate.flatten.ground import Ground
from migrate.flatten.placement import helpers_beside
from migrate.flatten.places import Places
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath, resolve


def read_findings(ground: Ground, places: Places, facts: TemplateFacts) -> Iterator[Finding]:
    """A blocking `unmapped-path` for each read that would no longer find what it finds today."""
    states = {state.path for state in ground.inventory.states}
    for read in facts.reads:
        old_folder = read.path.folder
        target = places.target(read.path)
        new_folder = ground.layout.folder if read.path in states else (target.folder if target else old_folder)
        reason = _reason(ground, places, (old_folder, new_folder), read.argument)
        if reason:
            hint = "put the file beside the template, or its content into the template"
            message = f"`{read.function}` {reason}"
            yield Finding("unmapped-path", Severity.BLOCKING, read.path, read.line, message, hint)
    yield from _helpers(ground, places)


def _helpers(ground: Ground, places: Places) -> Iterator[Finding]:
    """Templates whose `_*.tpl` helpers would not lie beside them at their new places."""
    for source, place in places.of.items():
        apart = [h for h in helpers_beside(ground.tree, source) if (places.target(h) or h).folder != place.target.folder]
        if apart:
            message = f"the helper {apart[0].name} lies beside it today, and would not at {place.target}"
            hint = "put what it defines into the template"
            yield Finding("unmapped-path", Severity.BLOCKING, source, 0, message, hint)


def _reason(ground: Ground, places: Places, folders: tuple[str, str], argument: str | None) -> str:
    old_folder, new_folder = folders
    if argument is None or argument.startswith("/"):
        return "" if argument else "reads a path that is computed"
    try:
        source, found_there = resolve(old_folder, argument), resolve(new_folder, argument)
    except PathLeavesRepository:
        return f"reads `{argument}`, which leads out of the repository"
    if source in ground.tree:
        target = places.target(source) or RepoPath(source)
        return "" if target == found_there else f"reads `{argument}`, which would be {target} and not be found from {new_folder}"
    if ground.tree.is_folder(source):
        moved = {places.target(path) for path in ground.tree.below(source)}
        wanted = {f"{found_there}/{path.relative_to(source)}" for path in ground.tree.below(source)}
        return "" if moved == wanted else f"reads the folder `{argument}`, whose files do not move alike"
    elsewhere = f"looks for `{source}`, which no commit holds, and would look for `{found_there}`"
    return elsewhere if source != found_there else ""
