"""Files that no commit holds, moved along with the pieces beside them: an environment that a script makes on each machine.

The branch has been moved when they are, so nothing here may fail: what can't go along stays where it is, and is told.
"""

from __future__ import annotations

import posixpath
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from migrate.model.carried import Carried, Pair
from migrate.model.paths import RepoPath
from migrate.system.git.attributes import HERE
from migrate.system.git.plumbing import Plumbing, decode, encode
from migrate.system.git.worktrees import on_disk, strangers_below


def to_carry(there: Plumbing, commit: str, pairs: Sequence[tuple[RepoPath, RepoPath]]) -> tuple[Pair, ...]:
    """Old and new place of each file on disk that goes along, with all that lies in the folder of one whose folder just moves."""
    found = dict.fromkeys(pair for old, new in pairs for pair in _with_folder(there, commit, old, new))
    return tuple(pair for pair in found if _is_file(there.folder, pair[0]))


def _with_folder(there: Plumbing, commit: str, old: RepoPath, new: RepoPath) -> Iterator[Pair]:
    tracked = frozenset(decode(there.ask("ls-tree", "-r", "-z", "--name-only", commit, "--", old.folder or old)).split("\0"))
    if old not in tracked:
        yield old, new
    whole = old.folder and new.folder and old.name == new.name
    if whole and not any(path.startswith(f"{old.folder}/") for path in tracked):
        for path in strangers_below(there.folder, old.folder, ()):
            yield path, new.folder + path[len(old.folder) :]


def _is_file(top: Path, path: str) -> bool:
    """A link counts as one."""
    found = on_disk(top, path)
    return found is not None and not stat.S_ISDIR(found.st_mode)


def carry(there: Plumbing, pairs: Sequence[Pair]) -> Carried:
    """Move the files, with the new commit checked out. Those that a stopped run has moved already count as moved."""
    top = there.folder
    done = {pair for pair in pairs if not _is_file(top, pair[0]) and _is_file(top, pair[1])}
    waiting = [pair for pair in pairs if _is_file(top, pair[0])]
    able = _as_hidden(there, [pair for pair in waiting if _is_free(top, pair[1]) and _leads_alike(top, *pair)])
    done |= {pair for pair in able if _moved(top, *pair)}
    return Carried(tuple(pair for pair in pairs if pair in done), tuple(pair for pair in waiting if pair not in done))


def _is_free(top: Path, path: str) -> bool:
    """Whether nothing lies there, and no link leads away on the way to it: beyond one lies what is no part of the checkout."""
    here = top
    for part in path.split("/")[:-1]:
        here /= part
        if here.is_symlink() or (here.exists() and not here.is_dir()):
            return False
    return on_disk(top, path) is None


def _leads_alike(top: Path, old: str, new: str) -> bool:
    """Whether a link leads to the same from its new place, or to what goes along with it."""
    if not (top / old).is_symlink():
        return True
    text = (top / old).readlink().as_posix()
    old_end, new_end = (posixpath.normpath(posixpath.join(posixpath.dirname(path), text)) for path in (old, new))
    beside = not posixpath.normpath(text).startswith("..")
    return posixpath.isabs(text) or beside or old_end == new_end


def _as_hidden(there: Plumbing, pairs: Sequence[Pair]) -> list[Pair]:
    """Those that git goes on to ignore if it does so today: else the next `git add` would take a secret."""
    paths = b"".join(encode(HERE + path) + b"\0" for pair in pairs for path in pair)
    answer = there.run("check-ignore", "-z", "--stdin", stdin=paths, env={"GIT_LITERAL_PATHSPECS": "0"})
    if answer.code not in (0, 1):  # 1: none of them is ignored
        return []
    ignored = frozenset(decode(path).removeprefix(HERE) for path in answer.out.split(b"\0"))
    return [(old, new) for old, new in pairs if old not in ignored or new in ignored]


def _moved(top: Path, old: str, new: str) -> bool:
    try:
        (top / new).parent.mkdir(parents=True, exist_ok=True)
        (top / old).rename(top / new)
    except OSError:  # another file system, a folder that can't be written
        return False
    with suppress(OSError):
        _prune((top / old).parent, top)
    return True


def _prune(folder: Path, top: Path) -> None:
    """The folders that are empty now, up to the top."""
    while folder != top and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
