"""comments_kept: every comment of the legacy helmfiles lives on.

A comment of a helmfile that the old side loads must stand in the new state file (or in one that this names, in a tree made by
hand that is still nested), as often as it stood in the old ones, or its
whole file must have a copy with the same bytes. Comments of copied values and environment files are kept with their bytes;
they are counted so that the figure can be read. Of a values file that no record calls copied, they must be in the files that
the release names on the new side, and those of an environment's values file in the files that the environment names.

A comment stays beside its node: one of a release (of the root, also one of an environment) must precede, follow or trail the same
node of the same release, and those of one place keep their order. What stands around the whole may be somewhere else. In a new
state file that is no YAML even with its actions masked they are counted only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from migrate.claims.comment_homes import Places
from migrate.claims.gathered import Gathered
from migrate.claims.missing_files import named_by, place_of
from migrate.claims.side_facts import Definition
from migrate.formats.comment_places import NodePath, PlacedComment, has_nodes, node_paths, placed_comments
from migrate.formats.comments import comments
from migrate.model.paths import RepoPath
from migrate.model.proof import ClaimResult, Evidence
from migrate.model.tree import Tree

NAME = "comments_kept"
ASSERTS = "every comment of the legacy helmfiles is in the new state file or in a copy with equal bytes"

COMMENTED = (".yaml", ".yml", ".gotmpl")


def judge(gathered: Gathered) -> ClaimResult:
    """One piece of evidence for each legacy helmfile and for each copied YAML file that is no part of a chart."""
    return ClaimResult.of(
        NAME, ASSERTS, (*_of_states(gathered), *_of_copies(gathered), *_of_others(gathered), *_of_environments(gathered))
    )


def _of_states(gathered: Gathered) -> Iterator[Evidence]:
    case = gathered.case
    homes = [path for path in _new_states(gathered) if path in case.new]
    home = Counter(text for path in homes for text in _texts(case.new, path))
    nodes = frozenset[NodePath]().union(*(node_paths(_text(case.new, path), path) for path in homes))
    places = Places([comment for path in homes for comment in _placed(case.new, path)], nodes)
    clear = all(has_nodes(_text(case.new, path), path) for path in homes)
    for path in sorted(gathered.old.sources()):
        texts = _texts(case.old, path)
        if case.legacy_runs and case.old.entries.get(RepoPath(path)) == case.new.entries.get(RepoPath(path)):
            yield Evidence(path, True, f"{len(texts)} comments in the same file, which is still run")
            continue
        if path != case.new_state and _has_copy(gathered, path):
            yield Evidence(path, True, f"{len(texts)} comments in a copy with equal bytes")
            continue
        lost = Counter(texts) - home
        home -= Counter(texts)
        parts = ("releases", "environments") if path == case.old_state else ("releases",)
        strayed = places.without_home(_placed(case.old, path), parts) if clear else ()
        wrong = _gone(case.old, path, lost) or _strayed(strayed)
        yield Evidence(path, not wrong, wrong or f"{len(texts)} comments in {case.new_state}")


def _new_states(gathered: Gathered) -> list[RepoPath]:
    """The new state file, and those that it names; but for a phase in which the legacy ones are still run."""
    named = () if gathered.case.legacy_runs else gathered.new.sources()
    return sorted({RepoPath(path) for path in (gathered.case.new_state, *named)})


def _of_copies(gathered: Gathered) -> Iterator[Evidence]:
    case = gathered.case
    charts = {path.folder for path in case.old if path.name == "Chart.yaml"}
    for source, target in case.record.copies if case.record else ():
        if source not in case.old or not source.endswith(COMMENTED) or any(source.is_below(chart) for chart in charts if chart):
            continue  # what is not there is for every_file_has_a_verdict and bytes_kept to refuse
        found = comments(_text(case.old, source))
        if found:
            kept = not Counter(c.text for c in found) - Counter(_texts(case.new, target))
            full = sum(comment.full_line for comment in found)
            yield Evidence(source, kept, f"{full} full-line and {len(found) - full} trailing comments in {target}")


def _of_others(gathered: Gathered) -> Iterator[Evidence]:
    case = gathered.case
    copied = {source for source, _ in case.record.copies} if case.record else set()
    seen: set[tuple[RepoPath, tuple[RepoPath, ...]]] = set()
    for cell in gathered.cells:
        old, new = gathered.old.definitions(cell), gathered.new.definitions(cell)
        if len(old) == len(new) == 1:
            homes = tuple(_named(case.new, new[0]))
            for path in _named(case.old, old[0]):
                if path not in copied and (path, homes) not in seen:
                    seen.add((path, homes))
                    yield from _kept_in(gathered, path, homes)


def _of_environments(gathered: Gathered) -> Iterator[Evidence]:
    case = gathered.case
    copied = {source for source, _ in case.record.copies} if case.record else set()
    seen: set[tuple[RepoPath, tuple[RepoPath, ...]]] = set()
    for environment in gathered.environments:
        if not gathered.old.states(environment) or not gathered.new.states(environment):
            continue
        homes = tuple(path for path in sorted(named_by(gathered.new, environment)) if path in case.new)
        for path in sorted(named_by(gathered.old, environment)):
            if path in case.old and path.endswith(COMMENTED) and path not in copied and (path, homes) not in seen:
                seen.add((path, homes))
                yield from _kept_in(gathered, path, homes)


def _kept_in(gathered: Gathered, path: RepoPath, homes: tuple[RepoPath, ...]) -> Iterator[Evidence]:
    texts = _texts(gathered.case.old, path)
    lost = Counter(texts) - Counter(text for home in homes for text in _texts(gathered.case.new, home))
    if texts:
        places = Places(tuple(comment for home in homes for comment in _placed(gathered.case.new, home)))
        wrong = _gone(gathered.case.old, path, lost) or _strayed(places.without_home(_placed(gathered.case.old, path)))
        yield Evidence(path, not wrong, wrong or f"{len(texts)} comments in {', '.join(homes)}")


def _named(tree: Tree, definition: Definition) -> Iterator[RepoPath]:
    """The values files of a release that are YAML and in the commit."""
    for entry in definition.release.get("values") or ():
        path = place_of(definition.state.source.folder, entry) if isinstance(entry, str) else ""
        if path.endswith(COMMENTED) and path in tree:
            yield RepoPath(path)


def _has_copy(gathered: Gathered, path: str) -> bool:
    """Whether the record, or a file of the new tree at another place, keeps the whole file."""
    case = gathered.case
    entry = case.old.entries.get(RepoPath(path))
    record = case.record
    if entry is None:
        return False
    if record:
        return any(source == path and case.new.entries.get(target) == entry for source, target in record.copies)
    return any(found == entry for place, found in case.new.entries.items() if place not in case.old)


def _text(tree: Tree, path: str) -> str:
    """A file in whatever encoding: its comments need not be understood to be compared."""
    return tree.read(path).decode("utf-8", "surrogateescape")


def _texts(tree: Tree, path: str) -> list[str]:
    if RepoPath(path) not in tree:
        return []
    return [comment.text for comment in comments(_text(tree, path))]


def _placed(tree: Tree, path: str) -> tuple[PlacedComment, ...]:
    return placed_comments(_text(tree, path), RepoPath(path)) if RepoPath(path) in tree else ()


def _strayed(comments: Sequence[PlacedComment]) -> str:
    lines = ", ".join(f"line {comment.line}" for comment in comments)
    return f"{len(comments)} comments stand beside something else: {lines}" if comments else ""


def _gone(tree: Tree, path: str, lost: Counter[str]) -> str:
    if not lost:
        return ""
    lines = ", ".join(f"line {comment.line}" for comment in comments(_text(tree, path)) if comment.text in lost)
    return f"{lost.total()} comments lost: {lines}"
