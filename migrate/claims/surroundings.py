"""What of a failing release can still be compared: its chart, its values files, and what its entry hands to helm."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from migrate.claims.fetched import address_of
from migrate.claims.gathered import Gathered
from migrate.claims.links import reached
from migrate.claims.missing_files import place_of
from migrate.claims.side_facts import Definition, Presence
from migrate.claims.template_reads import ComputedPath, reads_alike
from migrate.errors import PathLeavesRepository
from migrate.model.facts import CellId
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Entry, Mode, Tree

REACHABLE = frozenset(
    ("Chart.yaml", "Chart.lock", "values.yaml", "values.schema.json", "requirements.yaml", "requirements.lock", ".helmignore")
)
REACHABLE_FOLDERS = ("templates/", "charts/", "crds/")

FILES = ("values", "secrets", "strategicMergePatches", "jsonPatches", "transformers")
"""Lists of files, and of what is written in their place."""
SETTINGS = (
    *("set", "setTemplate", "valuesTemplate", "version", "createNamespace", "historyMax"),
    *("postRenderer", "postRendererArgs", "keyring", "missingFileHandler", "dependencies"),
)
"""What helm's arguments would show if helm were called."""
WITH_PATHS = {"set": "file", "dependencies": "chart"}
"""Lists whose entries name a file or a folder."""


class NotComparable(ValueError):
    """Only the tools could say whether both are the same: a file and the values themselves, or a file by a computed name."""


def unequal_surroundings(gathered: Gathered, cell: CellId) -> str:
    """What of the failing release can be compared and is not equal; empty if all of it is. May raise NotComparable."""
    if gathered.old.states(cell.environment) or gathered.new.states(cell.environment):
        sides = gathered.old.definitions(cell), gathered.new.definitions(cell)
        if len(sides[0]) != 1 or len(sides[1]) != 1:
            return "the release is not defined once on each side"
        if sides[0][0].state.values_digest != sides[1][0].state.values_digest:
            return "the environment's values differ"
        return _unequal(gathered, sides[0][0], sides[1][0])
    if gathered.old.presence(cell) is Presence.BROKEN:
        return ""
    borrowed = _borrowed(gathered, cell)
    if borrowed is None:
        raise NotComparable("nothing tells what surrounds the release")
    return _unequal(gathered, *borrowed)


def _borrowed(gathered: Gathered, cell: CellId) -> tuple[Definition, Definition] | None:
    """The release as another environment has it, where `build` fails for this one."""
    for environment in gathered.environments:
        elsewhere = replace(cell, environment=environment)
        old, new = gathered.old.definitions(elsewhere), gathered.new.definitions(elsewhere)
        if len(old) == len(new) == 1:
            return old[0], new[0]
    return None


def _unequal(gathered: Gathered, old: Definition, new: Definition) -> str:
    if not _same_chart(gathered, old, new):
        return "the chart differs"
    trees = gathered.case.old, gathered.case.new
    for key in SETTINGS:
        if key == "version" and address_of(gathered.case.old, old) in gathered.fetched:
            continue  # it says which bytes are meant, and those were compared
        if _exact(_handed(trees[0], old, key)) != _exact(_handed(trees[1], new, key)):
            return f"`{key}` differs"
    return next((f"the {key} files differ" for key in FILES if not _same_files(trees, old, new, key)), "")


def unequal_entries(gathered: Gathered, old: Definition, new: Definition) -> str:
    """What differs between the entries of a release that helm is never given; empty if nothing does, as far as that shows.

    A file on one side and the values themselves on the other are passed over, and so is a remote chart that was not got.
    """
    address = address_of(gathered.case.old, old)
    remote = address is not None
    if not (remote and address not in gathered.fetched) and not _same_chart(gathered, old, new):
        return "the chart differs"
    trees = gathered.case.old, gathered.case.new
    for key in SETTINGS:
        if not (remote and key == "version") and _exact(_handed(trees[0], old, key)) != _exact(_handed(trees[1], new, key)):
            return f"`{key}` differs"
    return next((f"the {key} files differ" for key in FILES if not _same_where_comparable(trees, old, new, key)), "")


def _same_where_comparable(trees: tuple[Tree, Tree], old: Definition, new: Definition, key: str) -> bool:
    before, after = old.release.get(key) or (), new.release.get(key) or ()
    pairs = zip(before, after, strict=False)
    return len(before) == len(after) and all(_same_if_comparable(trees, (old, a), (new, b), key) for a, b in pairs)


def _same_if_comparable(
    trees: tuple[Tree, Tree], old: tuple[Definition, object], new: tuple[Definition, object], key: str
) -> bool:
    try:
        return _same_entry(trees, old, new, key)
    except NotComparable:
        return True


def chart_files(tree: Tree, definition: Definition) -> tuple[RepoPath, ...]:
    """The files of the release's chart, none if it is no folder of the commit."""
    folder = _folder(definition)
    return () if folder is None else tree.below(folder)


def named_files(tree: Tree, definition: Definition) -> Iterator[RepoPath]:
    """The files that the release's lists name, as far as the commit has them."""
    for key in FILES:
        for entry in definition.release.get(key) or ():
            if isinstance(entry, str):
                yield from _matching(tree, definition, key, entry)


def _same_chart(gathered: Gathered, old: Definition, new: Definition) -> bool:
    sides = (gathered.case.old, old), (gathered.case.new, new)
    files = [dict(_below(tree, definition)) for tree, definition in sides]
    address = address_of(gathered.case.old, old)
    fetched = gathered.fetched.get(address) if address else None
    if fetched is not None:
        return files[1] == {name: Entry(Mode.FILE, oid) for name, oid in fetched.items()}
    given = gathered.completed.get(_folder(old) or "", {})
    files[0] |= {name: Entry(Mode.FILE, oid) for name, oid in given.items()}
    if not files[0] and not files[1]:
        links = [_behind_a_link(tree, definition) for tree, definition in sides]
        return links[0] == links[1] and (links[0] is not None or old.release.get("chart") == new.release.get("chart"))
    kept = {name: entry for name, entry in files[0].items() if name in REACHABLE or name.startswith(REACHABLE_FOLDERS)}
    return kept.items() <= files[1].items() and files[1].items() <= files[0].items()


def _behind_a_link(tree: Tree, definition: Definition) -> object:
    """What the chart is if its folder is a link; None if it is none."""
    folder = _folder(definition)
    return reached(tree, RepoPath(folder)) if folder and folder in tree else None


def _below(tree: Tree, definition: Definition) -> Iterator[tuple[str, object]]:
    folder = _folder(definition)
    for path in chart_files(tree, definition):
        yield path.relative_to(folder or ""), tree.entries[path]


def _folder(definition: Definition) -> str | None:
    try:
        return resolve(definition.state.source.folder, str(definition.release.get("chart", "")))
    except PathLeavesRepository:
        return None


def _handed(tree: Tree, definition: Definition, key: str) -> Any:  # noqa: ANN401  (whatever YAML holds)
    """A setting, with the content of a file that it names in place of the path."""
    value = definition.effective(key)
    if value in (None, "", [], {}):
        return None
    if key in ("postRenderer", "keyring"):
        return _content(tree, definition, str(value), is_path=key == "keyring" or "/" in str(value))
    if key == "postRendererArgs":
        return [_content(tree, definition, str(word), is_path=False) for word in value]
    if key in WITH_PATHS:
        return [_with_content(tree, definition, item, WITH_PATHS[key]) for item in value]
    return value


def _with_content(tree: Tree, definition: Definition, item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    if not item.get(name):
        return item
    text = str(item[name])
    is_path = name == "file" or text.startswith(".") or "/" not in text
    return {**item, name: _content(tree, definition, text, is_path=is_path)}


def _content(tree: Tree, definition: Definition, text: str, *, is_path: bool) -> object:
    """Mode and bytes of what a text names, a file or a folder; of what no commit holds the place, if it is a path for certain."""
    place = place_of(definition.state.source.folder, text)
    if place in tree:
        return tree.entries[RepoPath(place)]
    below = tree.below(place) if is_path or "/" in text else ()
    return {path.relative_to(place): tree.entries[path] for path in below} or (place if is_path else text)


def _same_files(trees: tuple[Tree, Tree], old: Definition, new: Definition, key: str) -> bool:
    before, after = old.release.get(key) or (), new.release.get(key) or ()
    if len(before) != len(after):
        return False
    return all(_same_entry(trees, (old, a), (new, b), key) for a, b in zip(before, after, strict=True))


def _same_entry(trees: tuple[Tree, Tree], old: tuple[Definition, object], new: tuple[Definition, object], key: str) -> bool:
    before, after = old[1], new[1]
    if not isinstance(before, str) and not isinstance(after, str):
        return _exact(before) == _exact(after)
    if not isinstance(before, str) or not isinstance(after, str):
        raise NotComparable(f"`{key}` has a file on one side and what may be the same on the other")
    found = _matching(trees[0], old[0], key, before), _matching(trees[1], new[0], key, after)
    if not found[0] and not found[1]:
        remote = "://" in before or "://" in after
        return before == after if remote else _last(before) == _last(after)
    same = [trees[0].entries[path] for path in found[0]] == [trees[1].entries[path] for path in found[1]]
    try:
        return same and all(reads_alike((trees[0], a), (trees[1], b)) for a, b in zip(*found, strict=True))
    except ComputedPath as error:
        raise NotComparable(str(error)) from error


def _matching(tree: Tree, definition: Definition, key: str, text: str) -> Sequence[RepoPath]:
    """The file that an entry names, or those that its pattern matches."""
    prefix = str(definition.release.get("valuesPathPrefix") or "") if key in ("values", "secrets") else ""
    place = place_of(definition.state.source.folder, prefix + text)
    if place in tree:
        return (RepoPath(place),)
    if not any(sign in place for sign in "*?["):
        return ()
    return sorted(path for path in tree if path.count("/") == place.count("/") and fnmatchcase(path, place))


def _last(text: str) -> str:
    return text.rpartition("/")[2]


def _exact(value: object) -> str:
    """A text in which `true`, `1`, `1.0` and `"1"` are four things."""
    return json.dumps(value, sort_keys=True, default=repr)
