"""What the user asks for in `migrate.yaml`. Without that file, `Settings()` holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from types import MappingProxyType

from migrate.model.charts import ChartKind
from migrate.model.facts import CellId
from migrate.model.findings import Finding
from migrate.model.paths import RepoPath
from migrate.model.phases import WITHOUT_CLEANUP


class Order(StrEnum):
    """The order in which releases are deployed."""

    TIERS = "tiers"
    """tier after tier, the legacy order inside a tier"""
    LEGACY = "legacy"
    """exactly as today"""


@dataclass(frozen=True, slots=True, order=True)
class Accepted:
    """A finding that the user accepts, with the reason. `path` is empty where it is accepted everywhere."""

    finding: str
    path: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of this finding."""
        return self.finding == finding.slug and self.path in ("", finding.path)


@dataclass(frozen=True, slots=True, order=True)
class Unproved:
    """A cell that fails on both sides for a cause outside of the commit, and that the user vouches for, with the reason.

    Release, environment and cause are those that the report of a proof shows.
    """

    release: str
    environment: str
    cause: str
    reason: str

    def names(self, cell: CellId) -> bool:
        """Whether it speaks of this cell, whatever its cause."""
        return self.environment == cell.environment and self.release == str(cell.release)

    def covers(self, cell: CellId, cause: str) -> bool:
        """Whether it speaks of this cell and cause."""
        return self.names(cell) and self.cause == cause

    def __str__(self) -> str:
        return f"{self.environment}/{self.release}: {self.cause}"


@dataclass(frozen=True, slots=True)
class Settings:
    """All keys of `migrate.yaml`, with their defaults.

    Releases are named by their name, or by `namespace/name` where a name repeats; charts by their folder, or by their name.
    Tiers, kinds and layout keys are checked when the file is read; that a named release or chart exists is not (it may be there
    on another branch). `layout` has only the keys that are overridden: see `migrate.layout.layout_of`. `names` is what a
    release's values files are called below the values folder. `pass_env` names variables of the user's environment that
    helmfile may see. `offline` says that the new tree has to do without a network, `offline_registry` names the state value by
    which images come from another registry, `image_lists` are patterns of the files to compare images with. `sub_issues` maps
    the number of a sub-issue (1 to 15) to its key in the tracker.
    """

    layout: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tiers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tier_label: str = "tier"
    order: Order = Order.TIERS
    charts: Mapping[str, ChartKind] = field(default_factory=lambda: MappingProxyType({}))
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    root: RepoPath | None = None
    accept: tuple[Accepted, ...] = ()
    unproved: tuple[Unproved, ...] = ()
    pass_env: tuple[str, ...] = ()
    offline: bool = True
    offline_registry: str = ""
    image_lists: tuple[str, ...] = ("airgap/**/imagelists/*.txt",)
    issue: str = ""
    sub_issues: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    run_commands: bool = False
    """that helmfile may run hooks and `exec`: no key of migrate.yaml, which may come with the repository, but --run-commands"""
    through: int = WITHOUT_CLEANUP
    """the last phase to be done: --through; like the next two no key of migrate.yaml"""
    released: tuple[RepoPath, ...] = ()
    """legacy files that the cleanup may remove although somebody outside writes or reads them: --accept"""
    orphans: tuple[RepoPath, ...] = ()
    """files of legacy folders that nothing reads, and that the cleanup removes as well: --orphan"""

    @property
    def digest(self) -> str:
        """The SHA-256 of all values; equal for equal settings, however the file spells them."""
        values = {name: dict(value) if isinstance(value, Mapping) else value for name, value in _fields(self).items()}
        text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=asdict)
        return hashlib.sha256(text.encode()).hexdigest()

    def accepted(self, finding: Finding) -> Accepted | None:
        """The entry of `accept:` that covers a finding, or None."""
        return next((entry for entry in self.accept if entry.covers(finding)), None)

    def unused_accepts(self, findings: Iterable[Finding]) -> tuple[Accepted, ...]:
        """The entries of `accept:` that no finding needs any more."""
        known = tuple(findings)
        return tuple(entry for entry in self.accept if not any(entry.covers(finding) for finding in known))

    def chart_kind(self, folder: str, name: str) -> ChartKind | None:
        """The kind that the user gives a chart; its folder goes before its name."""
        return self.charts.get(folder) or self.charts.get(name)


def _fields(settings: Settings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__slots__}


def for_release(choices: Mapping[str, str], namespace: str, name: str) -> str | None:
    """What `tiers` or `names` says of a release: `namespace/name` goes before `name`."""
    return choices.get(f"{namespace}/{name}") or choices.get(name)
