"""Where a migration stands: phases, sub-issues with their evidence, and what has drifted apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from migrate.model.paths import RepoPath


class State(StrEnum):
    """How far a phase or a sub-issue is."""

    DONE = "done"
    NEXT = "next"
    LATER = "later"
    BLOCKED = "blocked"
    YOURS = "yours"
    """nothing that a tool can do or see: people apply, release, teach"""


@dataclass(frozen=True, slots=True)
class SubIssue:
    """One of the fifteen. `key` is its name in the tracker, empty if migrate.yaml gives none."""

    number: int
    title: str
    phase: int
    state: State
    evidence: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """One of the six."""

    number: int
    title: str
    state: State


@dataclass(frozen=True, slots=True)
class Status:
    """All that `migrate status` tells.

    `base` is the recorded commit, `newest` the one that it is compared with. `legacy_drift` are legacy files that changed
    between the two, `new_drift` the files that people changed on the branch. `lost` says that a squash or a rebase took the
    migration's own commits.
    """

    branch: str
    tip: str
    base: str
    newest: str
    phases: tuple[Phase, ...]
    sub_issues: tuple[SubIssue, ...]
    legacy_drift: tuple[RepoPath, ...]
    new_drift: tuple[RepoPath, ...]
    lost: str
    next_step: str
