"""Commits: who makes them, whether they are signed, and writing a chain of them that no ref points at yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.errors import GitFailed, IdentityMissing, SigningFailed
from migrate.model.tree import Mode
from migrate.ports import NewCommit
from migrate.system.git.objects import absent, write_blobs
from migrate.system.git.plumbing import Plumbing
from migrate.system.git.trees import read_entries, write_trees

IDENTITY_HINT = 'git config user.name "Your Name" && git config user.email you@example.org'


def require_identity(plumbing: Plumbing) -> None:
    """IdentityMissing unless name and e-mail are configured: git's own guess from the host name is not good enough."""
    for variable in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        answer = plumbing.run("-c", "user.useConfigOnly=true", "var", variable)
        if answer.code or answer.out.startswith(b" <") or b" <> " in answer.out:
            raise IdentityMissing("git does not know in whose name to commit", hint=IDENTITY_HINT)


def write_chain(plumbing: Plumbing, commits: Sequence[NewCommit]) -> tuple[str, ...]:
    """Store the commits with their trees and fresh blobs; their ids, in order. See `Repository.write_chain`."""
    if not commits:
        return ()
    require_identity(plumbing)
    used = {entry.oid for commit in commits for entry in commit.tree.entries.values() if entry.mode is not Mode.SUBMODULE}
    fresh = {oid: content for commit in commits for oid, content in commit.tree.fresh.items() if oid in used}
    write_blobs(plumbing, fresh)
    _require_known(plumbing, commits, used - fresh.keys())
    writer = _Writer(plumbing, _date_after(plumbing, commits), _wants_signature(plumbing))
    ids: list[str] = []
    for commit, tree in zip(commits, write_trees(plumbing, [commit.tree.entries for commit in commits]), strict=True):
        parents = [parent if isinstance(parent, str) else ids[parent] for parent in commit.parents]
        ids.append(writer.commit(tree, parents, commit.message))
    return tuple(ids)


def _require_known(plumbing: Plumbing, commits: Sequence[NewCommit], oids: set[str]) -> None:
    """A blob that is not here must at least be one that a parent already has (partial clones)."""
    missing = absent(plumbing, oids)
    if not missing:
        return
    parents = {parent for commit in commits for parent in commit.parents if isinstance(parent, str)}
    inherited = {entry.oid for parent in parents for entry in read_entries(plumbing, parent).values()}
    if unknown := sorted(missing - inherited):
        raise GitFailed(f"{len(unknown)} blobs of the new commits exist nowhere, {unknown[0]} for one")


def _wants_signature(plumbing: Plumbing) -> bool:
    return plumbing.run("config", "--type=bool", "--get", "commit.gpgSign").out.strip() == b"true"


def _date_after(plumbing: Plumbing, commits: Sequence[NewCommit]) -> str:
    """The committer date for all of the commits: now, but later than that of every parent they start from.

    `git log --follow` walks by date and follows one path at a time: it would be past the base before it saw the renames.
    """
    now, zone = plumbing.line("var", "GIT_COMMITTER_IDENT").rsplit(" ", 2)[1:]
    parents = {parent for commit in commits for parent in commit.parents if isinstance(parent, str)}
    dates = [int(plumbing.line("log", "-1", "--no-show-signature", "--format=%ct", parent, "--")) for parent in parents]
    return f"@{max(int(now), *(date + 1 for date in dates))} {zone}" if dates else f"@{now} {zone}"


@dataclass(frozen=True, slots=True)
class _Writer:
    plumbing: Plumbing
    date: str
    sign: bool

    def commit(self, tree: str, parents: Sequence[str], message: str) -> str:
        text = message if message.endswith("\n") else message + "\n"
        arguments = [word for parent in parents for word in ("-p", parent)] + (["-S"] if self.sign else [])
        env = {"GIT_COMMITTER_DATE": self.date}
        answer = self.plumbing.run("commit-tree", tree, *arguments, "-F", "-", stdin=text.encode(), env=env)
        if answer.code and self.sign:
            raise SigningFailed(
                f"git could not sign a commit: {answer.err}",
                hint="commit.gpgSign is set; check user.signingKey and gpg.format, or unlock the key, and try again",
            )
        if answer.code:
            raise GitFailed(f"git commit-tree failed: {answer.err}")
        return answer.out.decode().strip()
