"""Trees in memory, and the charts that the tests of the chart analyzer put into them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from migrate.model.paths import RepoPath
from migrate.model.tree import Entry, Mode, Tree, blob_id


def missing(oid: str) -> bytes:
    """The reader of a clone that has no other blobs than the fresh ones."""
    raise KeyError(oid)


def tree_of(
    files: Mapping[str, str | bytes], *, links: Mapping[str, str] = MappingProxyType({}), absent: tuple[str, ...] = ()
) -> Tree:
    """A tree of these files and symbolic links; the blobs of `absent` can't be read."""
    contents = {path: text.encode() if isinstance(text, str) else text for path, text in {**files, **links}.items()}
    entries = {RepoPath(p): Entry(Mode.LINK if p in links else Mode.FILE, blob_id(c)) for p, c in contents.items()}
    fresh = {blob_id(c): c for p, c in contents.items() if p not in absent}
    return Tree("0" * 40, MappingProxyType(entries), missing, MappingProxyType(fresh))


def manifest(name: str, *lines: str, version: str = "2.4.0") -> str:
    """A Chart.yaml; `name` stands in its second line, further lines from the fourth on."""
    return "\n".join(["apiVersion: v2", f"name: {name}", f"version: {version}", *lines]) + "\n"


SCAFFOLD = ("description: A Helm chart for Kubernetes", "type: application", 'appVersion: "1.16.0"')
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n"
