"""Charts that are not in the repository: how they are asked for, and what was pulled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from migrate.model.paths import RepoPath

OCI = "oci://"


@dataclass(frozen=True, slots=True, order=True)
class ChartRef:
    """A chart as somebody asks for it.

    `origin` is the URL of a chart repository, or `oci://host/path` without the chart's own name. `version` may be a range
    (`~1.2`); empty is the latest one. `devel` lets pre-releases count where there is no version.
    """

    origin: str
    name: str
    version: str = ""
    devel: bool = False

    @property
    def oci(self) -> bool:
        """Whether it lies in a registry rather than in a chart repository."""
        return self.origin.startswith(OCI)

    @property
    def exact(self) -> bool:
        """Whether the version names one version and no range."""
        return (
            bool(self.version)
            and self.version[0].isdigit()
            and self.version.count(".") > 1
            and not set(self.version) & set(" ,|xX*")
        )

    def __str__(self) -> str:
        return " ".join(part for part in (self.origin, self.name, self.version) if part)


@dataclass(frozen=True, slots=True)
class NotPulled:
    """Why a chart could not be had, in words without secrets."""

    reason: str


@dataclass(frozen=True, slots=True)
class VendoredChart:
    """A chart that was pulled and unpacked.

    `version` is the one that its Chart.yaml names, `archive` the SHA-256 of the packed chart, `files` the paths from the chart's
    folder with the ids of their blobs, sorted. helm gives every file of an archive the same mode, so none is executable.
    """

    ref: ChartRef
    version: str
    archive: str
    files: tuple[tuple[RepoPath, str], ...]
    builds: bool = False
    """whether `helm dependency build`, which helmfile runs for each folder, would look for its dependencies elsewhere"""


ReleaseKey = tuple[RepoPath, int]
"""the state file and the line of a release"""

DependencyKey = tuple[str, str, str]
"""the folder of a chart, and name and version of a dependency as its manifest asks for it"""

_NONE: Mapping[ReleaseKey, VendoredChart] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Pulled:
    """What became of the releases whose chart is not in the repository: the chart, or why there is none.

    A release in neither was not asked for. The same for dependencies of charts that are here.
    """

    charts: Mapping[ReleaseKey, VendoredChart] = field(default_factory=lambda: _NONE)
    missing: Mapping[ReleaseKey, str] = field(default_factory=lambda: MappingProxyType({}))
    dependencies: Mapping[DependencyKey, VendoredChart] = field(default_factory=lambda: MappingProxyType({}))
    missing_dependencies: Mapping[DependencyKey, str] = field(default_factory=lambda: MappingProxyType({}))
