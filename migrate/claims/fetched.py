"""Charts that releases name and no folder of the commit holds: how helm is asked for them, and who still asks a repository."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from migrate.claims.side_facts import Definition, SideFacts
from migrate.errors import PathLeavesRepository
from migrate.model.case import ProofCase
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
    if not chart or chart.startswith((".", "/")) or _is_folder(tree, definition):
        return None
    version, devel = str(definition.release.get("version") or ""), bool(definition.effective("devel"))
    name, _, rest = chart.partition("/")
    for repository in definition.state.document.get("repositories") or ():
        if repository.get("name") == name and repository.get("oci"):
            return Address(f"oci://{str(repository.get('url')).removeprefix('oci://').rstrip('/')}/{rest}", version, devel)
    return Address(chart, version, devel)


def has_all_it_got(case: ProofCase, old: Definition, new: Definition) -> bool:
    """Whether `skipDeps` takes nothing from a release: what a deployment of the old tree gets is in the chart of the new one.

    Of a remote chart helmfile builds no dependencies. Those that a chart of the old tree lacks were built before its bytes were
    compared.
    """
    return address_of(case.new, new) is None and (address_of(case.old, old) is not None or _folder(old) in case.incomplete)


def _folder(definition: Definition) -> str | None:
    try:
        return resolve(definition.state.source.folder, str(definition.release.get("chart") or ""))
    except PathLeavesRepository:
        return None


def _is_folder(tree: Tree, definition: Definition) -> bool:
    folder = _folder(definition)
    return folder is not None and tree.is_folder(folder)


def still_asks(side: SideFacts, environment: str, repository: str, addresses: Iterable[str]) -> bool:
    """Whether a release of an environment names a repository, or a chart whose dependencies helmfile has fetched for it.

    A chart names it by its name in helm's own list, or by one of its addresses.
    """
    definitions = [Definition(state, release) for state in side.states(environment) for release in state.releases]
    names = [found.release.get("chart") for found in definitions]
    names += [
        entry.get("chart")
        for found in definitions
        for entry in found.release.get("dependencies") or ()
        if isinstance(entry, Mapping)
    ]
    if any(str(name).startswith(f"{repository}/") for name in names):
        return True
    wanted = {address.rstrip("/").encode() for address in addresses if address}
    built = {_folder(found) for found in definitions if not found.effective("skipDeps")}
    return any(_names(side.tree, folder, repository, wanted) for folder in built if folder is not None)


def _names(tree: Tree, folder: str, repository: str, addresses: Collection[bytes]) -> bool:
    """Whether the manifest of a chart names a repository: `@name`, `alias:name`, or its address."""
    named = re.compile(rb"(?:@|alias:)" + re.escape(repository.encode()) + rb"(?![\w-])")
    for name in MANIFESTS:
        try:
            content = tree.read(RepoPath(f"{folder}/{name}".lstrip("/")))
        except KeyError:
            continue
        if named.search(content) or any(address in content for address in addresses):
            return True
    return False
