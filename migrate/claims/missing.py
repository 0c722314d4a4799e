"""Whether both sides want one and the same file that is not there: an entry of a list, at its old and at its new place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from migrate.claims.links import reached
from migrate.claims.side_facts import SideFacts
from migrate.errors import PathLeavesRepository, UnreadableSource
from migrate.formats.state_source import StateSource
from migrate.formats.yaml_source import Node
from migrate.model.case import ProofCase
from migrate.model.facts import CellId, Failure
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Tree

LISTS = ("values", "secrets")
_ENVIRONMENT = re.compile(r"\{\{-?\s*\.Environment\.Name\s*-?\}\}")

Entry = tuple[str, int, str]
"""The list, the place in it, and the file's own name."""


def same_missing(sides: tuple[SideFacts, SideFacts], cell: CellId, old: Failure, new: Failure) -> bool:
    """Whether the failures differ in nothing but the folder of the file that the same entry names on both sides."""
    if not old.missing or _nameless(old.message) != _nameless(new.message):
        return False
    return not _entries(sides[0], cell, old).isdisjoint(_entries(sides[1], cell, new))


def follows(case: ProofCase, environment: str, old: str, new: str) -> bool:
    """Whether an environment that does not load wants its missing file where that will be, and not that of another environment.

    Of a file that the inventory knows to be missing, its place in the new tree is known; of any other, that both places have
    the names of the same environments in them.
    """
    known = {after for before, after in case.absent if before == old}
    names = {environment, *case.environments}
    return new in known if known else names.intersection(_words(old)) == names.intersection(_words(new))


def _words(place: str) -> list[str]:
    return re.split(r"[/.]", place)


def _nameless(message: str) -> str:
    return re.sub(r'matching "[^"\n]*"', "matching", message)


def _entries(side: SideFacts, cell: CellId, failure: Failure) -> set[Entry]:
    """The entries that name the missing file: of the release, or of the environment that does not load."""
    named = _of_release(side, cell) if side.states(cell.environment) else _files_in(side.tree, failure.path, cell.environment)
    return {(key, at, failure.missing.rpartition("/")[2]) for key, at, path in named if path == failure.missing}


def _of_release(side: SideFacts, cell: CellId) -> Iterator[Entry]:
    for definition in side.definitions(cell):
        prefix = str(definition.release.get("valuesPathPrefix") or "")
        for key in LISTS:
            for at, entry in enumerate(definition.release.get(key) or ()):
                if isinstance(entry, str):
                    yield key, at, _place(definition.state.source.folder, prefix + entry)


def _files_in(tree: Tree, state: str, environment: str) -> Iterator[Entry]:
    """The entries of an environment's lists in one state file, each as a path from the top."""
    path = RepoPath(state)
    try:
        source = StateSource.parse(path, tree.read(path))
    except (KeyError, UnreadableSource):
        return
    for block in source.blocks("environments"):
        declared = block.value.get(environment)
        for key in LISTS:
            for at, entry in enumerate(_items(declared, key)):
                if entry.kind == "scalar":
                    written = block.part.text[entry.start : entry.end].strip("'\"")
                    yield key, at, _place(path.folder, _ENVIRONMENT.sub(environment, written))


def unequal_declarations(case: ProofCase, sides: tuple[SideFacts, SideFacts], environment: str) -> str:
    """What the state files that are asked say otherwise of an environment that does not load; empty if both say the same.

    Compared are its settings, the number of its entries, and the entries that are values themselves, all as they are written, and
    the bytes of the files that the entries name, one by one. Nothing is said where one of the files does not declare it itself.
    """
    old, new = (_declared(side, environment) for side in sides)
    if not old or not new:
        return ""
    if len(old) != len(new):
        return f"its environment is declared {len(old)} times, on the new side {len(new)} times"
    pairs = [(a, b, dict.fromkeys((*a, *b))) for a, b in zip(old, new, strict=True)]
    said = next((f"`{key}` of its environment differs" for a, b, keys in pairs for key in keys if a.get(key) != b.get(key)), "")
    return said or _unequal_files(case, sides, environment)


def _unequal_files(case: ProofCase, sides: tuple[SideFacts, SideFacts], environment: str) -> str:
    """Which list of the environment names other files on the new side, whether the commits hold them or not. Order counts."""
    old, new = (_files_in(side.tree, side.state_file, environment) for side in sides)
    for (key, _, here), (_, _, there) in zip(old, new, strict=False):
        before, after = _held(sides[0].tree, here), _held(sides[1].tree, there)
        if before != after or (before is None and not _is_moved(case, environment, here, there)):
            return f"a file of `{key}` of its environment differs"
    return ""


def _is_moved(case: ProofCase, environment: str, old: str, new: str) -> bool:
    known = any(before == old for before, _ in case.absent)
    return follows(case, environment, old, new) and (known or old.rpartition("/")[2] == new.rpartition("/")[2])


def _held(tree: Tree, place: str) -> object:
    """What a commit holds at a place, links followed, or where a pattern leads; nothing if it holds nothing there."""
    if any(sign in place for sign in "*?["):
        found = (path for path in tree if path.count("/") == place.count("/") and fnmatchcase(path, place))
        return [reached(tree, path) for path in sorted(found)] or None
    path = RepoPath(place) if place in tree else None
    return reached(tree, path) if path else None


def _declared(side: SideFacts, environment: str) -> list[dict[str, tuple[str, ...]]]:
    try:
        source = StateSource.parse(RepoPath(side.state_file), side.tree.read(RepoPath(side.state_file)))
    except (KeyError, UnreadableSource):
        return []
    found = ((block.part.text, block.value.get(environment)) for block in source.blocks("environments"))
    return [{key.value: _said(text, value) for key, value in node.pairs} for text, node in found if node is not None]


def _said(text: str, node: Node) -> tuple[str, ...]:
    """A setting as it is written, blanks and comments apart; a list entry by entry, each file by nothing but that it is one."""
    if node.kind == "sequence":
        return tuple("" if item.kind == "scalar" else _said(text, item)[0] for item in node.items)
    return (" | ".join(" ".join(text[n.start : n.end].split()) if n.kind == "scalar" else n.kind for n in node.walk()),)


def _items(declared: Node | None, key: str) -> tuple[Node, ...]:
    found = declared.get(key) if declared is not None else None
    return found.items if found is not None else ()


def _place(folder: str, text: str) -> str:
    try:
        return resolve(folder, text)
    except PathLeavesRepository:
        return ""
