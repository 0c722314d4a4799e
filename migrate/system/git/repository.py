"""`migrate.ports.Repository`, by git."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType

from migrate.errors import BadInput, UnknownRevision
from migrate.model.carried import Carried, Pair
from migrate.model.tree import Tree
from migrate.ports import NewCommit, PastCommit
from migrate.system.git import attributes as rules
from migrate.system.git import blame as blaming
from migrate.system.git import commits as committing
from migrate.system.git import publish as publishing
from migrate.system.git import recovery
from migrate.system.git.blame import Copy, LineOrigin, LineOrigins
from migrate.system.git.checkout import Checkout, read_checkout
from migrate.system.git.journal import Journal, JournalFolder
from migrate.system.git.lock import PATIENCE, RepositoryLock
from migrate.system.git.objects import ObjectReader
from migrate.system.git.past import past_commits
from migrate.system.git.plumbing import Plumbing, decode
from migrate.system.git.trees import read_entries
from migrate.system.git.worktrees import Worktree, require_clean, worktree_of

KEPT = 2
"""trees that are remembered: a proof reads the old and the new one several times"""


class GitRepository:
    """A git repository, opened by `open_repository`. Only `publish` and `recover` change anything that a user sees."""

    def __init__(self, common_dir: Path, own: Worktree | None) -> None:
        self.common_dir = common_dir
        self._own = own
        self._folder = JournalFolder(common_dir)
        self._lock = RepositoryLock(self._folder.lock)
        self._plumbing = Plumbing(own.top if own else common_dir, self._lock)
        self._reader = ObjectReader(self._plumbing)
        self._trees: dict[str, Tree] = {}

    @property
    def top(self) -> Path | None:
        """The top folder of the checkout that was opened; None for a bare repository."""
        return self._own.top if self._own else None

    def resolve(self, revision: str) -> str:
        """The commit id; UnknownRevision if there is none, or if the name could mean two things."""
        if revision in self._trees:
            return revision
        answer = self._plumbing.run("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        if "is ambiguous" in answer.err:
            raise UnknownRevision(f"{revision!r} can mean two things", hint="write refs/heads/… or refs/tags/… in full")
        if answer.code:
            raise UnknownRevision(f"there is no commit {revision!r}", hint="`git branch --all` and `git log` show what is there")
        return answer.out.decode().strip()

    def branch_of(self, revision: str) -> str:
        """The branch that a revision means (`HEAD`: the one that is checked out), as git shortens its name; empty for none."""
        answer = self._plumbing.run("rev-parse", "--abbrev-ref", "--verify", "--end-of-options", revision)
        name = answer.out.decode("utf-8", "surrogateescape").strip()
        return "" if answer.code or name == "HEAD" else name

    def read_tree(self, revision: str) -> Tree:
        """The files of a commit. Blobs are read on demand; a missing blob raises KeyError only when it is read."""
        commit = self.resolve(revision)
        if commit not in self._trees:  # a commit never changes; those that a proof or a plan asks for again are the last ones
            tree = Tree(commit, MappingProxyType(read_entries(self._plumbing, commit)), self._reader.read)
            self._trees = dict([*self._trees.items(), (commit, tree)][-KEPT:])
        return self._trees[commit]

    def branch_tip(self, branch: str) -> str | None:
        """The commit a branch points at, None if there is no such branch. BadInput for an impossible name."""
        publishing.require_branch_name(self._plumbing, branch)
        return recovery.branch_tip(self._plumbing, branch)

    def message(self, commit: str) -> str:
        """The commit message, without its trailing line ends."""
        head, _, body = self._reader.read(self.resolve(commit)).partition(b"\n\n")
        encodings = [line[9:].decode() for line in head.split(b"\n") if line.startswith(b"encoding ")]
        try:
            return body.decode(encodings[0] if encodings else "utf-8", "replace").rstrip("\n")
        except LookupError:
            return body.decode("utf-8", "replace").rstrip("\n")

    def ancestors(self, commit: str, *, first_parent: bool, limit: int) -> tuple[str, ...]:
        """At most `limit` commit ids from `commit` (included) backwards, newest first; those that a shallow clone has."""
        options = ["--first-parent"] if first_parent else []
        out = self._plumbing.ask("rev-list", *options, f"--max-count={limit}", "--topo-order", self.resolve(commit), "--")
        return tuple(out.decode().split())

    def ignored(self, paths: Sequence[str], tree: Tree) -> frozenset[str]:
        """Which of the file paths the tree's .gitignore files would ignore, tracked or not."""
        return rules.ignored(paths, tree)

    def attributes(self, paths: Sequence[str], tree: Tree) -> Mapping[str, Mapping[str, str]]:
        """The effective git attributes of each path (`set`, `unset` or the value), by the tree's .gitattributes files."""
        return rules.attributes(paths, tree)

    def checkout(self, places: Sequence[str]) -> Checkout:
        """Files and folders of the opened checkout as they lie on the disk; BadInput for a bare repository."""
        if self._own is None:
            raise BadInput(f"{self.common_dir} has no checkout", hint="name a branch with --branch")
        return read_checkout(self._plumbing, self._own.top, places)

    def past_commits(self, commit: str, places: Sequence[str]) -> Iterator[PastCommit]:
        """The commits without merges that touch one of the files or folders, newest first, each with all its files."""
        return past_commits(self._plumbing, self.resolve(commit), places)

    def write_chain(self, commits: Sequence[NewCommit]) -> tuple[str, ...]:
        """Write blobs, trees and commits (signed if commit.gpgSign asks for it); no ref moves. Their ids, in order.

        IdentityMissing if git would have to guess who commits; SigningFailed if it can't sign.
        """
        return committing.write_chain(self._plumbing, commits)

    def require_identity(self) -> None:
        """IdentityMissing if git would have to guess who commits; `write_chain` looks again."""
        committing.require_identity(self._plumbing)

    def require_publishable(self, branch: str) -> None:
        """BranchState if the branch is checked out with changes, or in use by a rebase or the like; `publish` looks again."""
        publishing.require_branch_name(self._plumbing, branch)
        publishing.require_room(self._plumbing, branch)
        worktree = worktree_of(self._plumbing, branch, self._own)
        if worktree is not None:
            require_clean(self._plumbing.at(worktree.top), worktree, ())

    def publish(self, branch: str, old: str | None, new: str | None, message: str, carried: Sequence[Pair] = ()) -> Carried:
        """One compare-and-swap of refs/heads/BRANCH; a checked-out clean worktree follows, journaled.

        `carried` are old and new places of files that no commit holds: in that worktree they move along, with what else lies in
        their folder. Which ones did, and which could not, is returned.
        `old` None means that the branch must not exist, `new` None that it is to go. `message` is the reflog's.
        BranchState, with nothing done, if the branch is elsewhere, in use by a rebase or the like, or checked out with changes
        that the move would lose.
        """
        publishing.require_branch_name(self._plumbing, branch)
        move = Journal(branch, old or "", self.resolve(new) if new else "", carried=tuple(carried))
        with self._lock.held():
            recovery.recover(self._plumbing, self._folder)
            return publishing.publish(self._plumbing, self._folder, self._own, move, message)

    def went_along(self, old: str | None, new: str) -> tuple[Pair, ...]:
        """The files that no commit holds and that `publish` moved along when a branch went from `old` to `new`, in this clone."""
        return self._folder.noted(old or "", new)

    def checkout_of(self, branch: str) -> str | None:
        """The folder in which a branch is checked out, None if it is nowhere. BranchState as for `require_publishable`."""
        worktree = worktree_of(self._plumbing, branch, self._own)
        return None if worktree is None else str(worktree.top)

    def holders(self, commit: str) -> tuple[str, ...]:
        """The branches, remote ones too, that hold a commit: `refs/heads/main`, `refs/remotes/origin/main`."""
        places = ("refs/heads", "refs/remotes")
        return tuple(decode(self._plumbing.ask("for-each-ref", f"--contains={commit}", "--format=%(refname)", *places)).split())

    def recover(self) -> str | None:
        """Finish or take back what a killed run has left; what was done, None if there was nothing. Call it first.

        Interrupted, with nothing done, where a file has been changed since.
        """
        if not self._folder.in_use():
            return None
        with self._lock.held():
            return recovery.recover(self._plumbing, self._folder)

    def locked(self, patience: float = PATIENCE) -> AbstractContextManager[None]:
        """Keep other processes from publishing for a block. BranchState if one does for more than `patience` seconds."""
        return self._lock.held(patience)

    def blame(self, path: str, commit: str) -> list[LineOrigin]:
        """The origin of each line of a file, as plain `git blame` names it."""
        return blaming.blame(self._plumbing, path, commit)

    def blame_origins(self, path: str, commit: str) -> list[str]:
        """The commit of each line of a file, as plain `git blame` names it."""
        return [origin.commit for origin in self.blame(path, commit)]

    def line_origins_kept(self, base: str, commit: str, copies: Sequence[Copy]) -> LineOrigins:
        """Whether each line of each copy at `commit` has the origin that it has in its source at `base`."""
        return blaming.line_origins_kept(self._plumbing, self.resolve(base), self.resolve(commit), copies)
