"""Charts that were pulled: the folder of each, what a release then says of it, and which repositories nobody needs any more."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from migrate.analyzers.states import States
from migrate.flatten.ground import EXTERNAL, Ground
from migrate.formats.state_source import sequence
from migrate.formats.yaml_source import Node
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import Release
from migrate.model.paths import RepoPath
from migrate.model.pulled import ReleaseKey, VendoredChart
from migrate.operations import Vendor

RUNS = "see that it is the version that runs"
BUILD = "run it again where its repository can be reached, or put it there first (`helm dependency build`)"
BY_NAME = re.compile(r"^(?:@|alias:)(?P<name>.+)$")
"""How a dependency of a chart names a repository of helm's own list."""


def key_of(release: Release) -> ReleaseKey:
    """What a release is known by among the pulled charts."""
    return release.state, release.line


def vendored_folders(ground: Ground, folders: Mapping[str, str]) -> dict[ReleaseKey, str]:
    """The new folder of each pulled chart. `folders` are those of the charts that move.

    A chart has its own name, as `-l chart=…` sees it; with the version behind it where another chart or version has that name.
    """
    charts = ground.pulled.charts
    contents: dict[str, set[object]] = defaultdict(set)
    for chart in charts.values():
        contents[chart.ref.name].add(chart.files)

    def folder(chart: VendoredChart) -> str:
        plain = f"{ground.layout.external_charts}/{chart.ref.name}"
        taken = any(f"{target}/".startswith(f"{plain}/") for target in folders.values())
        return f"{plain}-{chart.version}" if taken or len(contents[chart.ref.name]) > 1 else plain

    return {key: folder(chart) for key, chart in charts.items()}


def vendor_operations(ground: Ground, folders: Mapping[ReleaseKey, str]) -> tuple[list[Vendor], list[Finding]]:
    """What puts the pulled charts into the tree, and what there is to say about them."""
    readers: dict[str, list[Release]] = defaultdict(list)
    findings: list[Finding] = []
    for release in ground.inventory.releases:
        if key_of(release) in folders:
            readers[folders[key_of(release)]].append(release)
            findings += _resolved(release, ground.pulled.charts[key_of(release)])
    made = []
    for folder, releases in sorted(readers.items()):
        charts = [ground.pulled.charts[key_of(release)] for release in releases]
        findings += [_clash(r, folder) for r, chart in zip(releases, charts, strict=True) if chart.files != charts[0].files]
        names = ", ".join(dict.fromkeys(release.name for release in releases))
        made.append(_vendor(folder, charts[0], f"the chart of {'release' if len(releases) == 1 else 'releases'} {names}"))
    return made, findings


def dependency_operations(ground: Ground, folders: Mapping[str, str]) -> tuple[list[Vendor], list[Finding]]:
    """What puts missing dependencies into the charts at their new places, and what there is to say about them."""
    pulled, made, findings = ground.pulled, dict[str, Vendor](), list[Finding]()
    for (folder, name, version), chart in sorted(pulled.dependencies.items()):
        target = f"{folders[folder]}/charts/{name}"
        made[target] = _vendor(target, chart, f"a dependency of the chart {folder}")
        if chart.version not in (version, chart.ref.version):
            where = _place(ground, folder, name)
            findings.append(Finding("version-resolved", Severity.WARNING, *where, _resolved_text(chart), RUNS))
    for (folder, name, _), reason in sorted(pulled.missing_dependencies.items()):
        message = f"its dependency {name} is not in its charts/ folder, and was not pulled: {reason}"
        findings.append(Finding("dependency-not-here", Severity.BLOCKING, *_place(ground, folder, name), message, BUILD))
    return list(made.values()), findings


def _place(ground: Ground, folder: str, name: str) -> tuple[str, int]:
    """Where a chart's manifest names a dependency."""
    charts = (chart for chart in ground.inventory.charts if chart.folder == folder)
    return next((d.path, d.line) for chart in charts for d in chart.dependencies if d.name == name)


def _vendor(folder: str, chart: VendoredChart, reason: str) -> Vendor:
    ref = chart.ref
    return Vendor(
        RepoPath(folder), ref.origin, ref.name, chart.version, ref.version, chart.archive, chart.files, reason, EXTERNAL
    )


def _resolved(release: Release, chart: VendoredChart) -> Iterator[Finding]:
    ref = chart.ref
    if ref.version != chart.version:
        yield Finding("version-resolved", Severity.WARNING, release.state, release.line, _resolved_text(chart), RUNS)


def _resolved_text(chart: VendoredChart) -> str:
    asked = f"`{chart.ref.version}`" if chart.ref.version else "the latest version"
    return f"chart {chart.ref.name}: {asked} of {chart.ref.origin} is {chart.version} today, and stays that from now on"


def _clash(release: Release, folder: str) -> Finding:
    message = f"two origins have a chart that would become {folder}, with other files in it"
    return Finding(
        "target-clash", Severity.BLOCKING, release.state, release.line, message, "put one of them into the repository first"
    )


def skips_build(ground: Ground, release: Release) -> bool:
    """Whether a release needs `skipDeps`: `helm dependency build` would ask servers for what lies in charts/."""
    chart = ground.pulled.charts.get(key_of(release))
    return chart.builds if chart else any(folder == release.chart_folder for folder, _, _ in ground.pulled.dependencies)


def skip_findings(ground: Ground) -> Iterator[Finding]:
    """What `skipDeps` means is told at each release that gets it."""
    for release in ground.inventory.releases:
        if skips_build(ground, release):
            message = f"release {release.name} gets `skipDeps: true`: all that its chart depends on lies in charts/ from now on"
            hint = "without it helmfile would ask the repositories for it in every run"
            yield Finding("skips-dependency-build", Severity.CHANGE, release.state, release.line, message, hint)


def origin_comment(chart: VendoredChart) -> str:
    """What stands in place of a release's `version:`, without the `#`."""
    ref = chart.ref
    asked = "" if ref.version == chart.version or "{{" in ref.version else f" (asked for: {ref.version or 'the latest'})"
    return f"origin: {ref.origin} {ref.name} {chart.version}{asked}"


def unneeded_repositories(ground: Ground, states: States, skipping: Collection[ReleaseKey]) -> frozenset[str]:
    """The names of repositories that nobody needs: helmfile asks each of them in every run, so that none works without a network.

    Their charts were all pulled, or none was ever named. `skipping` are releases for whose charts nothing is fetched. Registries
    (`oci: true`) are not asked, and stay.
    """
    pulled = {release.chart.partition("/")[0] for release in ground.inventory.releases if key_of(release) in ground.pulled.charts}
    asked = {repository.name for repository in ground.inventory.repositories if ground.settings.offline and not repository.oci}
    return frozenset((pulled | asked) - {*_named_by_releases(ground, states), *_named_by_charts(ground, skipping)})


def repository_findings(ground: Ground, unneeded: frozenset[str]) -> Iterator[Finding]:
    """What is left out of `repositories:` although none of its charts was pulled."""
    pulled = {release.chart.partition("/")[0] for release in ground.inventory.releases if key_of(release) in ground.pulled.charts}
    for repository in ground.inventory.repositories:
        if repository.name in unneeded - pulled:
            message = f"repository {repository.name} is left out: no release and no chart needs it"
            hint = "helmfile would ask it in every run; say `offline: false` in migrate.yaml to keep it"
            yield Finding("repository-left-out", Severity.CHANGE, repository.state, repository.line, message, hint)


def _named_by_releases(ground: Ground, states: States) -> Iterator[str]:
    for release in ground.inventory.releases:
        if release.chart_folder is None and key_of(release) not in ground.pulled.charts:
            yield release.chart.partition("/")[0]
    for source in states.sources.values():
        for block in source.blocks("releases"):
            for item in sequence(block):
                yield from (node.text("chart").partition("/")[0] for node in _dependencies(item))


def _dependencies(item: Node) -> tuple[Node, ...]:
    node = item.get("dependencies") if item.kind == "mapping" else None
    return node.items if node is not None else ()


def _named_by_charts(ground: Ground, skipping: Collection[ReleaseKey]) -> Iterator[str]:
    """By their names or addresses, as dependencies of charts for which helmfile has them fetched."""
    names: dict[str, list[str]] = defaultdict(list)
    for repository in ground.inventory.repositories:
        names[repository.url.rstrip("/")].append(repository.name)
    built = {release.chart_folder for release in ground.inventory.releases if key_of(release) not in skipping}
    for chart in ground.inventory.charts:
        for dependency in chart.dependencies if chart.folder in built else ():
            found = BY_NAME.match(dependency.repository)
            yield from (found["name"],) if found else names.get(dependency.repository.rstrip("/"), ())
