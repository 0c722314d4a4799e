"""Files named .yaml that are none, or are too large to be looked into."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree

MAX_BYTES = 10_000_000
_YAML = re.compile(r"\.ya?ml(\.gotmpl)?$")


def analyze_oddities(tree: Tree, folders: Iterable[str]) -> tuple[Finding, ...]:
    """`binary-yaml` and `huge-file` for the YAML files that lie directly in the given folders."""
    chosen = frozenset(folders)
    paths = [path for path in tree if path.folder in chosen and _YAML.search(path) and tree.entries[path].mode is not Mode.LINK]
    return tuple(finding for path in paths if (finding := _oddity(tree, path)) is not None)


def _oddity(tree: Tree, path: RepoPath) -> Finding | None:
    try:
        data = tree.read(path)
    except KeyError:
        message = "its content is not in this clone"
        return Finding("blob-missing", Severity.BLOCKING, path, 0, message, "fetch it: git fetch --refetch")
    if len(data) > MAX_BYTES:
        message = f"{len(data)} bytes are too many for a values file"
        return Finding("huge-file", Severity.BLOCKING, path, 0, message, "keep it elsewhere")
    if b"\0" in data:
        return Finding("binary-yaml", Severity.BLOCKING, path, 0, "a binary file that is named like YAML", "give it another name")
    return None
