"""What a migration leaves in the new tree, so that any later run can judge it: `helmfile/.migrate/record.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from migrate.errors import BadInput
from migrate.model.facts import ReleaseId
from migrate.model.json_text import json_text
from migrate.model.paths import RepoPath
from migrate.model.phases import WITHOUT_CLEANUP

RECORD_VERSION = 2


@dataclass(frozen=True, slots=True)
class Record:
    """The migration's own account of itself.

    `copies` pairs each legacy file with its new place (byte for byte). `created` and `edited` are the other files it wrote.
    `tier_label` is the label key added to every release. `stages` is the deployment order: each release waits for all
    releases of the stages before it. `legacy_state` and `new_state` are the helmfiles to be judged against each other.
    `removed` are the legacy files that the cleanup phase took away. `tiers` gives each release that got the label its value.
    `through` is the last phase that was done, `base_branch` the branch whose commit the base was (empty if it was none), and
    `asked` the digest of what the plan was asked with: settings, layout, version. `released` and `orphans` are the files that
    the user named for the cleanup.
    """

    base: str
    plan_digest: str
    legacy_state: RepoPath
    new_state: RepoPath
    tier_label: str
    copies: tuple[tuple[RepoPath, RepoPath], ...]
    created: tuple[RepoPath, ...]
    edited: tuple[RepoPath, ...]
    stages: tuple[tuple[ReleaseId, ...], ...]
    removed: tuple[RepoPath, ...] = ()
    tiers: tuple[tuple[ReleaseId, str], ...] = ()
    through: int = WITHOUT_CLEANUP
    base_branch: str = ""
    asked: str = ""
    released: tuple[RepoPath, ...] = ()
    orphans: tuple[RepoPath, ...] = ()

    def tier_of(self, release: ReleaseId) -> str | None:
        """The value of the tier label; a kube context that an environment sets is not in the record."""
        exact = dict(self.tiers).get(release)
        alike = {tier for r, tier in self.tiers if (r.namespace, r.name) == (release.namespace, release.name)}
        return exact if exact is not None else alike.pop() if len(alike) == 1 else None

    def to_json(self) -> str:
        """Sorted, indented JSON with a final newline."""
        document = {
            "version": RECORD_VERSION,
            "base": self.base,
            "planDigest": self.plan_digest,
            "legacyState": self.legacy_state,
            "newState": self.new_state,
            "tierLabel": self.tier_label,
            "through": self.through,
            "baseBranch": self.base_branch,
            "asked": self.asked,
            "released": list(self.released),
            "orphans": list(self.orphans),
            "copies": dict(self.copies),
            "created": list(self.created),
            "edited": list(self.edited),
            "removed": list(self.removed),
            "stages": [[[r.context, r.namespace, r.name] for r in stage] for stage in self.stages],
            "tiers": [[r.context, r.namespace, r.name, tier] for r, tier in self.tiers],
        }
        return json_text(document, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str, where: str) -> Record:
        """The record; BadInput if the text is none or of another version."""
        try:
            document: dict[str, Any] = json.loads(text)
            if document["version"] != RECORD_VERSION:
                raise BadInput(f"{where}: written by another version of migrate", path=where)
            return cls(
                base=document["base"],
                plan_digest=document["planDigest"],
                legacy_state=RepoPath(document["legacyState"]),
                new_state=RepoPath(document["newState"]),
                tier_label=document["tierLabel"],
                copies=tuple((RepoPath(a), RepoPath(b)) for a, b in sorted(document["copies"].items())),
                created=tuple(RepoPath(p) for p in document["created"]),
                edited=tuple(RepoPath(p) for p in document["edited"]),
                stages=tuple(tuple(ReleaseId(*ids) for ids in stage) for stage in document["stages"]),
                removed=tuple(RepoPath(p) for p in document.get("removed", ())),
                tiers=tuple((ReleaseId(*ids), tier) for *ids, tier in document["tiers"]),
                through=int(document["through"]),
                base_branch=str(document["baseBranch"]),
                asked=str(document["asked"]),
                released=tuple(RepoPath(p) for p in document["released"]),
                orphans=tuple(RepoPath(p) for p in document["orphans"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            hint = f"git log -- {where} names the commits of applies that wrote it; take it from the last one"
            raise BadInput(f"{where}: no record of a migration: {error}", path=where, hint=hint) from error
