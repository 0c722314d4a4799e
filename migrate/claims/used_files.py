"""Files that the old side loads, by what they are to helmfile: a record has to say where each of them went.

Otherwise a copy could be called a new file. Then nothing would be asked of what still names the old one.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.claims.gathered import Gathered
from migrate.claims.missing_files import named_by
from migrate.claims.side_facts import Definition, SideFacts
from migrate.claims.surroundings import REACHABLE, REACHABLE_FOLDERS, chart_files, named_files
from migrate.model.case import ProofCase
from migrate.model.paths import RepoPath


def unaccounted(gathered: Gathered) -> tuple[RepoPath, ...]:
    """The files that the old side loads and the new one does not, and of which the record names no copy."""
    record = gathered.case.record
    if record is None:
        return ()
    known = {source for source, _ in record.copies}
    lost = {*_loaded(gathered.old)} - known - set(gathered.case.merged)
    return tuple(sorted(path for path in lost - {*_loaded(gathered.new)} if path in gathered.case.old)) if lost else ()


def unnamed_copies(case: ProofCase) -> Iterator[tuple[RepoPath, RepoPath]]:
    """New files that the record calls created, with the name and the bytes of a legacy file of which it names no copy."""
    record = case.record
    if record is None:
        return
    known = {source for source, _ in record.copies}
    left = {(path.name, case.old.entries[path].oid): path for path in case.old if path not in known}
    for path in record.created:
        entry = case.new.entries.get(path)
        source = left.get((path.name, entry.oid)) if entry is not None and path not in case.old else None
        if source is not None and case.old.read(source):
            yield source, path


def _loaded(side: SideFacts) -> Iterator[RepoPath]:
    for environment in side.environments:
        yield from named_by(side, environment)
        for state in side.states(environment):
            for release in state.releases:
                yield from _of_release(side, Definition(state, release))


def _of_release(side: SideFacts, definition: Definition) -> Iterator[RepoPath]:
    yield from named_files(side.tree, definition)
    files = chart_files(side.tree, definition)
    chart = next((path.folder for path in sorted(files, key=len) if path.name == "Chart.yaml"), None)
    for path in files:
        if chart is not None and path.is_below(chart):
            name = path.relative_to(chart)
            if name in REACHABLE or name.startswith(REACHABLE_FOLDERS):
                yield path
