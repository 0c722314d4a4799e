"""What helmfile itself says about a state and what it hands to helm: the facts every claim is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from migrate.model.paths import RepoPath


@dataclass(frozen=True, slots=True, order=True)
class ReleaseId:
    """helmfile's identity of a release: kube context, namespace, name (app/run.go of helmfile 0.166). Empty means unset."""

    context: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return "/".join(part for part in (self.context, self.namespace, self.name) if part)


@dataclass(frozen=True, slots=True, order=True)
class CellId:
    """One cell of the matrix."""

    environment: str
    release: ReleaseId

    def __str__(self) -> str:
        return f"{self.environment}/{self.release}"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a call of helmfile or helm failed.

    `message` is the root cause with temporary folders, workspace paths and values taken out; `path` and `line` name the
    tracked file it points at, in the tree that was rendered; both are empty where the cause lies outside the commit.
    `missing` is the place in the tree of a file that was wanted and is not there. `hidden` is a digest of those words of the
    message that are not shown because they may hold values: equal causes have it equal. It compares within one process only
    and is not printed.
    """

    exit_code: int
    message: str
    path: str = ""
    line: int = 0
    missing: str = ""
    hidden: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class BuiltState:
    """One document of `helmfile build`: one state file after templates, `inherit` and commonLabels.

    `document` is the parsed document without `renderedvalues`; `values_digest` is the SHA-256 of the text of
    `renderedvalues` as helmfile printed it (sorted keys, one Go library), so equal digests mean equal `.Values`.
    `environment` is the one that was asked for.
    """

    source: RepoPath
    document: Mapping[str, Any]
    values_digest: str
    environment: str = ""

    @property
    def releases(self) -> tuple[Mapping[str, Any], ...]:
        """The releases in definition order."""
        return tuple(self.document.get("releases") or ())

    def kube_context(self, release: Mapping[str, Any]) -> str:
        """What helm is given: the release's own, else the environment's, else that of helmDefaults."""
        environment = (self.document.get("environments") or {}).get(self.environment) or {}
        defaults = self.document.get("helmDefaults") or {}
        return str(release.get("kubeContext") or environment.get("kubeContext") or defaults.get("kubeContext") or "")


@dataclass(frozen=True, slots=True)
class ListedRelease:
    """One line of `helmfile list --output json`."""

    release: ReleaseId
    enabled: bool
    installed: bool
    labels: str
    chart: str
    version: str


@dataclass(frozen=True, slots=True)
class ValuesFile:
    """A values file as helm was given it: its digest, and where the copy lies for as long as the evidence is kept."""

    digest: str
    stored: str


@dataclass(frozen=True, slots=True)
class HelmCall:
    """One call of helm, seen by the recorder.

    `argv` has every temporary path replaced by a placeholder (`{values:0}`, `{chart}`, `{file:0 sha256:…}`,
    `{post-renderer sha256:…}`), so that calls of two sides compare. `verb` is helm's (`upgrade`, `diff`, `template`, `delete`,
    `uninstall`; two words for `repo add` and its like), or `chartify` for a render that helmfile makes to change a chart.
    `chart` is the argument as helmfile gave it (`{outside}` for a chart that chartify made); `chart_folder` where that lies in
    the repository (`""` when it is no local chart of the repository). `chart_digest` covers the bytes and modes of the files
    helm can reach; `""` if the chart is nowhere on this machine.
    Times count the events of one run: a call that waited for another has `started` above the other's `ended`.
    `chart_patched` is, for a chart that chartify made, the digest without the patches that it left behind in it and that no
    template reads; `""` for every other chart.
    """

    verb: str
    release: ReleaseId | None
    argv: tuple[str, ...]
    folder: str
    chart: str
    chart_folder: str
    chart_digest: str
    values: tuple[ValuesFile, ...]
    started: int
    ended: int
    chart_patched: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of helmfile with the recorder as its helm. `failure` is None if it exited with 0."""

    command: str
    environment: str
    selector: str
    calls: tuple[HelmCall, ...]
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class HelmInputs:
    """All that helm is given for one cell: equal inputs make equal output, random functions included."""

    argv: tuple[str, ...]
    chart: str
    chart_folder: str
    chart_digest: str
    values: tuple[ValuesFile, ...]

    @property
    def key(self) -> tuple[object, ...]:
        """What two cells of one side must share to share a render."""
        return (self.argv, self.chart, self.chart_folder, self.chart_digest, tuple(v.digest for v in self.values))


@dataclass(frozen=True, slots=True)
class EnvironmentFacts:
    """All that one side says about one environment.

    `runs` has a run for each of sync, apply, diff, destroy and template. `alone` has, for each cell that the whole
    `template` run did not reach, the `template` run of that release by itself; `alone_sync` the same for `sync`. Nothing
    here is left out silently: a release that is listed and is in neither is an unproved cell.
    """

    environment: str
    states: tuple[BuiltState, ...] | Failure
    listed: tuple[ListedRelease, ...] | Failure
    runs: Mapping[str, Run]
    alone: Mapping[ReleaseId, Run] = field(default_factory=lambda: MappingProxyType({}))
    alone_sync: Mapping[ReleaseId, Run] = field(default_factory=lambda: MappingProxyType({}))
