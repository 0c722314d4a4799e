"""Charts that releases name and no folder of the commit holds: how helm is asked for them, and who still asks a repository."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from migrate.claims.side_facts import Definition, SideFacts
from migrate.errors import PathLeavesRepository
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Tree

MANIFESTS = ("Chart.yaml", "requirements.yaml")


class Address(NamedTuple):
    """What helm is asked for: `repository/name` or `oci://…`, and which of its versions."""

    chart: str
    version: str
    devel: bool


Fetched = Mapping[Address, Mapping[str, str]]
"""The files of each chart that could be had, by their path from its folder, with the ids of their blobs."""


def address_of(tree: Tree, definition: Definition) -> Address | None:
    """How the chart of a release is asked for; None for a folder of the commit and for a path to one that is not there."""
    chart = str(definition.release.get("chart") or "")
    if not chart or chart.startswith((".", "/")) or _is_folder(tree, definition, chart):
        return None
    version, devel = str(definition.release.get("version") or ""), bool(definition.effective("devel"))
    name, _, rest = chart.partition("/")
    for repository in definition.state.document.get("repositories") or ():
        if repository.get("name") == name and repository.get("oci"):
            return Address(f"oci://{str(repository.get('url')).removeprefix('oci://').rstrip('/')}/{rest}", version, devel)
    return Address(chart, version, devel)


def _is_folder(tree: Tree, definition: Definition, chart: str) -> bool:
    try:
        return tree.is_folder(resolve(definition.state.source.folder, chart))
    except PathLeavesRepository:
        return False


def still_asks(side: SideFacts, environment: str, repository: str) -> bool:
    """Whether a release of an environment, or a chart of the tree, names a repository."""
    releases = [release for state in side.states(environment) for release in state.releases]
    names = [release.get("chart") for release in releases]
    names += [
        entry.get("chart") for release in releases for entry in release.get("dependencies") or () if isinstance(entry, Mapping)
    ]
    return any(str(name).startswith(f"{repository}/") for name in names) or any(_named_by_charts(side.tree, repository))


def _named_by_charts(tree: Tree, repository: str) -> Iterator[RepoPath]:
    """Manifests that name it as helm's own list does: `@name`, `alias:name`."""
    named = re.compile(rb"(?:@|alias:)" + re.escape(repository.encode()) + rb"(?![\w-])")
    for path in tree:
        if path.name in MANIFESTS:
            try:
                found = named.search(tree.read(path))
            except KeyError:
                found = None
            if found:
                yield path
