"""The whole inventory of a commit, put together from the analyzers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from migrate.analyzers.charts import analyze_charts, remote_chart
from migrate.analyzers.commands import Place, hidden_commands
from migrate.analyzers.environments import Ignored, analyze_defaults, analyze_environments, environments_alone, unregistered
from migrate.analyzers.oddities import analyze_oddities
from migrate.analyzers.patches import analyze_patches
from migrate.analyzers.portability import analyze_portability
from migrate.analyzers.releases import analyze_releases, analyze_repositories, files_like, files_of
from migrate.analyzers.states import States, discover
from migrate.analyzers.templates import TemplateFacts, analyze_templates
from migrate.formats.comments import comments
from migrate.model.charts import ChartHint
from migrate.model.facts import BuiltState, Failure
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import Environment, EnvironmentValues, Inventory, Release, ValuesUse
from migrate.model.paths import RepoPath
from migrate.model.settings import Settings
from migrate.model.tree import Tree

Built = Mapping[str, tuple[BuiltState, ...] | Failure]
_HINT = re.compile(r"(?:chart:|url:)\s*(\S+)")
MAY_HOLD_SECRETS = frozenset({"values", "valuesTemplate", "set", "setString", "setTemplate", "secrets", "env"})
MAY_HOLD_SECRETS |= {"hooks", "strategicMergePatches", "jsonPatches", "transformers"}
"""keys of a release that an inventory never shows (arguments of hooks and inline patches may be values too)"""
_LOOKS_LIKE_VALUES = re.compile(r"values[^/]*\.ya?ml(\.gotmpl)?$")


@dataclass(frozen=True, slots=True)
class Survey:
    """The inventory together with the parsed state files that the planner works on."""

    inventory: Inventory
    states: States
    templates: TemplateFacts

    def with_built(self, built: Built) -> Survey:
        """The same with what `helmfile build` says."""
        releases = tuple(replace(r, effective=_effective(r, self.inventory.releases, built)) for r in self.inventory.releases)
        return replace(self, inventory=replace(self.inventory, built=MappingProxyType(dict(built)), releases=releases))


def survey(tree: Tree, settings: Settings, ignored: Ignored, skip: str = "") -> Survey:
    """Take stock of a tree. Nothing is executed. `skip` is the folder of the new tree, which holds no legacy material."""
    states = discover(tree, settings.root, skip)
    environments, missing = analyze_environments(tree, states, ignored)
    defaults = analyze_defaults(tree, states)
    loose, loose_findings = unregistered(tree, environments, environments_alone(environments, states.sources))
    releases = analyze_releases(tree, states)
    rendered = _templates(tree, states, releases, (*defaults, *(v for e in environments for v in e.values)))
    hidden = tuple(hidden_commands(tree, states, rendered))
    templates = analyze_templates(tree, rendered, exec_allowed=settings.run_commands)
    charts, chart_findings = analyze_charts(tree, _hints(states, releases), settings)
    remote = tuple(remote_chart(r.chart, "", r.state, r.line) for r in releases if r.chart_folder is None and r.chart)
    named = [v.path for v in (*defaults, *(v for e in environments for v in e.values)) if v.path is not None]
    found = (*missing, *loose_findings, *chart_findings, *templates.findings, *analyze_portability(tree, named))
    folders = {path.folder for path in (*states.sources, *named) if path.folder}
    found = (*found, *analyze_oddities(tree, folders), *analyze_patches(tree, states))
    inventory = Inventory(
        commit=tree.commit,
        root=states.root,
        states=tuple(states.files),
        environments=environments,
        unregistered=loose,
        releases=releases,
        values=_values(tree, states, releases, (*environments, Environment("every one", states.root, 0, defaults))),
        charts=(*charts, *remote),
        repositories=analyze_repositories(states),
        findings=tuple(dict.fromkeys((*states.findings, *found, *_hooks(states, releases, hidden, settings)))),
        defaults=defaults,
    )
    return Survey(inventory, states, templates)


def _values(
    tree: Tree, states: States, releases: Sequence[Release], environments: Sequence[Environment]
) -> tuple[ValuesUse, ...]:
    """Every values file with its readers; also those beside a state file that nothing reads."""
    uses = [(values.path, f"environment {e.name}") for e in environments for values in e.values]
    uses += [(RepoPath(f"{f}/values.yaml"), "the chart itself") for f in {r.chart_folder for r in releases} if f]
    uses += [(path, f"release {r.name}") for r in releases for m in (*r.values, *r.files) for path in files_of(tree, r, m)]
    readers: dict[RepoPath, list[str]] = defaultdict(list)
    for path, reader in uses:
        if path is not None:
            readers[path].append(reader)
    folders = {path.folder for path in states.sources if path.folder}
    for path in tree:
        if path.folder in folders and _LOOKS_LIKE_VALUES.search(path):
            readers.setdefault(path, [])
    return tuple(ValuesUse(path, tuple(dict.fromkeys(names))) for path, names in sorted(readers.items()) if path in tree)


def _templates(
    tree: Tree, states: States, releases: tuple[Release, ...], environment_values: Sequence[EnvironmentValues]
) -> list[RepoPath]:
    """Everything that helmfile may render: state files, templates of releases and of environments, helpers beside them."""
    mentioned = [path for r in releases for m in (*r.values, *r.files, *r.patches) for path in files_of(tree, r, m)]
    mentioned += [v.path for v in environment_values if v.path is not None and v.path in tree]
    mentioned += [
        path for v in environment_values if v.path is None and v.text for path in files_like(tree, states.root.folder, v.text)
    ]
    rendered = [*states.sources, *(path for path in mentioned if path.endswith(".gotmpl"))]
    folders = {path.folder for path in rendered}
    helpers = [path for path in tree if path.folder in folders and path.name.startswith("_") and path.endswith(".tpl")]
    return list(dict.fromkeys([*rendered, *helpers]))


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


def _hooks(states: States, releases: tuple[Release, ...], hidden: Sequence[Place], settings: Settings) -> list[Finding]:
    severity = Severity.WARNING if settings.run_commands else Severity.BLOCKING
    hint = "" if settings.run_commands else "give --run-commands if you trust this repository"
    of_releases = [(r.state, r.line, "a hook of this release runs a command") for r in releases if r.hooks]
    of_states = [(f.path, 0, "hooks of this state file run commands") for f in states.files if f.hooks]
    found = [*of_releases, *of_states, *hidden]
    return [Finding("executes-commands", severity, path, line, f"{text}, also for a proof", hint) for path, line, text in found]


def _effective(release: Release, releases: Sequence[Release], built: Built) -> Mapping[str, Mapping[str, object]]:
    """What `helmfile build` says of a release; it lists the releases of a state file in the file's own order."""
    siblings = [other for other in releases if other.state == release.state]
    found = {}
    for environment, states in built.items():
        for state in states if not isinstance(states, Failure) else ():
            if state.source == release.state and len(state.releases) == len(siblings):
                document = state.releases[siblings.index(release)]
                found[environment] = {k: v for k, v in document.items() if k not in MAY_HOLD_SECRETS}
    return MappingProxyType(found)
