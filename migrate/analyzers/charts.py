"""Every chart that lies in a tree: what it is, what is vendored in it, where it comes from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migrate.analyzers.chart_kind import KindChoice, Subject, kind_of, without_credentials
from migrate.analyzers.chart_manifest import MANIFEST, Manifest, read_manifest
from migrate.analyzers.chart_templates import is_archive, is_template, templates_read_files
from migrate.errors import UnreadableSource
from migrate.model.charts import Chart, ChartHint, ChartKind, NestedChart
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.settings import Settings
from migrate.model.tree import Tree

__all__ = ["analyze_charts", "remote_chart", "templates_read_files"]

DEFAULTS = Settings()
LOCKS = ("Chart.lock", "requirements.lock")


def analyze_charts(
    tree: Tree, helmfile_hints: Sequence[ChartHint], settings: Settings = DEFAULTS
) -> tuple[tuple[Chart, ...], tuple[Finding, ...]]:
    """All charts of the tree by folder, and what there is to say about them.

    A chart is a folder with a Chart.yaml (spelt so: helm reads no other name). One below `charts/` of another chart is part of
    that chart and only named there. Findings: `chart-unreadable`, `chart-kind-uncertain`, `chart-dependency-missing`.
    """
    survey = _Survey.of(tree)
    charts: list[Chart] = []
    findings: list[Finding] = []
    for folder in survey.outer:
        chart, found = _chart(survey, folder, [hint for hint in helmfile_hints if hint.folder == folder], settings)
        charts.append(chart)
        findings += found
    return tuple(charts), tuple(findings)


def remote_chart(text: str, version: str, path: str, line: int) -> Chart:
    """The chart that a release names by `repository/name` or a URL; `path` and `line` are those of its `chart:`."""
    name = without_credentials(text)
    evidence = (f"the release names {name}, no folder of the repository ({path}:{line})",)
    return Chart(None, name, version, "", "", False, (), (), False, 0, ChartKind.REMOTE, evidence, True)


@dataclass(frozen=True, slots=True)
class _Survey:
    """A tree with its paths sorted once, and the folders of its charts."""

    tree: Tree
    paths: tuple[RepoPath, ...]
    folders: frozenset[str]

    @classmethod
    def of(cls, tree: Tree) -> _Survey:
        paths = tuple(sorted(tree))
        return cls(tree, paths, frozenset(path.folder for path in paths if path.name == MANIFEST))

    @property
    def outer(self) -> tuple[str, ...]:
        """The charts that are in no other chart's `charts/`."""
        return tuple(sorted(folder for folder in self.folders if not self._is_nested(folder)))

    def below(self, folder: str) -> tuple[RepoPath, ...]:
        """What lies in a folder."""
        if not folder:
            return self.paths
        first = bisect_left(self.paths, folder + "/")
        return self.paths[first : bisect_left(self.paths, folder + "0")]  # "0" comes right after "/"

    def _is_nested(self, folder: str) -> bool:
        parts = folder.split("/")
        return any(part == "charts" and "/".join(parts[:at]) in self.folders for at, part in enumerate(parts))


def _chart(survey: _Survey, folder: str, hints: Sequence[ChartHint], settings: Settings) -> tuple[Chart, list[Finding]]:
    files = survey.below(folder)
    nested = tuple(_nested(survey, folder, files))
    try:
        manifest = read_manifest(survey.tree, folder)
    except UnreadableSource as error:
        return _broken(folder, files, nested, settings), [_unreadable(folder, error)]
    inner = [path.relative_to(folder) for path in files]
    subject = Subject(manifest, nested, any(_is_manifest(path) for path in inner), _helmfile_in(folder, files), hints)
    choice = _overridden(settings, folder, manifest.name, kind_of(subject))
    chart = Chart(
        folder=folder,
        name=manifest.name,
        version=manifest.version,
        app_version=manifest.app_version,
        api_version=manifest.api_version,
        library=manifest.library,
        dependencies=manifest.dependencies,
        nested=nested,
        locked=any(path in LOCKS for path in inner),
        file_count=len(files),
        kind=choice.kind,
        evidence=choice.evidence,
        certain=choice.certain,
    )
    return chart, [*_kind_finding(chart, manifest), *_dependency_findings(survey, chart)]


def _nested(survey: _Survey, folder: str, files: Sequence[RepoPath]) -> Iterator[NestedChart]:
    for path in files:
        inner = path.relative_to(folder)
        if not inner.startswith("charts/"):
            continue
        if is_archive(inner):
            yield NestedChart(str(path), path.name.removesuffix(".tgz").removesuffix(".tar.gz"), "", archive=True)
        elif path.name == MANIFEST:
            yield _nested_folder(survey.tree, path.folder)


def _nested_folder(tree: Tree, folder: str) -> NestedChart:
    try:
        manifest = read_manifest(tree, folder)
    except UnreadableSource:
        return NestedChart(folder, folder.rpartition("/")[2], "", archive=False)
    return NestedChart(folder, manifest.name, manifest.version, archive=False)


def _is_manifest(inner: str) -> bool:
    """Whether a path inside a chart is a template of the chart itself that gives resources."""
    name = inner.rpartition("/")[2]
    return inner.startswith("templates/") and is_template(inner) and not name.startswith("_") and name != "NOTES.txt"


def _helmfile_in(folder: str, files: Sequence[RepoPath]) -> str:
    names = ("helmfile.yaml", "helmfile.yaml.gotmpl", "helmfile.yml")
    return next((str(path) for path in files if path.relative_to(folder) in names), "")


def _overridden(settings: Settings, folder: str, name: str, choice: KindChoice) -> KindChoice:
    wanted = settings.chart_kind(folder, name)
    return KindChoice(wanted, ("migrate.yaml says so", *choice.evidence), certain=True) if wanted else choice


def _broken(folder: str, files: Sequence[RepoPath], nested: tuple[NestedChart, ...], settings: Settings) -> Chart:
    name = folder.rpartition("/")[2]
    choice = _overridden(settings, folder, name, KindChoice(ChartKind.CUSTOM, ("its Chart.yaml can't be read",), certain=False))
    locked = any(path.relative_to(folder) in LOCKS for path in files)
    return Chart(folder, name, "", "", "", False, (), nested, locked, len(files), choice.kind, choice.evidence, choice.certain)


def _unreadable(folder: str, error: UnreadableSource) -> Finding:
    path = error.path or (f"{folder}/{MANIFEST}" if folder else MANIFEST)
    hint = "mend the file, or name the chart's kind under `charts:` in migrate.yaml"
    return Finding("chart-unreadable", Severity.WARNING, path, error.line, error.message, hint)


def _kind_finding(chart: Chart, manifest: Manifest) -> Iterator[Finding]:
    if not chart.certain:
        message = f"chart {chart.name} is taken for {chart.kind}, which is not certain: {'; '.join(chart.evidence)}"
        hint = f"say `charts: {{{chart.folder or chart.name}: {{kind: external}}}}` (or custom) in migrate.yaml"
        yield Finding("chart-kind-uncertain", Severity.NOTE, manifest.path, manifest.line("name"), message, hint)


def _dependency_findings(survey: _Survey, chart: Chart) -> Iterator[Finding]:
    for dependency in chart.dependencies:
        if dependency.repository.startswith("file://") and dependency.folder not in survey.folders:
            message = f"chart {chart.name}: its dependency {dependency.name} points at no chart of the repository"
            hint = "`helm dependency build` fails on it; `--skip-deps` works while charts/ has it"
            yield Finding("chart-dependency-missing", Severity.WARNING, dependency.path, dependency.line, message, hint)
