"""The whole inventory of a commit, put together from the analyzers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from migrate.analyzers.charts import analyze_charts, remote_chart
from migrate.analyzers.environments import Ignored, analyze_environments, unregistered
from migrate.analyzers.oddities import analyze_oddities
from migrate.analyzers.portability import analyze_portability
from migrate.analyzers.releases import analyze_releases, analyze_repositories
from migrate.analyzers.states import States, discover
from migrate.analyzers.templates import TemplateFacts, analyze_templates
from migrate.formats.comments import comments
from migrate.model.charts import ChartHint
from migrate.model.facts import BuiltState, Failure
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import Environment, Inventory, Release, ValuesUse
from migrate.model.paths import RepoPath
from migrate.model.settings import Settings
from migrate.model.tree import Tree

Built = Mapping[str, tuple[BuiltState, ...] | Failure]
_HINT = re.compile(r"(?:chart:|url:)\s*(\S+)")
_LOOKS_LIKE_VALUES = re.compile(r"values[^/]*\.ya?ml(\.gotmpl)?$")


@dataclass(frozen=True, slots=True)
class Survey:
    """The inventory together with the parsed state files that the planner works on."""

    inventory: Inventory
    states: States
    templates: TemplateFacts

    def with_built(self, built: Built) -> Survey:
        """The same with what `helmfile build` says."""
        releases = tuple(replace(r, effective=_effective(r, built)) for r in self.inventory.releases)
        return replace(self, inventory=replace(self.inventory, built=MappingProxyType(dict(built)), releases=releases))


def survey(tree: Tree, settings: Settings, ignored: Ignored, skip: str = "") -> Survey:
    """Take stock of a tree. Nothing is executed. `skip` is the folder of the new tree, which holds no legacy material."""
    states = discover(tree, settings.root, skip)
    environments, missing = analyze_environments(tree, states, ignored)
    loose, loose_findings = unregistered(tree, environments)
    releases = analyze_releases(tree, states)
    templates = analyze_templates(tree, _templates(tree, states, releases), exec_allowed=settings.allow_exec)
    charts, chart_findings = analyze_charts(tree, _hints(states, releases), settings)
    remote = tuple(remote_chart(r.chart, "", r.state, r.line) for r in releases if r.chart_folder is None and r.chart)
    named = [v.path for e in environments for v in e.values if v.path is not None]
    found = (*missing, *loose_findings, *chart_findings, *templates.findings, *analyze_portability(tree, named))
    folders = {path.folder for path in (*states.sources, *named) if path.folder}
    found = (*found, *analyze_oddities(tree, folders))
    inventory = Inventory(
        commit=tree.commit,
        root=states.root,
        states=tuple(states.files),
        environments=environments,
        unregistered=loose,
        releases=releases,
        values=_values(tree, states, releases, environments),
        charts=(*charts, *remote),
        repositories=analyze_repositories(states),
        findings=tuple(dict.fromkeys((*states.findings, *found, *_release_hooks(releases, settings)))),
    )
    return Survey(inventory, states, templates)


def _values(
    tree: Tree, states: States, releases: Sequence[Release], environments: Sequence[Environment]
) -> tuple[ValuesUse, ...]:
    """Every values file with its readers; also those beside a state file that nothing reads."""
    uses = [(values.path, f"environment {e.name}") for e in environments for values in e.values]
    uses += [(RepoPath(f"{f}/values.yaml"), "the chart itself") for f in {r.chart_folder for r in releases} if f]
    uses += [(mention.target, f"release {r.name}") for r in releases for mention in r.values]
    readers: dict[RepoPath, list[str]] = defaultdict(list)
    for path, reader in uses:
        if path is not None:
            readers[path].append(reader)
    folders = {path.folder for path in states.sources if path.folder}
    for path in tree:
        if path.folder in folders and _LOOKS_LIKE_VALUES.search(path):
            readers.setdefault(path, [])
    return tuple(ValuesUse(path, tuple(dict.fromkeys(names))) for path, names in sorted(readers.items()) if path in tree)


def _templates(tree: Tree, states: States, releases: tuple[Release, ...]) -> list[RepoPath]:
    rendered = [m.target for r in releases for m in r.values if m.target and m.target.endswith(".gotmpl") and m.target in tree]
    return list(dict.fromkeys([*states.sources, *rendered]))


def _hints(states: States, releases: tuple[Release, ...]) -> tuple[ChartHint, ...]:
    """Commented-out `chart:` and `url:` lines of a state file speak of the charts of its releases."""
    hints = []
    for path, source in states.sources.items():
        folders = [r.chart_folder for r in releases if r.state == path and r.chart_folder]
        for comment in comments(source.text):
            found = _HINT.search(comment.text)
            if found and len(folders) == 1:
                hints.append(ChartHint(folders[0], found.group(1), path, comment.line))
    return tuple(hints)


def _release_hooks(releases: tuple[Release, ...], settings: Settings) -> list[Finding]:
    severity = Severity.WARNING if settings.allow_hooks else Severity.BLOCKING
    hint = "allow it with `allow: {hooks: true}` in migrate.yaml if you trust this repository"
    message = "a hook of this release runs a command, also while the proof is made"
    return [Finding("executes-commands", severity, r.state, r.line, message, hint) for r in releases if r.hooks]


def _effective(release: Release, built: Built) -> Mapping[str, Mapping[str, object]]:
    found = {}
    for environment, states in built.items():
        for state in states if not isinstance(states, Failure) else ():
            for document in state.releases:
                if state.source == release.state and document.get("name") == release.name:
                    found[environment] = {k: v for k, v in document.items() if k not in ("values", "set", "secrets")}
    return MappingProxyType(found)
