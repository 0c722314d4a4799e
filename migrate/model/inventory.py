"""What lies in a repository: state files, environments, releases, values files, charts, and what was noticed about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from migrate.model.charts import Chart
from migrate.model.facts import BuiltState, Failure
from migrate.model.findings import Finding
from migrate.model.paths import RepoPath


@dataclass(frozen=True, slots=True)
class PathMention:
    """A path named by a state file, as written and as resolved from the state file's folder.

    `target` is None where a template action or a glob keeps it from being one path, or where it is remote.
    """

    text: str
    target: RepoPath | None
    line: int


@dataclass(frozen=True, slots=True)
class StateEntry:
    """One entry of `helmfiles:`: the state files that it loads, and what it hands them.

    `values` holds the texts of its `values:` entries (an inline map counts as one text), `passes_all` is True if these are
    exactly one `{{ toYaml .Values … }}`. `selectors` is the line of its `selectors:`, 0 if it has none.
    """

    parent: RepoPath
    line: int
    text: str
    loads: tuple[RepoPath, ...]
    values: tuple[str, ...]
    passes_all: bool
    selectors: int


class ValuesState(StrEnum):
    """Whether a registered values file is there."""

    TRACKED = "tracked"
    IGNORED = "ignored by git"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class EnvironmentValues:
    """One `values:` (or `secrets:`) entry of an environment. `path` is None for an inline map and for a glob or template."""

    text: str
    path: RepoPath | None
    line: int
    state: ValuesState


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment that a state file declares, with its values files in order."""

    name: str
    declared_in: RepoPath
    line: int
    values: tuple[EnvironmentValues, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """A release as its state file writes it (template actions unresolved), and where.

    `chart_folder` is the local chart's folder (`""` is the top of the repository), None for a remote chart. `values` are its
    values files; an inline map counts in `inline_values`. `files` are those of `secrets` and of `set` with `file`, `context` is
    its `kubeContext`, `version` what it asks for. `effective` is what helmfile makes of it, one document an environment
    that loads (without values).
    """

    state: RepoPath
    line: int
    name: str
    namespace: str
    chart: str
    chart_folder: str | None
    labels: tuple[tuple[str, str], ...]
    label_lines: Mapping[str, int]
    condition: str
    values: tuple[PathMention, ...]
    inline_values: int
    hooks: int
    patches: tuple[PathMention, ...]
    context: str = ""
    files: tuple[PathMention, ...] = ()
    needs: tuple[str, ...] = ()
    version: str = ""
    effective: Mapping[str, Mapping[str, object]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Repository:
    """An entry of `repositories:`."""

    name: str
    url: str
    oci: bool
    state: RepoPath
    line: int


@dataclass(frozen=True, slots=True)
class StateFile:
    """A helmfile: its top-level keys, its entries of `helmfiles:`, and which entry reaches it (None: the root)."""

    path: RepoPath
    keys: tuple[str, ...]
    entries: tuple[StateEntry, ...]
    reached_by: StateEntry | None
    hooks: int


@dataclass(frozen=True, slots=True)
class ValuesUse:
    """A file that looks like values, and what reads it (releases, environments); nothing, if `read_by` is empty."""

    path: RepoPath
    read_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that is here, in the order in which helmfile reaches it.

    `unregistered` are folders beside the environments' that no state file names. `built` is what `helmfile build` says for each
    declared environment and `default`; empty if helmfile was not asked. `defaults` are the entries of the root's `values:`.
    """

    commit: str
    root: RepoPath
    states: tuple[StateFile, ...]
    environments: tuple[Environment, ...]
    unregistered: tuple[str, ...]
    releases: tuple[Release, ...]
    values: tuple[ValuesUse, ...]
    charts: tuple[Chart, ...]
    repositories: tuple[Repository, ...]
    findings: tuple[Finding, ...]
    built: Mapping[str, tuple[BuiltState, ...] | Failure] = field(default_factory=lambda: MappingProxyType({}))
    defaults: tuple[EnvironmentValues, ...] = ()
