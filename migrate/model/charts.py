"""Helm charts as they lie in a repository, and what speaks for where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from migrate.model.paths import RepoPath


class ChartKind(StrEnum):
    """Where a chart comes from."""

    EXTERNAL = "external"
    """an upstream chart kept in the repository"""
    CUSTOM = "custom"
    """the repository's own chart; also a wrapper of an upstream chart, and whatever nothing shows to be upstream"""
    REMOTE = "remote"
    """named by a release as `repository/name` or `oci://…`; it has no folder here"""


@dataclass(frozen=True, slots=True)
class Dependency:
    """An entry of `dependencies:` (Chart.yaml, or requirements.yaml of an apiVersion v1 chart).

    `folder` is the target of a `file://` repository, as helm resolves it: from the chart's folder. `None` for any other
    repository and for a target outside the repository; whether a chart lies there is another question. `path` and `line` are
    where the entry stands.
    """

    name: str
    version: str
    repository: str
    condition: str
    alias: str
    folder: str | None
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class NestedChart:
    """A chart vendored in `charts/` of another one: a folder, or an archive that is named but never unpacked.

    An archive has no version of its own here: `name` is its file name without `.tgz`.
    """

    path: str
    name: str
    version: str
    archive: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart.

    `folder` is the folder of Chart.yaml (`""` is the top of the repository); for a REMOTE chart it is `None` and `name` is
    the text of the release's `chart:` without credentials. `file_count` counts every tracked file below the folder, nested
    charts included. `evidence` says in words, with file and line, why `kind` was chosen; `certain` is False where it is thin
    or conflicts (there is a finding `chart-kind-uncertain` then). `library` is True for `type: library`.
    """

    folder: str | None
    name: str
    version: str
    app_version: str
    api_version: str
    library: bool
    dependencies: tuple[Dependency, ...]
    nested: tuple[NestedChart, ...]
    locked: bool
    file_count: int
    kind: ChartKind
    evidence: tuple[str, ...]
    certain: bool

    @property
    def directory(self) -> str:
        """The folder's own name: what `helm template` prints for a folder without Chart.yaml, and what `-l chart=` matches."""
        return (self.folder or "").rpartition("/")[2]

    @property
    def manifest(self) -> RepoPath | None:
        """The path of its Chart.yaml; None for a REMOTE chart."""
        return None if self.folder is None else RepoPath(f"{self.folder}/Chart.yaml" if self.folder else "Chart.yaml")


@dataclass(frozen=True, slots=True)
class ChartHint:
    """Something outside a chart that names its origin: a commented-out `chart:` or repository `url:` of a helmfile.

    `folder` is the chart that it speaks of, `text` what the comment says (`prometheus-community/kube-prometheus-stack`, a URL),
    `path` and `line` where.
    """

    folder: str
    text: str
    path: str
    line: int
