"""Finishing or taking back what a killed run has left, judged by the branch: it is the only thing that decides.

The branch at its new commit: the checkout was moved before it, only the index has still to be put in its place, and files that no
commit holds to be moved along. The branch at
its old commit: every file that the two commits hold differently goes back, provided that it is in one of its two states
(or absent, or the torn beginning of one of them). Anything else is the user's, and is never touched.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from migrate.errors import Interrupted
from migrate.model.tree import Entry, Mode
from migrate.system.git.carried import carry
from migrate.system.git.journal import Journal, JournalFolder
from migrate.system.git.plumbing import Plumbing, decode, encode
from migrate.system.git.stale_locks import drop_stale_locks
from migrate.system.git.trees import Change, changes_between
from migrate.system.git.worktrees import Worktree, flagged, on_disk, strangers_below

SHOWN = 10


def recover(plumbing: Plumbing, folder: JournalFolder) -> str | None:
    """Finish or take back an earlier publication, the lock being held; what was done, or None. Interrupted if it isn't safe."""
    journal = folder.read()
    if journal is None:
        had_claim = folder.claim.exists()
        folder.close()
        return "the lock on the index that a stopped run had left is gone" if had_claim else None
    drop_stale_locks(journal, folder, plumbing)
    tip = branch_tip(plumbing, journal.branch) or ""
    if tip == journal.new:
        left = _finish(plumbing, folder, journal)
        what = f"moved branch {journal.branch} to {journal.new[:12]}" if journal.new else f"removed branch {journal.branch}"
        done = f"an earlier run was stopped after it had {what}: finished"
        done += "".join(f"; {old} has to be moved to {new} by hand" for old, new in left)
    elif tip == journal.old:
        _roll_back(plumbing, folder, journal)
        done = f"an earlier run was stopped before it moved branch {journal.branch}: taken back"
    else:
        raise _stuck(folder, f"branch {journal.branch} has been moved since", "put the checkout right (`git status`)")
    folder.close()
    if journal.top:
        plumbing.at(Path(journal.top)).run("update-index", "-q", "--refresh")
    return done


def branch_tip(plumbing: Plumbing, branch: str) -> str | None:
    """The commit that a branch points at, None if there is no such branch."""
    answer = plumbing.run("show-ref", "--verify", "--hash", f"refs/heads/{branch}")
    return answer.out.decode().strip() if answer.code == 0 else None


def copy_index(index: Path, copy: Path) -> None:
    """A copy with the time of the original: git looks into files that are as young as the index, for their times say nothing."""
    shutil.copy2(index, copy)


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stuck(folder: JournalFolder, why: str, what_to_do: str) -> Interrupted:
    return Interrupted(
        f"an earlier run was stopped, and {why}; nothing has been touched", hint=f"{what_to_do}, then remove {folder.journal}"
    )


def _finish(plumbing: Plumbing, folder: JournalFolder, journal: Journal) -> tuple[tuple[str, str], ...]:
    """Old and new places of files that could not be moved along."""
    if journal.top and folder.index.exists():
        _put_index(plumbing, folder, journal)
    pairs = [(old, new) for old, new in journal.carried]
    if not journal.top:
        return ()
    done = carry(plumbing.at(Path(journal.top)), pairs)
    folder.note(journal, done.along)
    return done.left


def _put_index(plumbing: Plumbing, folder: JournalFolder, journal: Journal) -> None:
    worktree = _untouched_worktree(folder, journal)
    if plumbing.at(worktree.top).run("diff-index", "--cached", "--quiet", journal.new, index=folder.index).code:
        raise _stuck(folder, "its index is not that of the new commit", "`git reset` puts the index to the branch")
    folder.index.replace(worktree.index)


def _untouched_worktree(folder: JournalFolder, journal: Journal) -> Worktree:
    """The checkout of the journal; Interrupted if it is gone or if its index is no longer the one from before."""
    worktree = Worktree(Path(journal.top), Path(journal.git_dir))
    if not worktree.top.is_dir() or not worktree.index.is_file():
        raise _stuck(folder, f"its checkout {worktree.top} is gone", "bring it back, or give it up")
    if digest_of(worktree.index) != journal.index_digest:
        raise _stuck(folder, f"the index of {worktree.top} has been changed since", "put the checkout right (`git status`)")
    return worktree


def _roll_back(plumbing: Plumbing, folder: JournalFolder, journal: Journal) -> None:
    if not journal.top:
        return
    worktree = _untouched_worktree(folder, journal)
    changes = changes_between(plumbing, journal.old, journal.new)
    rescue = _Rescue.of(plumbing.at(worktree.top), folder, worktree, journal.new)
    if strange := [change.path for change in changes if not rescue.is_ours(change)] or rescue.strangers(changes):
        raise Interrupted(
            f"an earlier run was stopped while it moved the checkout {worktree.top}, and these files have been changed since: "
            + ", ".join(strange[:SHOWN])
            + (f" and {len(strange) - SHOWN} more" if len(strange) > SHOWN else ""),
            hint="move them away (nothing has been touched yet), then run the command again",
        )
    rescue.restore(changes)


@dataclass(frozen=True, slots=True)
class _Rescue:
    """A half-moved checkout, compared with both indexes by git itself: its filters and line ends count."""

    there: Plumbing
    top: Path
    old_index: Path
    unlike_old: frozenset[str]
    unlike_new: frozenset[str]
    hidden: frozenset[str]

    @classmethod
    def of(cls, there: Plumbing, folder: JournalFolder, worktree: Worktree, new: str) -> _Rescue:
        for leftover in (folder.index, folder.scratch):
            leftover.with_name(leftover.name + ".lock").unlink(missing_ok=True)
        folder.scratch.unlink(missing_ok=True)
        copy_index(worktree.index, folder.index)
        there.ask("read-tree", "--no-sparse-checkout", new, index=folder.scratch)
        unlike_old, unlike_new = _unlike(there, folder.index), _unlike(there, folder.scratch)
        return cls(there, worktree.top, folder.index, unlike_old, unlike_new, frozenset(flagged(there)))

    def is_ours(self, change: Change) -> bool:
        """Whether nothing of the user's is lost with what lies at the path."""
        found = on_disk(self.top, change.path)
        if found is None or _is_folder(found):
            return True
        in_old = change.old is not None and change.path not in self.unlike_old
        in_new = change.new is not None and change.path not in self.unlike_new
        return in_old or in_new or (stat.S_ISREG(found.st_mode) and self._is_torn(change))

    def _is_torn(self, change: Change) -> bool:
        """Whether the file is the beginning of one of its states: git writes in place, and may be killed while it does."""
        content = (self.top / change.path).read_bytes()
        return any(
            state.startswith(content) for entry in (change.new, change.old) if entry for state in self._states(change, entry)
        )

    def _states(self, change: Change, entry: Entry) -> Iterator[bytes]:
        if entry.mode in (Mode.FILE, Mode.EXECUTABLE):
            yield self.there.ask("cat-file", "blob", entry.oid)
            yield self.there.ask("cat-file", "--filters", f"--path={change.path}", entry.oid)

    def strangers(self, changes: Iterable[Change]) -> list[str]:
        """Files that lie in a folder where a file has to be put back."""
        ours = frozenset(str(change.path) for change in changes)
        restored = [change.path for change in changes if change.old and _is_folder(on_disk(self.top, change.path))]
        return [path for folder in restored for path in strangers_below(self.top, folder, ours)]

    def restore(self, changes: tuple[Change, ...]) -> None:
        """Every file as the old commit has it. Attribute files first: they decide how the others are written."""
        for change in changes:
            if change.old is None:
                _remove(self.top, change.path)
        lost = [c.path for c in changes if c.old and c.path not in self.hidden and self._is_lost(c)]
        rules = [path for path in lost if path.name == ".gitattributes"]
        for paths in (rules, [path for path in lost if path not in rules]):
            names = b"".join(encode(path) + b"\0" for path in paths)
            self.there.ask("checkout-index", "--force", "--quiet", "-z", "--stdin", stdin=names, index=self.old_index)

    def _is_lost(self, change: Change) -> bool:
        return change.path in self.unlike_old or not _is_file(on_disk(self.top, change.path))


def _unlike(there: Plumbing, index: Path) -> frozenset[str]:
    """The files that are not as the index has them, by content where the times say nothing."""
    there.run("update-index", "-q", "--refresh", index=index)
    out = there.ask("diff-files", "--name-only", "-z", "--no-renames", "--ignore-submodules", index=index)
    return frozenset(decode(path) for path in out.split(b"\0")[:-1])


def _is_folder(found: os.stat_result | None) -> bool:
    return found is not None and stat.S_ISDIR(found.st_mode)


def _is_file(found: os.stat_result | None) -> bool:
    """A link counts as one."""
    return found is not None and not stat.S_ISDIR(found.st_mode)


def _remove(top: Path, path: str) -> None:
    """The file if it is there, and the folders above it that are empty then, as git does."""
    if _is_file(on_disk(top, path)):
        (top / path).unlink()
    folder = path.rpartition("/")[0]
    with suppress(OSError):
        while folder:
            if _is_folder(on_disk(top, folder)):
                (top / folder).rmdir()
            folder = folder.rpartition("/")[0]
