"""What a publication in progress leaves on disk, so that any later run can finish it or take it back.

All of it lies in `<common git dir>/migrate/`, under one lock:

    lock           held (flock) as long as a process publishes or recovers
    claim          the content of the `index.lock` that is ours: nobody else's lock is ever taken away
    journal.json   there from before the first change until all is done
    index          the worktree's next index; renamed over the real one at the end
    scratch        an index to compare files with
    carried/       for each move of a branch, which files that no commit holds went along: what takes it back needs it
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from migrate.errors import BranchState, Interrupted
from migrate.model.carried import Pair

FOLDER = "migrate"


@dataclass(frozen=True, slots=True)
class Journal:
    """One publication: the branch with its old and new commit, and the checkout that follows (both empty if there is none)."""

    branch: str
    old: str
    """`""` for a branch that did not exist"""
    new: str
    """`""` for a branch that is to go"""
    top: str = ""
    git_dir: str = ""
    index_digest: str = ""
    """SHA-256 of the checkout's index before the publication"""
    carried: tuple[tuple[str, str], ...] = ()
    """old and new places of files that no commit holds, which move after the branch"""

    @property
    def ref(self) -> str:
        """The full name of the branch."""
        return f"refs/heads/{self.branch}"


class JournalFolder:
    """The folder with the journal and the files that belong to it."""

    def __init__(self, common_dir: Path) -> None:
        self.path = common_dir / FOLDER
        self.lock = self.path / "lock"
        self.claim = self.path / "claim"
        self.journal = self.path / "journal.json"
        self.draft = self.path / "journal.new"
        self.index = self.path / "index"
        self.scratch = self.path / "scratch"
        self.carried = self.path / "carried"

    def in_use(self) -> bool:
        """Whether a publication has been started and not ended."""
        return any(path.exists() for path in (self.journal, self.draft, self.claim))

    def read(self) -> Journal | None:
        """The journal; Interrupted if it can't be read."""
        try:
            return Journal(**json.loads(self.journal.read_bytes()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise Interrupted(
                f"the journal of an earlier run can't be read: {self.journal}: {error}",
                hint="it was written by another version of migrate: finish with that version",
            ) from error

    def write(self, journal: Journal) -> None:
        """The journal, safely on disk before anything else happens."""
        _write(self.draft, asdict(journal))
        self.draft.replace(self.journal)
        self._sync()

    def note(self, journal: Journal, along: Sequence[Pair]) -> None:
        """Keep which files have gone along with the checkout of a branch; to be called before `close`."""
        if not along:
            return
        self.carried.mkdir(mode=0o700, exist_ok=True)
        _write(self.draft, along)
        self.draft.replace(self._note(journal.old, journal.new))

    def noted(self, old: str, new: str) -> tuple[Pair, ...]:
        """Old and new places of the files that went along when a branch went from one commit to the other, in this clone."""
        try:
            return tuple((before, after) for before, after in json.loads(self._note(old, new).read_bytes()))
        except FileNotFoundError:
            return ()

    def _note(self, old: str, new: str) -> Path:
        return self.carried / f"{old or 'none'}-{new}.json"

    def claim_index(self, index_lock: Path) -> None:
        """Create `index.lock` as git does, so that no other git changes the index. BranchState if it exists."""
        self.claim.write_text(f"{index_lock}\nheld by migrate, {uuid.uuid4()}\n", "utf-8", "surrogateescape")
        try:
            _link(self.claim, index_lock)
        except FileExistsError:
            raise BranchState(
                f"another git process works in this checkout: {index_lock} exists",
                hint="wait until it has ended; if none is running, remove that file",
            ) from None

    def claimed(self) -> Path | None:
        """The `index.lock` that is ours, if it is still there."""
        if not self.claim.exists():
            return None
        text = self.claim.read_bytes()
        index_lock = Path(text.partition(b"\n")[0].decode("utf-8", "surrogateescape"))
        return index_lock if index_lock.is_file() and index_lock.read_bytes() == text else None

    def close(self) -> None:
        """All is done: the journal goes first, so that nothing is done twice; then the lock on the index."""
        for path in (self.journal, self.draft, self.index, self.scratch):
            path.unlink(missing_ok=True)
            path.with_name(path.name + ".lock").unlink(missing_ok=True)
        if index_lock := self.claimed():
            index_lock.unlink()
        self.claim.unlink(missing_ok=True)

    def _sync(self) -> None:
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write(path: Path, value: object) -> None:
    with path.open("wb") as file:
        file.write(json.dumps(value, indent=1).encode())
        file.flush()
        os.fsync(file.fileno())


def _link(claim: Path, index_lock: Path) -> None:
    """Content and name appear at once; where the file system has no hard links, one after the other."""
    try:
        index_lock.hardlink_to(claim)
    except FileExistsError:
        raise
    except OSError:
        with index_lock.open("xb") as file:
            file.write(claim.read_bytes())
