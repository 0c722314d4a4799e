"""Files that no commit holds, moved along with the pieces beside them: an environment that a script makes on each machine."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from migrate.model.paths import RepoPath
from migrate.system.git.plumbing import Plumbing, decode
from migrate.system.git.worktrees import on_disk, strangers_below

Pair = tuple[str, str]


def to_carry(there: Plumbing, commit: str, pairs: Sequence[tuple[RepoPath, RepoPath]]) -> tuple[Pair, ...]:
    """Old and new place of each file on disk that goes along, with all that lies in the folder of one whose folder just moves."""
    found = dict.fromkeys(pair for old, new in pairs for pair in _with_folder(there, commit, old, new))
    return tuple(pair for pair in found if _is_file(there.folder, pair[0]) and on_disk(there.folder, pair[1]) is None)


def _with_folder(there: Plumbing, commit: str, old: RepoPath, new: RepoPath) -> Iterator[Pair]:
    tracked = frozenset(decode(there.ask("ls-tree", "-r", "-z", "--name-only", commit, "--", old.folder or old)).split("\0"))
    if old not in tracked:
        yield old, new
    whole = old.folder and new.folder and old.name == new.name
    if whole and not any(path.startswith(f"{old.folder}/") for path in tracked):
        for path in strangers_below(there.folder, old.folder, ()):
            yield path, new.folder + path[len(old.folder) :]


def _is_file(top: Path, path: str) -> bool:
    found = on_disk(top, path)
    return found is not None and stat.S_ISREG(found.st_mode)


def carry(top: Path, pairs: Sequence[Pair]) -> None:
    """Move the files. Those that are moved already, or whose new place is taken, stay as they are."""
    for old, new in pairs:
        if _is_file(top, old) and on_disk(top, new) is None:
            (top / new).parent.mkdir(parents=True, exist_ok=True)
            (top / old).rename(top / new)
            _prune((top / old).parent, top)


def _prune(folder: Path, top: Path) -> None:
    """The folders that are empty now, up to the top."""
    while folder != top and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
