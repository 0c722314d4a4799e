"""A tree written out as a checkout of it would be, so that programs can run in it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from migrate.errors import BadInput
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree
from migrate.system.line_ends import convert


@dataclass(frozen=True, slots=True)
class Workspace:
    """A tree on disk. `top` has no symbolic link in it.

    `absent` are files whose blob is not in the object database (a partial clone): they are not written. `left_out` are
    symbolic links that lead out of the tree: they are not written either, so that nothing outside the commit is read.
    """

    top: Path
    absent: frozenset[RepoPath]
    left_out: frozenset[RepoPath]
    executable: frozenset[Path]
    """Places of the files that are executable in the tree, also where they were written without that mode."""
    unwritten: Mapping[Path, str]
    """Places of the absent and left out files, with the ids of their blobs."""


def write_out(tree: Tree, top: Path, lent: Mapping[str, bytes], *, executable: bool = True) -> Workspace:
    """Write `tree` below the new folder `top`, then the lent files.

    Contents are what a checkout gives: line ends and encodings by the tree's own .gitattributes; git's configuration on
    this machine and its filters (LFS) have no say. Modes are 0755 and 0644; without `executable` all are 0644, so that no
    program of the tree can run. A submodule is an empty folder.
    BadInput for a lent path that the tree has, and for two paths that this file system can't tell apart.
    """
    top.mkdir(mode=0o700)
    top = top.resolve()
    absent = _write_files(tree, top, executable)
    left_out, absent_links = _write_links(tree, top)
    absent |= absent_links
    convert(top, [path for path, entry in tree.entries.items() if entry.mode in _REGULAR and path not in absent])
    for text, content in lent.items():
        _lend(tree, top, RepoPath(text), content)
    places = frozenset(top / path for path, entry in tree.entries.items() if entry.mode is Mode.EXECUTABLE)
    unwritten = {top / path: tree.entries[path].oid for path in absent | left_out}
    return Workspace(top, absent, left_out, places, unwritten)


_REGULAR = (Mode.FILE, Mode.EXECUTABLE)


def _write_files(tree: Tree, top: Path, executable: bool) -> frozenset[RepoPath]:
    absent, made = set(), {top}
    for path, entry in tree.entries.items():
        target = top / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        if entry.mode is Mode.SUBMODULE:
            target.mkdir(exist_ok=True)
        elif entry.mode in _REGULAR and not _write_file(
            tree, path, target, 0o755 if executable and entry.mode is Mode.EXECUTABLE else 0o644
        ):
            absent.add(path)
    return frozenset(absent)


def _write_file(tree: Tree, path: RepoPath, target: Path, mode: int) -> bool:
    """Whether the blob was there."""
    try:
        content = tree.read(path)
    except KeyError:
        return False
    _create(target, path, content, mode)
    return True


def _create(target: Path, path: str, content: bytes, mode: int) -> None:
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
    except FileExistsError as error:
        raise BadInput(f"{path}: the file system can't tell it from another file of the commit", path=path) from error
    target.chmod(mode)


def _write_links(tree: Tree, top: Path) -> tuple[frozenset[RepoPath], frozenset[RepoPath]]:
    """Write the symbolic links, then take away those that lead out, by themselves or through others. Those, and the absent."""
    links, absent = [], set()
    for path in (path for path, entry in tree.entries.items() if entry.mode is Mode.LINK):
        try:
            (top / path).symlink_to(os.fsdecode(tree.read(path)))
            links.append(path)
        except KeyError:
            absent.add(path)
    left_out = frozenset(path for path in links if _leaves(top / path, top))
    for path in left_out:
        (top / path).unlink()
    return left_out, frozenset(absent)


def _leaves(link: Path, top: Path) -> bool:
    reached = Path(os.path.realpath(link))
    return reached != top and top not in reached.parents


def _lend(tree: Tree, top: Path, path: RepoPath, content: bytes) -> None:
    if path in tree.entries:
        raise BadInput(f"{path}: the commit has this file, so none can be lent in its place", path=path)
    target = top / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if top not in Path(os.path.realpath(target)).parents:
        raise BadInput(f"{path}: a symbolic link on the way leads out of the repository", path=path)
    _create(target, path, content, 0o644)
