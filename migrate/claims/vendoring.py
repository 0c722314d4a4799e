"""Which charts have dependencies that `helm dependency build` can have without the network."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.errors import UnreadableSource
from migrate.formats.plain_yaml import load_plain
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree

MANIFESTS = ("Chart.yaml", "requirements.yaml")


def builds_from_folders(tree: Tree, chart_folder: str) -> bool:
    """Whether a chart of the commit depends on folders (`file://`) and on nothing that is elsewhere."""
    named = [name for manifest in MANIFESTS for name in _repositories(tree, f"{chart_folder}/{manifest}".lstrip("/"))]
    return any(named) and all(name.startswith("file://") for name in named if name)


def _repositories(tree: Tree, path: str) -> Iterator[str]:
    """The `repository` of each dependency; of a manifest that is not there or can't be read, none."""
    try:
        value = load_plain(tree.read(RepoPath(path)), path, strict=False).value
    except (KeyError, UnreadableSource):
        return
    dependencies = value.get("dependencies") if isinstance(value, dict) else None
    for dependency in dependencies if isinstance(dependencies, list) else ():
        if isinstance(dependency, dict):
            yield str(dependency.get("repository") or "")
