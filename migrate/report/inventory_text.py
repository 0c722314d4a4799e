"""The inventory as text."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.model.charts import Chart
from migrate.model.facts import Failure
from migrate.model.inventory import Inventory, Release, ValuesState
from migrate.report.findings_text import findings_text


def inventory_text(inventory: Inventory, *, verbose: bool = False) -> str:
    """State files, environments, releases, values files, charts, repositories, findings (`verbose`: each of many alike)."""
    sections = (_states, _environments, _releases, _values, _charts, _repositories)
    lines = [f"Inventory of commit {inventory.commit[:12]}", ""]
    for section in sections:
        lines += [*section(inventory), ""]
    return "\n".join([*lines, *findings_text(inventory.findings, verbose=verbose)]).rstrip("\n") + "\n"


def _states(inventory: Inventory) -> Iterator[str]:
    yield f"Helmfiles: {len(inventory.states)}"
    for state in inventory.states:
        by = state.reached_by
        how = f"loaded by {by.parent}:{by.line}" if by else "the root"
        passed = " with all values" if by and by.passes_all else ""
        hooks = f", {state.hooks} hooks" if state.hooks else ""
        yield f"  {state.path}  ({how}{passed}{hooks})"


def _environments(inventory: Inventory) -> Iterator[str]:
    yield f"Environments: {len(inventory.environments)}"
    for environment in inventory.environments:
        built = inventory.built.get(environment.name)
        loads = "" if built is None else f"  does not load: {built.message}" if isinstance(built, Failure) else "  loads"
        yield f"  {environment.name}  ({environment.declared_in}:{environment.line}){loads}"
        for values in environment.values:
            state = "" if values.state is ValuesState.TRACKED else f"  ({values.state.value})"
            yield f"    {values.text or 'inline values'}{state}"
    for path in inventory.unregistered:
        yield f"  {path}  (registered nowhere)"


def _releases(inventory: Inventory) -> Iterator[str]:
    yield f"Releases: {len(inventory.releases)}"
    for release in inventory.releases:
        labels = ", ".join(f"{key}={value}" for key, value in release.labels)
        yield f"  {release.name}  (namespace {release.namespace or 'none'}, {release.state}:{release.line})"
        yield f"    chart {release.chart}" + (f" = {release.chart_folder}/" if release.chart_folder else " (remote)")
        files = [mention.text for mention in release.values] + ["inline values"] * release.inline_values
        yield f"    values {', '.join(files) or 'none'}; labels {labels or 'none'}"
        settings = _settings(release)
        if settings:
            yield f"    {settings}"
        for patch in release.patches:
            yield f"    patch {patch.text}"


def _settings(release: Release) -> str:
    """The flags of a release; one that differs between environments is named with each."""
    shown = ("wait", "waitForJobs", "timeout", "atomic", "createNamespace", "condition", "installed", "needs", "version")
    parts = [f"hooks: {release.hooks}"] if release.hooks else []
    for key in shown:
        seen = {_shown(document[key]): name for name, document in release.effective.items() if key in document}
        if len(seen) == 1:
            parts.append(f"{key}: {next(iter(seen))}")
        elif seen:
            parts.append(f"{key}: " + " / ".join(f"{value} ({name} …)" for value, name in seen.items()))
    if release.condition and not release.effective:
        parts.append(f"condition: {release.condition}")
    return ", ".join(parts)


def _shown(setting: object) -> str:
    """A setting as YAML would have it."""
    if isinstance(setting, bool):
        return str(setting).lower()
    return ", ".join(map(str, setting)) if isinstance(setting, list | tuple) else str(setting)


def _values(inventory: Inventory) -> Iterator[str]:
    yield f"Values files: {len(inventory.values)}"
    for use in inventory.values:
        yield f"  {use.path}  ({', '.join(use.read_by) or 'no helmfile names it'})"


def _charts(inventory: Inventory) -> Iterator[str]:
    yield f"Charts: {len(inventory.charts)}"
    for chart in inventory.charts:
        yield f"  {chart.name} {chart.version}  ({chart.kind.value}, {_place(chart)})"
        yield from (f"    {evidence}" for evidence in chart.evidence)
        if chart.nested:
            yield "    holds " + ", ".join(f"{nested.name} {nested.version}".strip() for nested in chart.nested)


def _place(chart: Chart) -> str:
    return f"{chart.folder}/, {chart.file_count} files" if chart.folder is not None else "no folder here"


def _repositories(inventory: Inventory) -> Iterator[str]:
    yield f"Repositories: {len(inventory.repositories)}"
    for repository in inventory.repositories:
        yield f"  {repository.name}  ({'oci' if repository.oci else 'classic'}, {repository.state}:{repository.line})"
