"""Everything `migrate` refuses, as one tree.

    MigrateError                    exit code 1
    ├── BadInput                    2   what the user gave can't be used
    │   ├── NotARepository
    │   ├── NoHelmfile
    │   ├── UnknownRevision
    │   ├── BadConfiguration
    │   ├── BadPlanFile
    │   ├── PathLeavesRepository
    │   ├── UnreadableSource        a file of the repository that can't be parsed
    │   ├── NoStoredProof           nothing to verify
    │   ├── BadStoredProof          what is stored can't be read
    │   └── NoVersionsLock          no charts are locked
    ├── Blocked                     3   the plan has blocking findings
    │   └── ConsentMissing              the repository would run commands that the user has not agreed to
    ├── ProofFailed                 4   a claim of the proof does not hold
    │   ├── StoredProofDiffers          a stored proof says something else than one that is made now
    │   ├── ChartsDiffer                charts are not what versions.lock says
    │   └── FaultMissed                     a planted fault was not caught, so the proof can't be trusted here
    ├── StalePlan                   5   the base has moved since the plan was made
    ├── BranchState                 6   the branch can't take the result (dirty, moved, migrated already)
    │   ├── MergeConflict               the legacy tree and the branch changed the same thing differently
    │   └── UndoRefused                     taking back an apply would take other work with it
    ├── ToolMissing                 7   helmfile or helm is missing, too old, or an unfit pair
    │   └── WrongChecksum               what was got or built is not what is pinned
    ├── IdentityMissing             8   git does not know who commits
    │   └── SigningFailed               commit.gpgSign asks for a signature that git could not make
    ├── GitFailed                   1   git refused a command that was expected to work
    └── Interrupted                 9   an earlier run was killed and could not be finished safely

Each class carries a slug, documented in docs/reference/messages.md, and an exit code. The message says what and where; `hint`
says what to do. Trouble inside the user's repository that does not stop the work is a `Finding`, never an exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class MigrateError(Exception):
    """What the command line turns into a message and an exit code."""

    slug: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "", path: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = path
        self.line = line


class BadInput(MigrateError):
    """What the user gave can't be used."""

    slug = "bad-input"
    exit_code = 2


class NotARepository(BadInput):
    """There is no git repository around the given folder."""

    slug = "not-a-repository"


class NoHelmfile(BadInput):
    """The commit holds no helmfile."""

    slug = "no-helmfile"


class UnknownRevision(BadInput):
    """A name that git can't resolve to a commit."""

    slug = "unknown-revision"


class BadConfiguration(BadInput):
    """`migrate.yaml` has an unknown key or a value of the wrong kind."""

    slug = "bad-configuration"


class BadPlanFile(BadInput):
    """The file given with `--plan` is no plan, or was edited by hand."""

    slug = "bad-plan-file"


class PathLeavesRepository(BadInput):
    """A path that is absolute or climbs out of the repository."""

    slug = "path-leaves-repository"


class UnreadableSource(BadInput):
    """A file of the repository that can't be parsed."""

    slug = "unreadable-source"


class NoStoredProof(BadInput):
    """No commit of the branch holds a stored proof."""

    slug = "no-stored-proof"


class BadStoredProof(BadInput):
    """What was given or found as a stored proof is none, or has another schema."""

    slug = "bad-stored-proof"


class NoVersionsLock(BadInput):
    """There is no `versions.lock` to list or to compare charts with."""

    slug = "no-versions-lock"


class Blocked(MigrateError):
    """The plan has blocking findings."""

    slug = "plan-blocked"
    exit_code = 3


class ConsentMissing(Blocked):
    """helmfile would run commands that the repository brings, and the user has not agreed to that."""

    slug = "consent-missing"


class ProofFailed(MigrateError):
    """A claim of the proof does not hold; nothing was published. `proof` is the whole judgement, if there is one."""

    slug = "proof-failed"
    exit_code = 4

    def __init__(self, message: str, *, proof: object = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.proof = proof


class StoredProofDiffers(ProofFailed):
    """A stored proof speaks of other commits, or came out otherwise than one that is made now."""

    slug = "stored-proof-differs"


class ChartsDiffer(ProofFailed):
    """Charts, or the archives beside them, are not what `versions.lock` says."""

    slug = "charts-differ"


class FaultMissed(ProofFailed):
    """The proof holds, but it does not see a fault that was planted to test it."""

    slug = "fault-missed"


class StalePlan(MigrateError):
    """The plan was made for another base commit or another layout."""

    slug = "stale-plan"
    exit_code = 5


class BranchState(MigrateError):
    """The branch can't take the result."""

    slug = "branch-state"
    exit_code = 6


class MergeConflict(BranchState):
    """What changed in the legacy tree and what people changed on the branch can't both stay. `conflicts` says where."""

    slug = "merge-conflict"

    def __init__(self, conflicts: Sequence[object], message: str) -> None:
        hint = "make the file on the branch as it should be, commit it, then run the command again with --solved PATH"
        super().__init__(message, hint=hint)
        self.conflicts = tuple(conflicts)


class UndoRefused(BranchState):
    """The branch's tip is not the last commit of an apply of that branch, or what was before can't be reached."""

    slug = "undo-refused"


class ToolMissing(MigrateError):
    """helmfile or helm is missing, too old, or the two don't go together."""

    slug = "tool-missing"
    exit_code = 7


class WrongChecksum(ToolMissing):
    """A download, a source or a cached binary whose checksum is not the pinned one; the message names both."""

    slug = "wrong-checksum"


class IdentityMissing(MigrateError):
    """git does not know who commits."""

    slug = "identity-missing"
    exit_code = 8


class SigningFailed(IdentityMissing):
    """`commit.gpgSign` asks for a signature that git could not make."""

    slug = "signing-failed"


class GitFailed(MigrateError):
    """git refused a command that was expected to work; the message is git's own."""

    slug = "git-failed"


class Interrupted(MigrateError):
    """An earlier run was killed and what it left can't be finished or rolled back safely."""

    slug = "interrupted"
    exit_code = 9
