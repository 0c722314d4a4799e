"""A part of a checkout as it lies there, files included that git does not track."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from migrate.errors import GitFailed
from migrate.model.paths import RepoPath
from migrate.model.tree import SHA1_DIGITS, Entry, Mode, Tree, blob_id
from migrate.system.git.plumbing import Plumbing, decode, encode

HERE = "./"


class Checkout(NamedTuple):
    """Files of a checkout, and which of them git ignores and does not track (by all rules that hold in this checkout)."""

    tree: Tree
    ignored: frozenset[str]


def read_checkout(plumbing: Plumbing, top: Path, places: Sequence[str]) -> Checkout:
    """The files and folders as they are on the disk: real bytes, links not followed, no filters. What is not there is left out.

    Where the file system has no executable bits or no links (core.fileMode, core.symlinks), git's index says what a tracked file
    is. A device or a socket counts as a file that can't be read: its content is missing in the tree.
    """
    modes, links = _trusted(plumbing, "core.fileMode"), _trusted(plumbing, "core.symlinks")
    index = {} if modes and links else _index(plumbing, places)
    entries: dict[RepoPath, Entry] = {}
    blobs: dict[str, bytes] = {}
    for path in (found for place in places for found in _walk(top, place)):
        mode, content = _read(top / path)
        known = index.get(path, mode)
        if mode is not Mode.LINK and (not links if known is Mode.LINK else not modes):
            mode = known
        oid = blob_id(content) if content is not None else "f" * SHA1_DIGITS
        entries[path] = Entry(mode, oid)
        blobs |= {oid: content} if content is not None else {}
    tree = Tree("", MappingProxyType(dict(sorted(entries.items()))), blobs.__getitem__)
    return Checkout(tree, _ignored(plumbing, list(entries)))


def _walk(top: Path, place: str) -> Iterator[RepoPath]:
    if (top / place).is_symlink() or (top / place).is_file():
        yield RepoPath(place)
        return
    for where, folders, files in os.walk(top / place, onerror=_raise):
        links = [name for name in folders if Path(where, name).is_symlink()]
        for name in (*files, *links):
            yield RepoPath(Path(where, name).relative_to(top).as_posix())


def _raise(error: OSError) -> None:
    """A folder that can't be read must not pass for an empty one; one that is not there is empty."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _read(path: Path) -> tuple[Mode, bytes | None]:
    found = path.lstat().st_mode
    if stat.S_ISLNK(found):
        return Mode.LINK, os.fsencode(path.readlink())
    if not stat.S_ISREG(found):
        return Mode.FILE, None
    return Mode.EXECUTABLE if found & stat.S_IXUSR else Mode.FILE, path.read_bytes()


def _trusted(plumbing: Plumbing, key: str) -> bool:
    return plumbing.run("config", "--type=bool", key).out.strip() != b"false"


def _index(plumbing: Plumbing, places: Sequence[str]) -> Mapping[str, Mode]:
    records = plumbing.ask("ls-files", "-s", "-z", "--", *places).split(b"\0")[:-1]
    split = (record.partition(b"\t") for record in records)
    return {decode(path): Mode(meta.split(b" ")[0].decode()) for meta, _, path in split}


def _ignored(plumbing: Plumbing, paths: list[RepoPath]) -> frozenset[str]:
    if not paths:
        return frozenset()
    asked = b"".join(encode(HERE + path) + b"\0" for path in paths)
    answer = plumbing.run("check-ignore", "-z", "--stdin", stdin=asked, env={"GIT_LITERAL_PATHSPECS": "0"})
    if answer.code > 1:  # 1 where it ignores none of them
        raise GitFailed(f"git check-ignore failed: {answer.err}")
    return frozenset(decode(path).removeprefix(HERE) for path in answer.out.split(b"\0")[:-1])
