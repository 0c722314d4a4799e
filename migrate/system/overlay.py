"""A tree written out beside another one that it shares most files with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from migrate.model.paths import RepoPath
from migrate.model.tree import Entry, Mode, Tree
from migrate.system.line_ends import convert
from migrate.system.workspace import Workspace, write_out

_REGULAR = (Mode.FILE, Mode.EXECUTABLE)
_RULES = ".gitattributes"


def lay_over(base: Workspace, before: Tree, tree: Tree, top: Path, lent: Mapping[str, bytes]) -> Workspace:
    """What `write_out` of `tree` without executables gives, where `base` is that of `before`; equal files are hard links.

    Nothing may write into either folder in place. Written out in full where links, submodules or .gitattributes differ.
    """
    differing = {path for path in {*before, *tree} if before.entries.get(path) != tree.entries.get(path)}
    if any(path.name == _RULES or not _is_regular(before, path) or not _is_regular(tree, path) for path in differing):
        return write_out(tree, top, lent, executable=False)
    own = _part(tree, {path: tree.entries[path] for path in differing if path in tree})
    written = write_out(own, top, lent, executable=False)
    _link(base, _part(tree, {path: entry for path, entry in tree.entries.items() if path not in differing}), written.top)
    rules = [path for path in tree if path.name == _RULES]
    if rules and own.entries:
        convert(written.top, [*own, *rules])
    absent, left_out = written.absent | (base.absent - differing), base.left_out - differing
    places = frozenset(written.top / path for path, entry in tree.entries.items() if entry.mode is Mode.EXECUTABLE)
    return Workspace(written.top, absent, left_out, places, {written.top / p: tree.entries[p].oid for p in absent | left_out})


def _is_regular(tree: Tree, path: RepoPath) -> bool:
    return path not in tree or tree.entries[path].mode in _REGULAR


def _part(tree: Tree, entries: Mapping[RepoPath, Entry]) -> Tree:
    return Tree(tree.commit, MappingProxyType(dict(entries)), tree.reader, tree.fresh)


def _link(base: Workspace, shared: Tree, top: Path) -> None:
    made = {top}
    for path, entry in shared.entries.items():
        target = top / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        if path not in base.absent and path not in base.left_out:
            _share(base.top / path, target, entry.mode)


def _share(source: Path, target: Path, mode: Mode) -> None:
    if mode is Mode.SUBMODULE:
        target.mkdir(exist_ok=True)
    elif mode is Mode.LINK:
        target.symlink_to(source.readlink())
    else:
        _hard_link(source, target)


def _hard_link(source: Path, target: Path) -> None:
    """A copy where the file system has no hard links."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copyfile(source, target)
