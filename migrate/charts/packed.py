"""Is an archive what helm makes of a folder?

Every `helm dependency build` packs `file://` dependencies into `charts/*.tgz`. helm then leaves out what .helmignore names,
writes Chart.yaml and Chart.lock anew from what it read, drops byte order marks, and unpacks archives inside the chart
(pkg/chartutil/save.go and pkg/chart/loader of helm 3.15.3). All other files have the bytes of the folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.analyzers.chart_manifest import MANIFEST
from migrate.errors import UnreadableSource
from migrate.formats.helmignore import helmignore
from migrate.formats.packed_chart import unpack_all
from migrate.formats.plain_yaml import load_plain
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree

WRITTEN_ANEW = (MANIFEST, "Chart.lock")
_BOM = b"\xef\xbb\xbf"
_KNOWN = frozenset(
    "name home sources version description keywords maintainers icon apiVersion condition tags appVersion deprecated "
    "annotations kubeVersion dependencies type digest generated".split()
)
"""the keys of both files that helm reads and writes"""


def is_packed_from(archive: bytes, tree: Tree, folder: str) -> bool:
    """Whether the archive holds the chart of the folder and nothing else; never for what can't be read surely."""
    try:
        return _same(unpack_all(archive, "archive"), _as_helm_packs(tree, folder))
    except (KeyError, ValueError, UnreadableSource):
        return False


def _as_helm_packs(tree: Tree, folder: str) -> Mapping[RepoPath, bytes]:
    rules = f"{folder}/.helmignore"
    left_out = helmignore(tree.text(rules) if rules in tree else "")
    found: dict[RepoPath, bytes] = {}
    for path in tree.below(folder):
        inner = path.relative_to(folder)
        if left_out(inner):
            continue
        if tree.entries[path].mode not in (Mode.FILE, Mode.EXECUTABLE) or inner.endswith(".tgz"):
            raise ValueError(f"{inner}: what helm makes of it is not known here")
        found[RepoPath(inner)] = tree.read(path)
    return found


def _same(packed: Mapping[RepoPath, bytes], folder: Mapping[RepoPath, bytes]) -> bool:
    return packed.keys() == folder.keys() and all(_alike(path, content, folder[path]) for path, content in packed.items())


def _alike(path: str, one: bytes, other: bytes) -> bool:
    if one.removeprefix(_BOM) == other.removeprefix(_BOM):
        return True
    name = path.rpartition("/")[2]
    if name not in WRITTEN_ANEW or not _is_of_a_chart(path):
        return False
    return bool(_read(one, path) == _read(other, path))


def _is_of_a_chart(path: str) -> bool:
    """`Chart.yaml`, `charts/common/Chart.yaml`, and so on: no file of that name elsewhere."""
    folders = path.split("/")[:-1]
    return len(folders) % 2 == 0 and all(name == "charts" for name in folders[::2])


def _read(data: bytes, path: str) -> Any:  # noqa: ANN401  # whatever YAML holds
    value = load_plain(data, path, strict=False).value
    return _settled({key: each for key, each in value.items() if key in _KNOWN} if isinstance(value, dict) else value)


def _settled(value: Any) -> Any:  # noqa: ANN401  # whatever YAML holds
    """Without what helm drops as empty; texts and numbers as text with single blanks, as helm cleans them."""
    if isinstance(value, dict):
        return {key: settled for key, each in value.items() if (settled := _settled(each))}
    if isinstance(value, list):
        return [_settled(each) for each in value]
    if value is None or value is False:
        return ""
    return " ".join(str(value).split())
