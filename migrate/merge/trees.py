"""Three trees merged: each file by its id first, by its contents where all three differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from types import MappingProxyType

from migrate.merge.conflict import Conflict, Kind
from migrate.merge.content import Trouble, merge_content
from migrate.merge.renames import REGULAR, Renames
from migrate.merge.three import Three, counted, rename_trouble, where
from migrate.model.paths import RepoPath
from migrate.model.tree import BlobReader, Entry, Mode, Tree

Outcome = tuple[Mode, bytes | str] | Trouble | None
"""a mode and the bytes or the id of a blob; None for a file that is gone"""


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged tree, derived from ours. With `conflicts` it is no result: their files are in it as ours has them.

    `both` are the files that the sides changed in different ways and that were merged; `ours_only` and `theirs_only` those
    that one side changed, added or removed. What both changed in the same way is in none of them. A file that a side renamed
    goes by its new path. `unsolved` are those of `solved` that are in no conflict, `settled` the
    conflicts of the others.
    """

    tree: Tree
    conflicts: tuple[Conflict, ...]
    both: tuple[RepoPath, ...]
    ours_only: tuple[RepoPath, ...]
    theirs_only: tuple[RepoPath, ...]
    unsolved: tuple[RepoPath, ...] = ()
    settled: tuple[Conflict, ...] = ()


def merge_trees(base: Tree, ours: Tree, theirs: Tree, *, apart: str = "", solved: Collection[RepoPath] = ()) -> Merge:
    """What changed from `base` to `theirs` carried into `ours`. Contents are read only where the ids don't settle it.

    `apart` is a folder that holds copies of files outside of it: a renamed file is looked for on its own side of it first. A
    conflict in one of `solved` is none: the file is as ours has it, with what theirs changed in other lines.
    """
    return _Merger(base, ours, theirs, apart, solved).merge()


class _Merger:
    def __init__(self, base: Tree, ours: Tree, theirs: Tree, apart: str, solved: Collection[RepoPath]) -> None:
        self.trees = base, ours, theirs
        self.solved, self.unsolved = frozenset(solved), set(solved)
        self.put: dict[RepoPath, tuple[Mode, bytes | str]] = {}
        self.drop: set[RepoPath] = set()
        self.conflicts: list[Conflict] = []
        self.settled: list[Conflict] = []
        self.both: list[RepoPath] = []
        self.ours_only: list[RepoPath] = []
        self.theirs_only: list[RepoPath] = []
        self.mine, self.other = Renames(base, ours, _content, apart), Renames(base, theirs, _content, apart)

    def merge(self) -> Merge:
        base, ours, theirs = self.trees
        follow = [path for path in base if path not in ours or path not in theirs]
        followed = [three for path in follow if (three := self.renamed(path))]
        claimed = counted(followed)
        done: set[RepoPath] = set()
        for three in followed:
            if any(path and claimed[side, path] > 1 for side, path in enumerate(three)):
                self.trouble(three, Trouble(Kind.RENAMED_TWICE, "several files became one"))
            else:
                self.file(three)
            done.update(path for path in three if path)
        for path in sorted({*base, *ours, *theirs} - done):
            entries = [tree.entries.get(path) for tree in self.trees]
            if entries[0] == entries[1] == entries[2]:
                continue
            self.file((path if entries[0] else None, path if entries[1] else None, path if entries[2] else None))
        return self.result()

    def renamed(self, path: RepoPath) -> Three | None:
        """A file of the base with its paths, if a side that no more has it renamed it, and the other one changed it, too."""
        base, ours, theirs = self.trees
        entry = base.entries[path]
        if path in ours or path in theirs:
            here, there = ours.entries.get(path), theirs.entries.get(path)
            if entry in (here, there):
                return None
            found = self.mine.find(path) if here is None else self.other.find(path)
            if found is None:
                return None
            return (path, found, path) if here is None else (path, path, found)
        mine, other = self.mine.find(path), self.other.find(path)
        if mine and mine == other and ours.entries[mine] == theirs.entries[mine]:
            return None
        return (path, mine, other) if mine or other else None

    def file(self, three: Three) -> None:
        """One file, where it stands on each side."""
        base, ours, theirs = (tree.entries.get(path) if path else None for tree, path in zip(self.trees, three, strict=True))
        _, mine, other = three
        moved = len({path for path in three if path}) > 1
        trouble = rename_trouble(three) or self.occupied(three)
        outcome: Outcome = trouble or self.merged(three, base, ours, theirs)
        if isinstance(outcome, Trouble):
            self.trouble(three, outcome)
            return
        place = (other if mine == three[0] else mine) if moved else (mine or other or three[0])
        assert place is not None  # noqa: S101  # some side has the file
        self.take(place, mine, outcome)
        if ours == theirs and mine == other:
            return
        if theirs == base and (not moved or mine == place):
            self.ours_only.append(place)
        elif ours == base and (not moved or other == place):
            self.theirs_only.append(place)
        else:
            self.both.append(place)

    def take(self, place: RepoPath, mine: RepoPath | None, outcome: tuple[Mode, bytes | str] | None) -> None:
        """Put what a file became where it belongs."""
        ours = self.trees[1].entries.get(place)
        if mine and mine != place:
            self.drop.add(mine)
        if outcome is None:
            self.drop.add(place)
        elif ours is None or outcome != (ours.mode, ours.oid):
            self.put[place] = outcome

    def occupied(self, three: Three) -> Trouble | None:
        """A file carried to a path at which the other side has one of its own."""
        base, ours, theirs = three
        _, our_tree, their_tree = self.trees
        if theirs and theirs not in (base, ours) and theirs in our_tree:
            return Trouble(Kind.RENAMED_TWICE, f"{theirs} is there on both sides")
        if ours and ours not in (base, theirs) and ours in their_tree:
            return Trouble(Kind.RENAMED_TWICE, f"{ours} is there on both sides")
        return None

    def merged(self, three: Three, base: Entry | None, ours: Entry | None, theirs: Entry | None) -> Outcome:
        """What a file becomes."""
        if theirs in (ours, base):
            return _known(ours)
        if base == ours:
            return _known(theirs)
        if ours is None or theirs is None:
            return Trouble(Kind.DELETED_AND_CHANGED, f"{'ours' if ours is None else 'theirs'} has it no more")
        mode = _mode(base, ours, theirs)
        if isinstance(mode, Trouble):
            return mode
        content = self.content(three, base, ours, theirs)
        return content if isinstance(content, Trouble) else (mode, content)

    def content(self, three: Three, base: Entry | None, ours: Entry, theirs: Entry) -> bytes | str | Trouble:
        """The bytes of a file, or the id of a blob that is there."""
        if theirs.oid == ours.oid or (base and base.oid == theirs.oid):
            return ours.oid
        if base and base.oid == ours.oid:
            return theirs.oid
        if {ours.mode, theirs.mode} - REGULAR:
            return Trouble(Kind.NO_TEXT, "a link or a submodule")
        texts = [_content(tree, path) if path else None for tree, path in zip(self.trees, three, strict=True)]
        if texts[1] is None or texts[2] is None or (base and texts[0] is None):
            return Trouble(Kind.CONTENT_MISSING)
        regular = base is not None and base.mode in REGULAR
        return merge_content(str(three[1] or three[2]), texts[0] if regular else None, texts[1], texts[2])

    def trouble(self, three: Three, trouble: Trouble) -> None:
        """A conflict; or none, if people say that ours has the file as it should be."""
        path = where(three)
        found = Conflict(path, trouble.kind, three, trouble.detail, trouble.blocks)
        if path not in self.solved:
            self.conflicts.append(found)
            return
        self.settled.append(found)
        self.unsolved.discard(path)
        self.both.append(path)
        base, ours, theirs = (tree.entries.get(path) if path else None for tree, path in zip(self.trees, three, strict=True))
        if trouble.otherwise is not None and ours and theirs:
            mode = _mode(base, ours, theirs)
            self.put[path] = (ours.mode if isinstance(mode, Trouble) else mode), trouble.otherwise

    def result(self) -> Merge:
        base, ours, theirs = self.trees
        tree = ours.changed(self.put, frozenset(self.drop - self.put.keys()))
        fresh = {**base.fresh, **theirs.fresh, **tree.fresh}
        used = {entry.oid for entry in tree.entries.values()}
        kept = MappingProxyType({oid: content for oid, content in fresh.items() if oid in used})
        tree = Tree(ours.commit, tree.entries, _reader(ours.reader, theirs.reader, base.reader), kept)
        for path, above in _clashes(tree):
            three = tuple(path if path in each else None for each in self.trees)
            self.conflicts.append(Conflict(path, Kind.FILE_AND_FOLDER, (three[0], three[1], three[2]), f"{above} is a file"))
        return Merge(
            tree,
            tuple(sorted(self.conflicts, key=lambda each: (each.path, each.kind))),
            tuple(sorted(self.both)),
            tuple(sorted(self.ours_only)),
            tuple(sorted(self.theirs_only)),
            tuple(sorted(self.unsolved)),
            tuple(self.settled),
        )


def _known(entry: Entry | None) -> tuple[Mode, str] | None:
    return (entry.mode, entry.oid) if entry else None


def _mode(base: Entry | None, ours: Entry, theirs: Entry) -> Mode | Trouble:
    if ours.mode == theirs.mode:
        return ours.mode
    if base and base.mode in (ours.mode, theirs.mode) and {base.mode, ours.mode, theirs.mode} <= REGULAR:
        return theirs.mode if base.mode == ours.mode else ours.mode
    regular = {ours.mode, theirs.mode} <= REGULAR
    return Trouble(Kind.MODE if regular else Kind.KIND_OF_FILE, f"{ours.mode} and {theirs.mode}")


def _content(tree: Tree, path: RepoPath) -> bytes | None:
    try:
        return tree.read(path)
    except KeyError:
        return None


def _reader(*readers: BlobReader) -> BlobReader:
    """Blobs of several trees; KeyError if none has it."""

    def read(oid: str) -> bytes:
        for reader in dict.fromkeys(readers):
            try:
                return reader(oid)
            except KeyError:
                continue
        raise KeyError(oid)

    return read


def _clashes(tree: Tree) -> Iterator[tuple[RepoPath, str]]:
    """Files that lie below a path that is a file itself."""
    for path in tree:
        above = path.folder
        while above:
            if above in tree:
                yield path, above
            above = above.rpartition("/")[0]
