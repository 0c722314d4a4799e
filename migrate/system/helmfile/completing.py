"""Charts of the tree whose dependencies are not in it: got as a deployment gets them, by the real `helm dependency build`.

helmfile calls it for each local chart. It is run in a copy of the tree, and what the chart lacks is taken from there, unpacked,
so that a chart compares with one that has the same dependencies as folders.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

from migrate.errors import UnreadableSource
from migrate.formats.packed_chart import unpack
from migrate.formats.plain_yaml import load_plain
from migrate.model.paths import RepoPath
from migrate.system.helmfile.runner import Runner

MANIFESTS = ("Chart.yaml", "requirements.yaml")


class Completed:
    """The charts of one side, completed when this is made, before anything is run. What can't be had stays missing."""

    def __init__(self, runner: Runner, charts: Sequence[str]) -> None:
        self._runner = runner
        self._numbers = count()
        self._known: set[str] = set()
        self.files: dict[str, Mapping[str, bytes]] = {}
        """chart folder -> what it was given, by the path from that folder"""
        copy = runner.folder / "completing"
        if charts:
            shutil.copytree(runner.workspace.top, copy, symlinks=True)
        for chart in charts:
            if (copy / chart).is_dir():
                self.files[chart] = self._complete(copy / chart, runner.workspace.top / chart)

    def _complete(self, copy: Path, chart: Path) -> Mapping[str, bytes]:
        """Build in the copy, and put what is new there into the chart."""
        for url in _repositories(copy):  # without an entry helm refuses to build from a lock, and takes it for any name
            if url not in self._known and self._helm("repo", "add", f"of-a-chart-{next(self._numbers)}", url):
                self._known.add(url)
        if not self._helm("dependency", "build", str(copy)):
            return {}
        found: dict[str, bytes] = {}
        for archive in sorted((copy / "charts").glob("*.tgz")):
            found |= _put(archive, chart / "charts")
        return found

    def _helm(self, *words: str) -> bool:
        return self._runner.helm(list(words), self._runner.folder).ok


def _repositories(chart: Path) -> Iterator[str]:
    for manifest in (chart / name for name in MANIFESTS if (chart / name).is_file()):
        document = load_plain(manifest.read_bytes(), manifest.name, strict=False).value
        entries = document.get("dependencies") if isinstance(document, dict) else None
        urls = (str(entry.get("repository") or "") for entry in entries or () if isinstance(entry, dict))
        yield from (url for url in urls if url.startswith(("http://", "https://")))


def _put(archive: Path, charts: Path) -> Mapping[str, bytes]:
    """Unpack an archive of the copy into the chart's charts/, unless it is there in any form.

    Where another version is there, a deployment would have both, or this one in its place: the archive is put beside it, so that
    the chart is no longer equal to one that has the other version alone.
    """
    try:
        built = unpack(archive.read_bytes(), archive.name)
    except UnreadableSource:
        return {}
    there = [path for path in charts.glob(f"{built.folder}*") if _is_chart(path, built.folder)]
    if not there:
        return _written(built.files, charts, built.folder)
    if not any(_holds(path, built.files) for path in there):
        shutil.copyfile(archive, charts / f"built-{archive.name}")
    return {}


def _holds(path: Path, files: Mapping[RepoPath, bytes]) -> bool:
    if path.is_dir():
        return _files(path) == files
    try:
        return unpack(path.read_bytes(), path.name).files == files
    except UnreadableSource:
        return False


def _files(folder: Path) -> Mapping[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _written(files: Mapping[RepoPath, bytes], charts: Path, name: str) -> Mapping[str, bytes]:
    for path, content in files.items():
        (charts / name / path).parent.mkdir(parents=True, exist_ok=True)
        (charts / name / path).write_bytes(content)
    return {f"charts/{name}/{path}": content for path, content in files.items()}


def _is_chart(path: Path, name: str) -> bool:
    rest = path.name.removeprefix(name)
    return not rest or (rest.endswith(".tgz") and rest.lstrip("-v")[:1].isdigit())
