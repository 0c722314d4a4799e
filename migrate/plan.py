"""The plan: a value that can be reviewed, committed, read back, and that is bound to its base commit and layout."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from migrate.model.carried import Carried
from migrate.model.facts import ReleaseId
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.phases import WITHOUT_CLEANUP
from migrate.model.proof import Proof
from migrate.model.tree import Tree
from migrate.operations import Copy, Create, Operation, Remove, Rewrite, Vendor


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a deployment of a whole environment stops today and afterwards: the releases that are reached before it fails.

    `command` is `sync` or `apply`.
    """

    environment: str
    command: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    cause_before: str
    cause_after: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that `apply` will do, in order, and everything that a reviewer has to know.

    `through` is the last phase that it holds; without the second one `new_state` is the legacy root, for there is no other yet.
    `base_branch` is the branch that the base was taken from, `released` and `orphans` what the user named for the cleanup.
    `merged` are the legacy state files, which become `new_state`. `stages` is the deployment order, `tiers` the value of the
    tier label that a release gets. `order_changes` names each pair of releases whose order changes. `reach` is measured by
    running both trees, `history` by reading git's log as far as the clone has it; they are no part of the digest.
    """

    base: str
    layout_digest: str
    settings_digest: str
    root: RepoPath
    new_state: RepoPath
    tier_label: str
    record_path: RepoPath
    merged: tuple[RepoPath, ...]
    operations: tuple[Operation, ...]
    stages: tuple[tuple[ReleaseId, ...], ...]
    tiers: tuple[tuple[ReleaseId, str], ...]
    order_changes: tuple[tuple[ReleaseId, ReleaseId], ...]
    findings: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, str], ...] = ()
    reach: tuple[Reach, ...] = ()
    history: tuple[Finding, ...] = ()
    preview: bool = False
    through: int = WITHOUT_CLEANUP
    base_branch: str = ""
    released: tuple[RepoPath, ...] = ()
    orphans: tuple[RepoPath, ...] = ()

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings for which `apply` refuses."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.BLOCKING)

    @property
    def copies(self) -> tuple[tuple[RepoPath, RepoPath], ...]:
        """Legacy path and new path of each file that is copied."""
        return tuple((op.source, op.target) for op in self.operations if isinstance(op, Copy))

    @property
    def created(self) -> tuple[RepoPath, ...]:
        """The files that are made anew, those of pulled charts included."""
        made = (
            op.targets if isinstance(op, Vendor) else (op.target,) for op in self.operations if isinstance(op, Create | Vendor)
        )
        return tuple(path for paths in made for path in paths)

    @property
    def edited(self) -> tuple[RepoPath, ...]:
        """The files that are changed in place."""
        return tuple(op.target for op in self.operations if isinstance(op, Rewrite))

    @property
    def removed(self) -> tuple[RepoPath, ...]:
        """The legacy files that go."""
        return tuple(op.target for op in self.operations if isinstance(op, Remove))

    def stays(self, tree: Tree) -> tuple[RepoPath, ...]:
        """The tracked files that the plan leaves alone."""
        touched = {*(source for source, _ in self.copies), *self.merged, *self.edited}
        return tuple(path for path in tree if path not in touched)


@dataclass(frozen=True, slots=True)
class Applied:
    """What `apply` did: the branch's new tip, None if there was nothing to do.

    `carried` are files in no commit that moved along in the branch's checkout, and those that could not; `absent` are the old and
    new places of all values files that no commit holds; `before` is where the branch was, None if it was not there. `plan` is
    None where none had to be made. `kept` are the files that people changed on the branch, of which the proof does not speak.
    `solved` are the conflicts that the user said are solved there.
    """

    plan: Plan | None
    proof: Proof | None
    tip: str | None
    commits: int = 0
    carried: Carried = Carried()  # noqa: RUF009  # it can't be changed
    absent: tuple[tuple[RepoPath, RepoPath], ...] = ()
    before: str | None = None
    kept: tuple[RepoPath, ...] = ()
    solved: tuple[object, ...] = ()


def folders(paths: tuple[RepoPath, ...], tree: Tree) -> dict[str, int]:
    """The paths as the fewest entries: a folder that lies wholly among them counts as one, with the number of its files."""
    inside, everything = Counter[str](), Counter[str]()
    chosen = frozenset(paths)
    for path in tree:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth]) + "/"
            everything[folder] += 1
            inside[folder] += path in chosen
    whole = {folder for folder, count in everything.items() if inside[folder] == count}
    result: dict[str, int] = {}
    for path in sorted(chosen):
        parts = path.split("/")
        heads = ("/".join(parts[:depth]) + "/" for depth in range(1, len(parts)))
        head = next((folder for folder in heads if folder in whole), str(path))
        result[head] = result.get(head, 0) + 1
    return result
