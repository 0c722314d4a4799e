"""What people wrote on a branch that still points at a legacy file which the cleanup is about to remove."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

from migrate.errors import BadInput, PathLeavesRepository, UnreadableSource
from migrate.flatten.cleanup import FILTERS
from migrate.model.paths import RepoPath, resolve
from migrate.model.phases import PROSE
from migrate.model.tree import Mode, Tree
from migrate.references import find_in
from migrate.references.moves import Moves
from migrate.references.untold import untold


@dataclass(frozen=True, slots=True)
class Removal:
    """A branch about to lose the files `gone`: its tree, the migration alone, and the paths that people changed."""

    branch: Tree
    made: Tree
    changed: Collection[RepoPath]
    gone: frozenset[RepoPath]


@dataclass(frozen=True, slots=True)
class StillRead:
    """A line of a file (0: the whole of it) and the removed file or folder that it names."""

    path: RepoPath
    line: int
    target: str

    def where(self) -> str:
        """`path:line`, or the path alone."""
        return f"{self.path}:{self.line}" if self.line else str(self.path)


def still_read(removal: Removal, moves: Moves) -> list[StillRead]:
    """Where files that people changed on a branch name a file that goes. A document keeps nothing.

    A line that the migration alone has in the same file is no work of people. BadInput if a file is not in this clone.
    """
    branch, made, gone = removal.branch, removal.made, removal.gone
    found: list[StillRead] = []
    for path in sorted(removal.changed):
        if path not in branch or path in gone or path.endswith(PROSE) or path.name in FILTERS:
            continue
        if branch.entries[path].mode is Mode.SUBMODULE:
            continue
        try:
            known = set(made.read(path).split(b"\n")) if path in made else set()
            lines = branch.read(path).split(b"\n")
        except KeyError:
            raise BadInput(f"{path}: its content is not in this clone", path=path, hint="git fetch gets it") from None
        for each in _names(branch, path, moves, gone):
            of_people = not each.line or lines[each.line - 1] not in known
            if of_people and _means(each.target, gone) and each not in found:
                found.append(each)
    return found


def _names(tree: Tree, path: RepoPath, moves: Moves, gone: frozenset[RepoPath]) -> Iterator[StillRead]:
    if tree.entries[path].mode is Mode.LINK:
        try:
            yield StillRead(path, 0, resolve(path.folder, tree.text(path)))
        except (UnicodeDecodeError, PathLeavesRepository):
            return
    elif tree.entries[path].mode in (Mode.FILE, Mode.EXECUTABLE):
        try:
            references = find_in(tree, path, moves)
        except UnreadableSource:
            data = tree.read(path)
            yield from (StillRead(path, 0, root) for root in sorted({p.partition("/")[0] for p in gone}) if root.encode() in data)
            return
        yield from (StillRead(path, reference.origin.line, reference.target) for reference in references)
        alone = replace(tree, entries=MappingProxyType({path: tree.entries[path]}))
        yield from (StillRead(path, mention.line, mention.target) for mention in untold(alone, moves))


def _means(target: str, gone: frozenset[RepoPath]) -> bool:
    """Whether a path is one of these files, or a folder or a pattern above one."""
    head = target
    while any(character in head for character in "{*?["):
        head = head.rpartition("/")[0]
    return any(not head or path == head or path.is_below(head) for path in gone)
