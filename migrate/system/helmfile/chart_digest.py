"""A digest of a chart that changes whenever anything changes that helm can reach in it."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from migrate.system.helmfile.files_access import names_files, reads_files
from migrate.system.helmfile.patched_chart import without_leftovers
from migrate.system.workspace import Workspace

_REACHED = (
    "Chart.yaml",
    "Chart.lock",
    "values.yaml",
    "values.schema.json",
    ".helmignore",
    "requirements.yaml",
    "requirements.lock",
)
_REACHED_FOLDERS = ("templates", "crds", "charts")
_MANIFESTS = ("Chart.yaml", "requirements.yaml")
_BESIDE = re.compile(rb"\bfile://([^\s\"'#,}]+)")
"""A dependency in another folder, from which `helm dependency build` renews charts/."""


class ChartDigests:
    """Digests of the charts of one workspace, each computed once: recorded runs don't change charts.

    A digest covers path, whether it can be executed, and bytes of: Chart.yaml, Chart.lock, values.yaml, values.schema.json,
    requirements.*, .helmignore, and everything below templates/, crds/ and charts/. Other files (README.md, a helmfile.yaml,
    values templates beside the chart) are reached only through `.Files`. So ALL files count if the word `Files` stands in any
    template (subcharts too, packed ones too), in any values file or argument that helm is given, or in values.yaml
    (`tpl` makes templates of values); if a template hands on its whole context (`toYaml $`); or if a packed subchart can't be
    read. Files that .helmignore hides count like others: that can only tell equal charts apart. A chart that a `file://`
    dependency names counts too: recorded runs leave `helm dependency build` out, a deployment does not.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._top = workspace.top
        self._executable = workspace.executable
        self._unwritten = workspace.unwritten
        self._lock = threading.Lock()
        self._reads_files: dict[Path, bool] = {}
        self._digests: dict[tuple[Path, bool], str] = {}

    def of(self, chart: Path, argv: Sequence[str], values: Sequence[Path]) -> str:
        """The digest of a chart folder or a packed chart, called with these arguments and values files."""
        if chart.is_file():
            return hashlib.sha256(b"packed\0" + chart.read_bytes()).hexdigest()
        named = any(names_files(os.fsencode(text)) for text in argv) or any(names_files(v.read_bytes()) for v in values)
        with self._lock:
            if chart not in self._reads_files:
                self._reads_files[chart] = reads_files(chart, _files(chart))
            everything = named or self._reads_files[chart]
            if (chart, everything) not in self._digests:
                self._digests[chart, everything] = self._with_dependencies(chart, everything)
            return self._digests[chart, everything]

    def of_patched(self, chart: Path) -> str:
        """The digest of what helm reads of a chart that chartify made; empty where it isn't shown what that is."""
        files = {path.relative_to(chart).as_posix(): path for path in _files(chart)}
        read = without_leftovers(chart, files)
        return _sum({name: self._row(files[name]) for name in read}, everything=True) if read is not None else ""

    def _with_dependencies(self, chart: Path, everything: bool) -> str:
        own, beside = self._digest(chart, everything), self._beside(chart)
        return _sum({"": own.encode(), **beside}, everything) if beside else own

    def _beside(self, chart: Path) -> dict[str, bytes]:
        """What each `file://` dependency is; one that is nowhere in the commit is the same everywhere."""
        manifests = [chart / name for name in _MANIFESTS if (chart / name).is_file()]
        names = {os.fsdecode(found) for manifest in manifests for found in _BESIDE.findall(manifest.read_bytes())}
        places = {name: Path(os.path.realpath(chart / name)) for name in names}
        known = {name: place for name, place in places.items() if self._top in place.parents and place.is_dir()}
        return {
            name: self._digest(known[name], reads_files(known[name], _files(known[name]))).encode() if name in known else b""
            for name in names
        }

    def _digest(self, chart: Path, everything: bool) -> str:
        rows = {path.relative_to(chart).as_posix(): self._row(path) for path in _files(chart)}
        rows |= {
            path.relative_to(chart).as_posix(): b"unwritten " + oid.encode()
            for path, oid in self._unwritten.items()
            if chart in path.parents
        }
        return _sum(rows if everything else {name: row for name, row in rows.items() if _is_reached(name)}, everything)

    def _row(self, path: Path) -> bytes:
        return (b"x" if path in self._executable else b"-") + hashlib.sha256(_content(path)).digest()

    def forget(self) -> None:
        """Compute all anew: something may have changed the charts (`helm dependency build`)."""
        with self._lock:
            self._reads_files.clear()
            self._digests.clear()


def _sum(rows: Mapping[str, bytes], everything: bool) -> str:
    total = hashlib.sha256(b"all\0" if everything else b"reached\0")
    for name, row in sorted(rows.items()):
        total.update(os.fsencode(name) + b"\0" + row + b"\0")
    return total.hexdigest()


def _is_reached(name: str) -> bool:
    return name in _REACHED or name.partition("/")[0] in _REACHED_FOLDERS


def _content(path: Path) -> bytes:
    """The bytes; what a dangling link says, for one of those."""
    return path.read_bytes() if path.exists() else b"dangling " + os.fsencode(path.readlink())


def _files(chart: Path) -> Iterator[Path]:
    """All files, sorted; helm follows symbolic links, also to folders."""
    found: list[Path] = []
    for folder, folders, names in os.walk(chart, followlinks=True):
        folders[:] = [name for name in folders if not _leads_back(Path(folder, name))]
        found.extend(Path(folder, name) for name in names)
    return iter(sorted(found))


def _leads_back(folder: Path) -> bool:
    """Whether a link leads to a folder that holds it: helm would walk in a circle and fail."""
    return folder.is_symlink() and folder.resolve() in folder.absolute().parents
