"""Charts whose dependencies helm fetches although `charts/` holds them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from migrate.analyzers.chart_manifest import FILE_SCHEME, read_manifest
from migrate.errors import UnreadableSource
from migrate.formats.plain_yaml import load_plain
from migrate.model.charts import Dependency
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree

LOCKS = ("Chart.lock", "requirements.lock")
_EXACT = re.compile(r"v?\d+\.\d+\.\d+[\w.+-]*")
_ARCHIVE = re.compile(r"(?P<name>.+?)-(?P<version>v?\d+\.\d+\.\d+[\w.+-]*)\.tgz")


def fetched_in_vain(tree: Tree, folder: str) -> tuple[Dependency, ...]:
    """The dependencies of a chart that `helm dependency build` fetches although `charts/` holds them.

    Empty unless it holds every dependency of the chart, each at the version that Chart.lock has, or Chart.yaml where that is no
    range. `skipDeps: true` on a release with such a chart deploys what is vendored: helmfile 0.166.0 and 1.7.4 then leave out
    `helm dependency build`, which fails without the network, and with it where the repository was never added.
    """
    try:
        dependencies = read_manifest(tree, folder).dependencies
    except (KeyError, UnreadableSource):
        return ()
    elsewhere = tuple(dependency for dependency in dependencies if is_elsewhere(dependency))
    locked, vendored = dict(_locked(tree, folder)), dict(_vendored(tree, folder)) if elsewhere else {}
    whole = all(vendored.get(d.name) in _wanted(d, locked) for d in dependencies)
    return elsewhere if whole else ()


def is_elsewhere(dependency: Dependency) -> bool:
    """Whether helm looks for it in a repository or registry; one that names none is taken from charts/."""
    return bool(dependency.repository) and not dependency.repository.startswith(FILE_SCHEME)


def _wanted(dependency: Dependency, locked: Mapping[str, str]) -> frozenset[str | None]:
    """The version that counts; any for one that is not fetched from elsewhere."""
    version = locked.get(dependency.name) or (dependency.version if _EXACT.fullmatch(dependency.version) else "")
    return frozenset((version.removeprefix("v"),)) if version else frozenset()


def _locked(tree: Tree, folder: str) -> Iterator[tuple[str, str]]:
    for name in LOCKS:
        path = f"{folder}/{name}".lstrip("/")
        try:
            value = load_plain(tree.read(RepoPath(path)), path, strict=False).value
        except (KeyError, UnreadableSource):
            continue
        entries = value.get("dependencies") if isinstance(value, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                yield str(entry.get("name")), str(entry.get("version"))


def _vendored(tree: Tree, folder: str) -> Iterator[tuple[str, str]]:
    """Name and version of each chart right in `charts/`."""
    place = f"{folder}/charts".lstrip("/")
    for path in tree.below(place):
        inner = path.relative_to(place)
        archive = _ARCHIVE.fullmatch(inner)
        if archive and "/" not in inner:
            yield archive["name"], archive["version"].removeprefix("v")
        elif inner.count("/") == 1 and inner.endswith("/Chart.yaml"):
            try:
                manifest = read_manifest(tree, path.folder)
            except (KeyError, UnreadableSource):
                continue
            yield manifest.name, manifest.version.removeprefix("v")
