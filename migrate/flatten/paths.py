"""How the new state file names things: every path text of a legacy state file and what it becomes."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.analyzers.releases import files_like, files_of, fixed_part, glob_of, meant
from migrate.analyzers.states import REMOTE
from migrate.errors import PathLeavesRepository
from migrate.flatten.chart_folders import is_inside
from migrate.flatten.ground import Ground
from migrate.flatten.placement import environment_target, readers_of
from migrate.flatten.places import Places
from migrate.formats.gotemplate import actions
from migrate.model.case import DEFAULT_ENVIRONMENT
from migrate.model.charts import Chart
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import EnvironmentValues, PathMention, Release
from migrate.model.paths import RepoPath, relative, resolve


def chart_text(ground: Ground, folders: dict[str, str], release: Release) -> str | None:
    """The new text of a release's chart; always `./…`, which helmfile takes for a local folder. None for a remote chart."""
    if release.chart_folder is None:
        return None
    target = folders.get(release.chart_folder)
    return "./" + relative(target, ground.layout.folder) if target else None


def chart_problem(ground: Ground, places: Places, release: Release) -> tuple[str, str]:
    """Slug and message of what is wrong with a chart that is no folder that can be moved; empty if nothing is."""
    chart = release.chart
    if release.chart_folder == "":
        return "chart-missing", f"`{chart}` is the whole repository, which can't be moved into itself"
    if "{{" in chart:
        return "templated-path", f"`{chart}`: which chart it is depends on a template"
    if not chart or chart.startswith((".", "/")):
        return "chart-missing", f"`{chart}` is no folder of the repository"
    shadow = resolve(ground.layout.folder, chart) if not REMOTE.match(chart) else ""
    if shadow and any(place.is_below(shadow) for place in places.taken):
        return "target-clash", f"helmfile would take the new folder {shadow} for the chart `{chart}`"
    return "", ""


def lock_findings(ground: Ground) -> Iterator[Finding]:
    """A helmfile.lock beside a state file gives its remote charts their versions; in one flat file it would be another."""
    charts = ground.pulled.charts
    for state in {r.state: None for r in ground.inventory.releases if r.chart_folder is None and (r.state, r.line) not in charts}:
        for path in (f"{state.rpartition('.')[0]}.lock", f"{state.partition('.')[0]}.lock"):
            if path in ground.tree:
                message = "it gives the charts of one helmfile their versions, and a flat helmfile has another lock"
                hint = "write the locked versions on the releases, and remove it"
                yield Finding("lock-file", Severity.BLOCKING, path, 0, message, hint)


def release_paths(ground: Ground, places: Places, release: Release) -> tuple[dict[str, str], list[Finding]]:
    """Old text -> new text for values and patches of a release; a finding `unmapped-path` for one that can't be told."""
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    for mention in (*release.values, *release.files, *release.patches):
        new = _new_text(ground, places, release, mention)
        if new is None:
            findings.append(_unmapped(release, mention))
        else:
            texts[mention.text] = new
    return texts, findings


def _unmapped(release: Release, mention: PathMention) -> Finding:
    try:
        resolve(release.state.folder, mention.text)
    except PathLeavesRepository as error:
        return Finding(
            "path-leaves-repository", Severity.BLOCKING, release.state, mention.line, error.message, "bring the file in"
        )
    message = f"it can't be told which files `{mention.text}` means"
    return Finding("unmapped-path", Severity.BLOCKING, release.state, mention.line, message, "name a file")


def _new_text(ground: Ground, places: Places, release: Release, mention: PathMention) -> str | None:
    folder = ground.layout.folder
    if mention.target:
        target = places.target(mention.target)
        return relative(target or mention.target, folder)
    try:
        if not glob_of(release.state.folder, mention.text):
            return None
    except PathLeavesRepository:
        return None
    files = files_of(ground.tree, release, mention)
    if len(files) == 1 and not actions(mention.text):
        return relative(places.target(files[0]) or files[0], folder)
    return _respell(ground, places, files, mention.text, release.state.folder)


def _respell(ground: Ground, places: Places, files: tuple[RepoPath, ...], text: str, old_folder: str) -> str | None:
    """The fixed part of a text with a template or glob in it, respelt if all files it means moved alike."""
    head = fixed_part(text)
    tail = text.removeprefix(head)
    base = resolve(old_folder, head or ".")
    bases = set()
    for path in files:
        target = places.target(path)
        rest = path.relative_to(base)
        if target is None or not target.endswith("/" + rest):
            return None
        bases.add(target.removesuffix("/" + rest))
    if len(bases) != 1:
        return None
    new = relative(bases.pop(), ground.layout.folder) + "/" + tail
    return new if _means_the_same(ground, places, (old_folder, text), (ground.layout.folder, new)) else None


def _means_the_same(ground: Ground, places: Places, old: tuple[str, str], new: tuple[str, str]) -> bool:
    """Whether it means the same files in each environment: a new folder may hold others that a glob matches."""
    names = {e.name for e in ground.inventory.environments} | {DEFAULT_ENVIRONMENT}
    everything = frozenset((*ground.tree, *places.taken))
    return all(
        {places.target(path) or path for path in meant(ground.tree, *old, name)} == meant(everything, *new, name)
        for name in names
    )


def environment_texts(ground: Ground, places: Places) -> tuple[dict[str, str], list[Finding]]:
    """Old text -> new text for the values files of the root's environments, also for those that are in no commit."""
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    for text, path, line in _named(ground):
        target = places.target(path) or (
            None if path in ground.tree else environment_target(ground, path, readers_of(ground, path))
        )
        new = relative(target or path, ground.layout.folder)
        if texts.setdefault(text, new) != new:
            message = f"`{text}` would become two paths"
            findings.append(Finding("unmapped-path", Severity.BLOCKING, ground.inventory.root, line, message, ""))
    for values in _of_root(ground):
        if values.path is None and values.text:
            new_text = _environment_glob(ground, places, values.text)
            if new_text is None:
                message = f"it can't be told which files `{values.text}` means"
                where = (ground.inventory.root, values.line)
                findings.append(Finding("unmapped-path", Severity.BLOCKING, *where, message, "name a file"))
            else:
                texts[values.text] = new_text
    return texts, findings


def _named(ground: Ground) -> Iterator[tuple[str, RepoPath, int]]:
    for values in _of_root(ground):
        if values.path is not None:
            yield values.text, values.path, values.line


def _of_root(ground: Ground) -> Iterator[EnvironmentValues]:
    yield from ground.inventory.defaults
    for environment in ground.inventory.environments:
        if environment.declared_in == ground.inventory.root:
            yield from environment.values


def _environment_glob(ground: Ground, places: Places, text: str) -> str | None:
    files = files_like(ground.tree, ground.inventory.root.folder, text)
    return _respell(ground, places, files, text, ground.inventory.root.folder) if files else None


def dependency_findings(ground: Ground, folders: dict[str, str]) -> Iterator[Finding]:
    """Charts whose `file://` dependencies would no longer resolve at their new places."""
    by_folder: dict[str | None, Chart] = {chart.folder: chart for chart in ground.inventory.charts}
    for folder, target in folders.items():
        chart = by_folder.get(folder)
        for dependency in chart.dependencies if chart else ():
            if dependency.folder is None or chart is None or is_inside(dependency.folder, folder):
                continue
            new = folders.get(dependency.folder)
            if new is None or relative(new, target) != relative(dependency.folder, folder):
                message = f"dependency {dependency.name} ({dependency.repository}) would not be found from {target}"
                hint = "put the two charts side by side, or vendor the dependency"
                yield Finding("chart-dependency-breaks", Severity.BLOCKING, chart.manifest or "", dependency.line, message, hint)
