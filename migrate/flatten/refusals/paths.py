"""Paths of a release that can't be respelt surely (10), and keys that no helmfile knows."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.analyzers.chart_kind import without_credentials
from migrate.analyzers.releases import original
from migrate.flatten.refusals.subject import Subject, block
from migrate.formats.state_source import Part, StateSource, sequence
from migrate.formats.yaml_source import Node
from migrate.model.findings import Finding
from migrate.model.inventory import Release

RELEASE_KEYS = frozenset(
    "adopt apiVersions atomic cascade chart chartPath cleanupOnFail condition createNamespace deleteTimeout"
    " deleteWait dependencies devel directory disableOpenAPIValidation disableValidation disableValidationOnInstall"
    " enableDNS env force forceGoGetter forceNamespace historyMax hooks inherit insecureSkipTLSVerify installed"
    " installedTemplate jsonPatches keyring kubeContext kubeVersion labels missingFileHandler"
    " missingFileHandlerConfig name namespace needs plainHttp postRenderer postRendererArgs recreatePods reuseValues"
    " secrets set setString setTemplate skipDeps skipSchemaValidation strategicMergePatches suppressDiff"
    " suppressOutputLineRegex timeout transformers values valuesPathPrefix valuesTemplate verify verifyTemplate"
    " version wait waitForJobs waitTemplate <<".split()
)
"""the keys of ReleaseSpec (pkg/state/state.go of helmfile 0.166.0 and 1.7.4), those that both sides of a proof can mean"""


def release_keys(subject: Subject) -> Iterator[Finding]:
    """A key that helmfile refuses, with its line."""
    for source, part, item in _releases(subject):
        for name, _ in item.pairs:
            if name.value not in RELEASE_KEYS:
                line = source.line(part, name)
                yield block("unknown-key", source.path, line, f"`{name.value}` is no key of a release", "helmfile refuses it too")


def release_paths(subject: Subject) -> Iterator[Finding]:
    """Commands of hooks, post-renderers and the like that name files by a path from the state file's folder."""
    for source, part, item in _releases(subject):
        for node in _path_nodes(item):
            text = original(part, node)
            if _is_relative(text) or ("{{" in text and "/" in text):
                message = f"`{text}` is a path from {source.path.folder or 'the top'}, and afterwards it runs in another"
                hint = "name a command on PATH, or an absolute path"
                yield block("unmapped-path", source.path, source.line(part, node), message, hint)
        for key in ("valuesPathPrefix", "directory"):
            prefix = item.get(key)
            if prefix is not None:
                message = f"`{key}` is put before other paths"
                yield block("unmapped-path", source.path, source.line(part, prefix), message, "write the paths out")


def _releases(subject: Subject) -> Iterator[tuple[StateSource, Part, Node]]:
    for source in subject.states.sources.values():
        for found in source.blocks("releases"):
            for item in sequence(found):
                if item.kind == "mapping":
                    yield source, found.part, item


def _path_nodes(item: Node) -> Iterator[Node]:
    hooks, dependencies = item.get("hooks"), item.get("dependencies")
    for hook in hooks.items if hooks is not None else ():
        command, arguments = hook.get("command"), hook.get("args")
        yield from ([command] if command is not None else [])
        yield from (arguments.items if arguments is not None else ())
    renderer = item.get("postRenderer")
    yield from ([renderer] if renderer is not None else [])
    for dependency in dependencies.items if dependencies is not None else ():
        chart = dependency.get("chart")
        if chart is not None and chart.value.startswith("."):
            yield chart


def _is_relative(text: str) -> bool:
    plain = text.strip()
    if plain.startswith(("./", "../")):
        return True
    return "/" in plain and not plain.startswith(("/", "-")) and "://" not in plain and " " not in plain


def remote_charts(subject: Subject) -> Iterator[Finding]:
    """Charts that lie in no folder here and were not pulled: a release with such a chart can't be proved."""
    for source in subject.with_releases():
        releases = [r for r in subject.inventory.releases if r.state == source.path and _is_remote(r)]
        releases = [r for r in releases if (r.state, r.line) not in subject.pulled.charts]
        if releases:
            named = ", ".join(dict.fromkeys(_with_reason(subject, release) for release in releases))
            message = f"these charts are not in the repository, and were not pulled, so nothing can be proved of them: {named}"
            hint = "run it again where their origin can be reached, or put them into the repository first (`helm pull --untar`)"
            yield block("chart-not-here", source.path, releases[0].line, message, hint)


def _with_reason(subject: Subject, release: Release) -> str:
    reason = subject.pulled.missing.get((release.state, release.line), "")
    return without_credentials(release.chart) + (f" ({reason})" if reason else "")


def _is_remote(release: Release) -> bool:
    chart = release.chart
    return release.chart_folder is None and bool(chart) and "{{" not in chart and not chart.startswith((".", "/"))
