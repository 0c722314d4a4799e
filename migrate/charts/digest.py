"""The digest of a chart: a canonical walk of all files below its folder, which a shell script can make as well.

docs/reference/versions-lock.md has the rule. Bytes are those of the blobs, which is what a checkout without filters gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from migrate.errors import UnreadableSource
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree

Rows = Mapping[str, bytes]
"""path below the chart's folder -> its line of the walk"""
_SIGNS = {Mode.FILE: b"  ", Mode.EXECUTABLE: b" *", Mode.LINK: b"  @"}


def rows(tree: Tree, folder: str) -> Rows:
    """The line of each file below a folder.

    UnreadableSource for a submodule, and for a file whose content is not in this clone.
    """
    return {path.relative_to(folder): _row(tree, path, folder) for path in tree.below(folder)}


def digest(found: Rows) -> str:
    """`sha256:` and the SHA-256 of all lines, sorted by the bytes of the path."""
    total = hashlib.sha256()
    for _, row in sorted((_encoded(path), row) for path, row in found.items()):
        total.update(row)
    return f"sha256:{total.hexdigest()}"


def file_digest(tree: Tree, path: RepoPath) -> str:
    """`sha256:` and the SHA-256 of one file; UnreadableSource as in `rows`."""
    return f"sha256:{hashlib.sha256(_content(tree, path)).hexdigest()}"


def _row(tree: Tree, path: RepoPath, folder: str) -> bytes:
    content = hashlib.sha256(_content(tree, path)).hexdigest().encode()
    return content + _SIGNS[tree.entries[path].mode] + _encoded(path.relative_to(folder)) + b"\n"


def _content(tree: Tree, path: RepoPath) -> bytes:
    if tree.entries[path].mode is Mode.SUBMODULE:
        raise UnreadableSource(f"{path}: a submodule, whose files no commit of this repository holds", path=path)
    try:
        return tree.read(path)
    except KeyError as error:
        raise UnreadableSource(f"{path}: its content is not in this clone", path=path) from error


def _encoded(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
