"""Charts of releases whose dependencies are named and not there -> which chart of which origin each of them is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from migrate.analyzers.survey import Survey
from migrate.errors import UnreadableSource
from migrate.formats.plain_yaml import load_plain
from migrate.model.charts import Chart, Dependency
from migrate.model.paths import RepoPath
from migrate.model.pulled import OCI, ChartRef, DependencyKey, NotPulled
from migrate.model.tree import Tree

FOLDER = "file://"
LOCKS = ("Chart.lock", "requirements.lock")
_VERSION = re.compile(r"-v?\d")


def missing_dependencies(tree: Tree, surveyed: Survey) -> Mapping[DependencyKey, ChartRef | NotPulled]:
    """What `helm dependency build` would get for the charts of the releases; the version is that of the lock, if there is one.

    Dependencies that are folders of the repository (`file://`), and those that are vendored in any version, are none of them.
    """
    used = {release.chart_folder for release in surveyed.inventory.releases}
    charts = [chart for chart in surveyed.inventory.charts if chart.folder is not None and chart.folder in used]
    return {
        (chart.folder or "", dependency.name, dependency.version): _ref(tree, chart, dependency)
        for chart in charts
        for dependency in _absent(chart)
        if not dependency.repository.startswith(FOLDER)
    }


def _absent(chart: Chart) -> tuple[Dependency, ...]:
    direct = [nested for nested in chart.nested if _is_direct(chart, nested.path)]
    there = {_VERSION.split(nested.name)[0] if nested.archive else nested.name for nested in direct}
    return tuple(dependency for dependency in chart.dependencies if dependency.name not in there)


def _is_direct(chart: Chart, path: str) -> bool:
    return path.removeprefix(f"{chart.folder}/" if chart.folder else "").count("/") == 1


def _ref(tree: Tree, chart: Chart, dependency: Dependency) -> ChartRef | NotPulled:
    repository = dependency.repository.rstrip("/")
    if any(other.repository.startswith(FOLDER) for other in _absent(chart)):
        return NotPulled("its chart depends on folders as well, which `helm dependency build` would have to pack")
    if len({other.version for other in _absent(chart) if other.name == dependency.name}) > 1:
        return NotPulled("its chart asks for several versions of it")
    if "@" in repository or repository.startswith("alias:"):
        return NotPulled("its repository is a name of helm's own list, or has a login in it")
    if not repository.startswith((OCI, "http://", "https://")):
        return NotPulled("it names no repository")
    locked = _locked(tree, chart, dependency)
    if isinstance(locked, NotPulled):
        return locked
    return ChartRef(repository, dependency.name, locked or dependency.version)


def _locked(tree: Tree, chart: Chart, dependency: Dependency) -> str | NotPulled:
    """The version in the lock; empty without a lock."""
    for name in LOCKS:
        path = RepoPath(f"{chart.folder}/{name}" if chart.folder else name)
        if path in tree:
            try:
                document = load_plain(tree.read(path), path, strict=False).value
            except (KeyError, UnreadableSource):
                return NotPulled(f"{path} can't be read")
            entries = document.get("dependencies") if isinstance(document, dict) else None
            found = [str(e.get("version")) for e in entries or () if isinstance(e, dict) and e.get("name") == dependency.name]
            return found[0] if len(found) == 1 else NotPulled(f"{path} does not name it once")
    return ""
