"""Whether two sides fail for the same cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from migrate.claims.gathered import Gathered
from migrate.claims.missing import same_missing
from migrate.claims.side_facts import Definition
from migrate.errors import PathLeavesRepository
from migrate.model.facts import CellId, Failure
from migrate.model.paths import RepoPath, resolve
from migrate.model.proof import CellVerdict
from migrate.model.tree import Tree

Judged = tuple[CellVerdict, str]

REACHABLE = frozenset(
    ("Chart.yaml", "Chart.lock", "values.yaml", "values.schema.json", "requirements.yaml", "requirements.lock", ".helmignore")
)
REACHABLE_FOLDERS = ("templates/", "charts/", "crds/")


def judge_failures(gathered: Gathered, cell: CellId, old: Failure, new: Failure) -> Judged:
    """EQUAL_FAILURE only for one cause, in one piece of the repository, with everything comparable equal."""
    where = f"{old.path}:{old.line}" if old.line else old.path
    same_words = old.message == new.message and bool(old.missing) == bool(new.missing)
    if not same_words and not same_missing((gathered.old, gathered.new), cell, old, new):
        return CellVerdict.DIFFERENT, f"fails on both sides for other causes: {old.message} | {new.message}"
    if old.hidden != new.hidden:
        return CellVerdict.DIFFERENT, f"fails on both sides for other causes; they differ in what is not shown: {old.message}"
    if not old.path or not new.path:
        return CellVerdict.UNPROVED, f"fails on both sides for a cause outside of the commit: {old.message}"
    if not _one_piece(gathered, old, new):
        return CellVerdict.DIFFERENT, f"fails on both sides, at other places: {old.path}:{old.line} and {new.path}:{new.line}"
    unequal = _unequal_surroundings(gathered, cell)
    if unequal:
        return CellVerdict.DIFFERENT, f"fails on both sides, but {unequal}"
    return CellVerdict.EQUAL_FAILURE, f"fails on both sides for the same cause, {where}: {old.message}"


def _one_piece(gathered: Gathered, old: Failure, new: Failure) -> bool:
    """Whether two tracked files are the same piece: the same bytes and line, or the state file and what it came from."""
    before, after = gathered.case.old.entries.get(RepoPath(old.path)), gathered.case.new.entries.get(RepoPath(new.path))
    if before is None or after is None:
        return False
    if old.path in gathered.old.sources() and new.path in gathered.new.sources():
        return True
    return before == after and old.line == new.line


def _unequal_surroundings(gathered: Gathered, cell: CellId) -> str:
    """What of the failing release can be compared and is not equal; empty if all of it is."""
    if not gathered.old.states(cell.environment) and not gathered.new.states(cell.environment):
        return ""
    sides = gathered.old.definitions(cell), gathered.new.definitions(cell)
    if len(sides[0]) != 1 or len(sides[1]) != 1:
        return "the release is not defined once on each side"
    old, new = sides[0][0], sides[1][0]
    if old.state.values_digest != new.state.values_digest:
        return "the environment's values differ"
    if not _same_chart(gathered, old, new):
        return "the chart differs"
    return "" if _same_values_files(gathered, old, new) else "the values files differ"


def _same_chart(gathered: Gathered, old: Definition, new: Definition) -> bool:
    before, after = _folder(old, old.release), _folder(new, new.release)
    files = [dict(_below(tree, folder)) for tree, folder in ((gathered.case.old, before), (gathered.case.new, after))]
    if not files[0] and not files[1]:
        return old.release.get("chart") == new.release.get("chart")
    kept = {name: entry for name, entry in files[0].items() if name in REACHABLE or name.startswith(REACHABLE_FOLDERS)}
    return kept.items() <= files[1].items() and files[1].items() <= files[0].items()


def _folder(definition: Definition, release: Mapping[str, Any]) -> str | None:
    try:
        return resolve(definition.state.source.folder, str(release.get("chart", "")))
    except PathLeavesRepository:
        return None


def _below(tree: Tree, folder: str | None) -> Iterator[tuple[str, object]]:
    if folder is not None:
        for path in tree.below(folder):
            yield path.relative_to(folder), tree.entries[path]


def _same_values_files(gathered: Gathered, old: Definition, new: Definition) -> bool:
    before, after = old.release.get("values") or [], new.release.get("values") or []
    if len(before) != len(after):
        return False
    pairs = zip(before, after, strict=True)
    return all(
        _blob(gathered.case.old, old, a) == _blob(gathered.case.new, new, b)
        for a, b in pairs
        if isinstance(a, str) and isinstance(b, str)
    )


def _blob(tree: Tree, definition: Definition, entry: str) -> str | None:
    try:
        path = resolve(definition.state.source.folder, entry)
        found = tree.entries.get(RepoPath(path))
    except PathLeavesRepository:
        return None
    return found.oid if found else None
