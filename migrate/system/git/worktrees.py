"""The checkouts of a repository: which one has a branch, and whether it can follow the branch without a loss."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrate.errors import BranchState
from migrate.model.tree import Mode
from migrate.system.git.objects import absent
from migrate.system.git.plumbing import Plumbing, decode
from migrate.system.git.trees import Change

SHOWN = 5
OPERATIONS = {
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "sequencer": "a cherry-pick or revert",
    "BISECT_LOG": "a bisect",
}
BRANCH_NOTES = ("rebase-merge/head-name", "rebase-merge/update-refs", "rebase-apply/head-name", "BISECT_START")
"""Files in which an operation in progress names the branches that it will come back to."""


@dataclass(frozen=True, slots=True)
class Worktree:
    """A checkout: its top folder and its own git directory."""

    top: Path
    git_dir: Path

    @property
    def index(self) -> Path:
        """The index file."""
        return self.git_dir / "index"

    @property
    def index_lock(self) -> Path:
        """What git creates while it writes the index."""
        return self.git_dir / "index.lock"


def worktree_of(plumbing: Plumbing, branch: str, own: Worktree | None) -> Worktree | None:
    """The checkout of a branch, None if there is none.

    BranchState if there are several, if its folder is gone, or if an operation in progress (rebase, bisect, merge) needs the
    branch. `own` is the checkout that the repository was opened from.
    """
    found = []
    for record in _listed(plumbing):
        worktree = _located(plumbing, Path(record["worktree"]), own)
        if worktree:
            _refuse_operation(worktree, branch, checked_out=record.get("branch") == f"refs/heads/{branch}")
        if record.get("branch") == f"refs/heads/{branch}" and "bare" not in record:
            if worktree is None:
                raise BranchState(
                    f"branch {branch} is checked out in {record['worktree']}, which is not there",
                    hint="bring the folder back, or forget it with `git worktree prune`",
                )
            found.append(worktree)
    if len(found) > 1:
        raise BranchState(f"branch {branch} is checked out in {len(found)} worktrees", hint="leave it in one of them")
    return found[0] if found else None


def _listed(plumbing: Plumbing) -> list[dict[str, str]]:
    answer = plumbing.run("worktree", "list", "--porcelain", "-z")
    end = b"\0"
    if answer.code:  # git before 2.36 has no -z
        answer, end = plumbing.run("worktree", "list", "--porcelain"), b"\n"
    records = [decode(record).split(end.decode()) for record in answer.out.split(end * 2) if record]
    return [dict(line.partition(" ")[::2] for line in record if line) for record in records]


def _located(plumbing: Plumbing, listed: Path, own: Worktree | None) -> Worktree | None:
    """The worktree at a listed path. For a submodule or a separate git directory, git lists the latter as main worktree."""
    if own and own.top == listed:
        return own
    if not listed.is_dir():
        return None
    there = plumbing.at(listed)
    answer = there.run("rev-parse", "--absolute-git-dir")
    git_dir = Path(decode(answer.out.removesuffix(b"\n")))
    if answer.code:
        return None
    if own and own.git_dir == git_dir:
        return own
    top = there.run("rev-parse", "--show-toplevel")
    return None if top.code else Worktree(Path(decode(top.out.removesuffix(b"\n"))), git_dir)


def _refuse_operation(worktree: Worktree, branch: str, *, checked_out: bool) -> None:
    running = [what for name, what in OPERATIONS.items() if (worktree.git_dir / name).exists()]
    notes = [worktree.git_dir / note for note in BRANCH_NOTES if (worktree.git_dir / note).is_file()]
    named = {line for note in notes for line in note.read_text(errors="replace").split()}
    if running and (checked_out or named & {branch, f"refs/heads/{branch}"}):
        raise BranchState(f"{running[0]} of branch {branch} is in progress in {worktree.top}", hint="finish or abort it first")


def require_clean(plumbing: Plumbing, worktree: Worktree, changes: Sequence[Change]) -> None:
    """BranchState unless the checkout can take the changes without losing anything that is not in git.

    Untracked and ignored files are in the way only where a new file wants to lie.
    """
    there = plumbing.at(worktree.top)
    _refuse_modified(there, worktree)
    _refuse_hidden(there, worktree, changes)
    if submodules := [c.path for c in changes if Mode.SUBMODULE in (c.old and c.old.mode, c.new and c.new.mode)]:
        raise BranchState(
            f"{worktree.top}: {_some(submodules)} is a submodule that changes", hint="check out another branch first"
        )
    if blobs := absent(plumbing, [c.new.oid for c in changes if c.new]):
        raise BranchState(
            f"{worktree.top}: {len(blobs)} blobs of the new files are not in this partial clone",
            hint="fetch them, or check out another branch first",
        )
    if strangers := sorted(in_the_way(worktree.top, changes)):
        raise BranchState(
            f"{worktree.top}: new files would overwrite untracked ones: {_some(strangers)}", hint="move them away first"
        )


def _refuse_modified(there: Plumbing, worktree: Worktree) -> None:
    out = there.ask("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=untracked")
    if modified := [decode(record[3:]) for record in out.split(b"\0")[:-1]]:
        raise BranchState(
            f"the checkout in {worktree.top} has uncommitted changes: {_some(modified)}",
            hint="commit or stash them, or check out another branch there",
        )


def flagged(there: Plumbing) -> dict[str, str]:
    """Files that git was told not to look at: path -> `S` (skip-worktree) or a small letter (assume-unchanged)."""
    records = (record.partition(b" ") for record in there.ask("ls-files", "-v", "-z").split(b"\0")[:-1])
    return {decode(path): tag.decode() for tag, _, path in records if tag == b"S" or tag.islower()}


def _refuse_hidden(there: Plumbing, worktree: Worktree, changes: Sequence[Change]) -> None:
    tags = flagged(there)
    hidden = [c.path for c in changes if c.path in tags and (tags[c.path] != "S" or on_disk(worktree.top, c.path))]
    if hidden:
        raise BranchState(
            f"{worktree.top}: git was told to overlook changes of {_some(hidden)}",
            hint="undo it with `git update-index --no-assume-unchanged --no-skip-worktree FILE`",
        )


def on_disk(top: Path, path: str) -> os.stat_result | None:
    """What lies at a path (links not followed), None if nothing does or if a folder on the way is no real folder."""
    here = top
    for part in path.split("/")[:-1]:
        here /= part
        found = _lstat(here)
        if found is None or not stat.S_ISDIR(found.st_mode):
            return None
    return _lstat(top / path)


def in_the_way(top: Path, changes: Sequence[Change]) -> Iterator[str]:
    """Untracked things that lie where new files belong."""
    tracked = frozenset(str(c.path) for c in changes if c.old)
    for change in changes:
        if change.new and not change.old:
            yield from _in_the_way_of(top, change.path, tracked)


def _in_the_way_of(top: Path, path: str, tracked: Collection[str]) -> Iterator[str]:
    parts = path.split("/")
    for depth in range(1, len(parts) + 1):
        here = "/".join(parts[:depth])
        found = _lstat(top / here)
        if found is None:
            return
        if not stat.S_ISDIR(found.st_mode):
            if here not in tracked:
                yield here
            return
    yield from strangers_below(top, path, tracked)


def strangers_below(top: Path, folder: str, known: Collection[str]) -> Iterator[str]:
    """The files in a folder that are not among the known ones."""
    for where, folders, files in os.walk(top / folder):
        links = [name for name in folders if Path(where, name).is_symlink()]
        for name in (*files, *links):
            path = Path(where, name).relative_to(top).as_posix()
            if path not in known:
                yield path


def _lstat(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _some(paths: Sequence[str]) -> str:
    shown = ", ".join(paths[:SHOWN])
    return shown if len(paths) <= SHOWN else f"{shown} and {len(paths) - SHOWN} more"
