"""Where the charts of the new tree came from: helmfiles, their comments, and what the charts around them depend on.

`home` and `sources` of a Chart.yaml name a project and no place to pull the chart from: they are no origins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from migrate.analyzers.chart_manifest import Manifest, read_manifest
from migrate.analyzers.survey import Survey
from migrate.charts.hints import (
    StateHints,
    dependency_comments,
    only_repository,
    origin_in,
    origin_of,
    repository_url,
    state_hints,
)
from migrate.charts.nesting import FoundChart, all_charts, is_archive_of
from migrate.errors import UnreadableSource
from migrate.formats.plain_yaml import load_plain
from migrate.model.chart_lock import ChartPlaces
from migrate.model.charts import Dependency
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree

LOCKS = ("Chart.lock", "requirements.lock")
ALIASES = ("@", "alias:")


def origins(tree: Tree, places: ChartPlaces, surveyed: Survey, moved: Mapping[str, str]) -> Mapping[str, str]:
    """The known origins by the chart's path in the new tree. `moved` has the new folder of each legacy chart folder.

    A chart of which two things are said is left out, as is one of which nothing is said.
    """
    speakers = _speakers(surveyed, moved)
    charts = sorted(all_charts(tree, places), key=lambda chart: chart.path.count("/"))
    manifests = {chart.path: manifest for chart in charts if (manifest := _manifest(tree, chart))}
    found: dict[str, str] = {}
    for chart in charts:
        sources = _Sources(tree, chart, manifests, speakers.get(chart.top, []), found)
        origin = sources.origin()
        if origin:
            found[chart.path] = origin
    return found


def _manifest(tree: Tree, chart: FoundChart) -> Manifest | None:
    try:
        return None if chart.archive else read_manifest(tree, chart.path)
    except UnreadableSource:
        return None


@dataclass(frozen=True, slots=True)
class _Speaker:
    """A state file that speaks of a chart: the only one of its releases that has a chart here, if `alone`."""

    hints: StateHints
    alone: bool


def _speakers(surveyed: Survey, moved: Mapping[str, str]) -> Mapping[str, list[_Speaker]]:
    found: dict[str, list[_Speaker]] = {}
    releases, repositories = surveyed.inventory.releases, surveyed.inventory.repositories
    for path, source in surveyed.states.sources.items():
        own = [release for release in releases if release.state == path]
        urls = [(r.name, url) for r in repositories if r.state == path and (url := repository_url(r.url, oci=r.oci))]
        hints = state_hints(source.text, [release.chart for release in own], urls)
        for folder in {moved.get(release.chart_folder or "", "") for release in own} - {""}:
            found.setdefault(folder, []).append(_Speaker(hints, len(own) == 1))
    return found


@dataclass(frozen=True, slots=True)
class _Sources:
    """All that may name the origin of one chart."""

    tree: Tree
    chart: FoundChart
    manifests: Mapping[str, Manifest]
    speakers: Sequence[_Speaker]
    known: Mapping[str, str]

    def origin(self) -> str:
        """The first kind of source that says something decides; empty if it says two things."""
        for said in (self._of_helmfiles(), self._of_the_parent(), self._of_the_only_repository()):
            if said:
                return said.pop() if len(said) == 1 else ""
        return ""

    @property
    def _name(self) -> str:
        manifest = self.manifests.get(self.chart.path)
        return manifest.name if manifest else ""

    def _of_helmfiles(self) -> set[str]:
        name = self._name
        return {said for speaker in self.speakers if name and (said := origin_of(speaker.hints, name)) is not None}

    def _of_the_only_repository(self) -> set[str]:
        name = self._name
        alone = [speaker for speaker in self.speakers if speaker.alone and name and not self.chart.parent]
        return {said for speaker in alone if (said := only_repository(speaker.hints, name))}

    def _of_the_parent(self) -> set[str]:
        parent = self.manifests.get(self.chart.parent)
        named = [dependency for dependency in parent.dependencies if self._is(dependency)] if parent else []
        return {origin for dependency in named if parent for origin in self._of_dependency(parent, dependency)}

    def _is(self, dependency: Dependency) -> bool:
        if self.chart.archive:
            return is_archive_of(RepoPath(self.chart.path).name, dependency.name)
        return dependency.name == self._name

    def _of_dependency(self, parent: Manifest, dependency: Dependency) -> Iterator[str]:
        written = [dependency.repository, *_locked_repositories(self.tree, self.chart.parent, dependency.name)]
        for text in written:
            url = self._url(text.strip())
            if url:
                yield origin_in(url, dependency.name)
                return
        if dependency.folder and dependency.folder != self.chart.path and dependency.folder in self.known:
            yield self.known[dependency.folder]
            return
        last = min((d.line - 1 for d in parent.dependencies if d.line > dependency.line), default=_end(self.tree, dependency))
        for url in dependency_comments(self.tree.text(dependency.path), dependency.line, last):
            yield origin_in(url, dependency.name)

    def _url(self, text: str) -> str:
        """The URL of a `repository:`; an alias (`@name`) is what the helmfiles of the chart around it call so."""
        alias = next((text.removeprefix(sign) for sign in ALIASES if text.startswith(sign)), "")
        if not alias:
            return repository_url(text, oci=False)
        urls = {speaker.hints.repositories.get(alias, "") for speaker in self.speakers} - {""}
        return urls.pop() if len(urls) == 1 else ""


def _locked_repositories(tree: Tree, folder: str, name: str) -> Iterator[str]:
    """What Chart.lock says; it may name a repository by its URL where Chart.yaml has an alias."""
    for lock in LOCKS:
        path = f"{folder}/{lock}"
        try:
            value = load_plain(tree.read(path), path, strict=False).value if path in tree else None
        except (KeyError, UnreadableSource):
            continue
        entries = value.get("dependencies") if isinstance(value, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and entry.get("name") == name:
                yield str(entry.get("repository") or "")


def _end(tree: Tree, dependency: Dependency) -> int:
    """The last line of the last entry: before the next line that begins a key of the top."""
    lines = tree.text(dependency.path).split("\n")
    later = (number for number, line in enumerate(lines, start=1) if number > dependency.line and line[:1].isalpha())
    return next(later, len(lines) + 1) - 1
