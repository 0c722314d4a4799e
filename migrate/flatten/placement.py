"""Place every legacy file: charts, environments, values, patches, and what lies beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from migrate.analyzers.environments import environments_alone
from migrate.analyzers.releases import files_like, files_of, fixed_part
from migrate.flatten.chart_folders import chart_folders, is_inside
from migrate.flatten.ground import CUSTOM, ENVIRONMENTS, EXTERNAL, STATE, Ground
from migrate.flatten.places import Places
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import Release
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Tree

__all__ = ["STATE", "Ground", "chart_folders", "environment_target", "helpers_beside", "place_all", "readers_of"]

_EXTENSION = re.compile(r"\.(?:ya?ml(?:\.gotmpl)?|gotmpl|json|hcl)$")


def place_all(ground: Ground) -> Places:
    """The whole mapping. State files themselves have no place: they become one."""
    places = Places(ground.tree)
    states = {state.path for state in ground.inventory.states}
    _place_charts(ground, places, states)
    _place_environments(ground, places)
    _place_release_files(ground, places)
    _place_beside_environments(ground, places, states)
    _place_rest(ground, places, states)
    places.check_links()
    return places


def _place_charts(ground: Ground, places: Places, states: set[RepoPath]) -> None:
    folders = chart_folders(ground)
    apps = {state.folder for state in states}
    for folder, target in folders.items():
        external = target.startswith(ground.layout.external_charts + "/")
        reason = "an upstream chart kept here" if external else "an own chart"
        for path in ground.tree.below(folder):
            if path in states or (folder in apps and path.folder == folder and _is_values_of_state(path, ground)):
                continue
            places.put(path, f"{target}/{path.relative_to(folder)}", reason, EXTERNAL if external else CUSTOM)


def _is_values_of_state(path: RepoPath, ground: Ground) -> bool:
    """In a folder that is chart and application at once: is this file the helmfile's rather than the chart's?"""
    named = {m.target for release in ground.inventory.releases for m in (*release.values, *release.patches)}
    return path.name != "values.yaml" and (path.endswith(".gotmpl") or path in named or path.name.endswith(".lock.yaml"))


def _place_environments(ground: Ground, places: Places) -> None:
    environments = ground.inventory.environments
    paths = [values.path for e in environments for values in e.values] + [values.path for values in ground.inventory.defaults]
    for path in dict.fromkeys(paths):
        if path is not None and path in ground.tree:
            names = readers_of(ground, path)
            reason = f"values of {_list(names)}" if names else "values of every environment"
            places.put(path, environment_target(ground, path, names), reason, ENVIRONMENTS)
    for values in (*ground.inventory.defaults, *(v for e in environments for v in e.values)):
        if values.path is None and values.text:
            _place_pattern(ground, places, values.text)


def _place_pattern(ground: Ground, places: Places, text: str) -> None:
    """The files that a glob, or a path with `{{ .Environment.Name }}` in it, can mean."""
    shared = environments_alone(ground.inventory.environments, (state.path for state in ground.inventory.states))
    for path in files_like(ground.tree, ground.inventory.root.folder, text):
        fixed = resolve(ground.inventory.root.folder, fixed_part(text))
        base = shared if shared and is_inside(fixed, shared) else fixed
        places.put(path, f"{ground.layout.environments}/{path.relative_to(base)}", f"values of {text}", ENVIRONMENTS)


def _place_beside_environments(ground: Ground, places: Places, states: set[RepoPath]) -> None:
    shared = environments_alone(ground.inventory.environments, states)
    for path in tuple(places.unplaced(shared)) if shared else ():
        target = f"{ground.layout.environments}/{path.relative_to(shared)}"
        places.put(path, target, "lies beside the environments", ENVIRONMENTS)


def readers_of(ground: Ground, path: RepoPath) -> list[str]:
    """The names of the environments that list a values file; none for one of the root's top-level `values:`."""
    if any(values.path == path for values in ground.inventory.defaults):
        return []
    return [e.name for e in ground.inventory.environments for values in e.values if values.path == path]


def environment_target(ground: Ground, path: RepoPath, names: Sequence[str]) -> str:
    """Where a values file of environments goes; also for one that is in no commit.

    `names` are the environments that read it, for a path that the inventory does not know.
    """
    shared = environments_alone(ground.inventory.environments, (state.path for state in ground.inventory.states))
    if shared and path.is_below(shared):
        tail = path.relative_to(shared)
        if "/" in tail:
            return f"{ground.layout.environments}/{tail}"
    readers = set(readers_of(ground, path) or names)
    folder = readers.pop() if len(readers) == 1 else "common"
    return f"{ground.layout.environments}/{folder}/{path.name}"


def _list(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    word = "environment" if len(unique) == 1 else "environments"
    return f"{word} {', '.join(unique)}"


def _place_release_files(ground: Ground, places: Places) -> None:
    readers: dict[RepoPath, list[Release]] = defaultdict(list)
    for release in ground.inventory.releases:
        for mention in (*release.values, *release.files):
            for path in files_of(ground.tree, release, mention):
                readers[path].append(release)
    shared = [path for path, found in readers.items() if len({(r.namespace, r.name) for r in found}) > 1]
    for release in ground.inventory.releases:
        _place_values(ground, places, release, readers, shared)
        for mention in release.patches:
            for path in files_of(ground.tree, release, mention):
                below = (
                    path.name
                    if mention.target
                    else path.relative_to(resolve(release.state.folder, fixed_part(mention.text) or "."))
                )
                target = f"{ground.layout.patches}/{ground.file_name(release)}/{below}"
                places.put(path, target, f"patch of release {release.name}", EXTERNAL)


def _place_values(
    ground: Ground,
    places: Places,
    release: Release,
    readers: Mapping[RepoPath, list[Release]],
    shared: Sequence[RepoPath],
) -> None:
    own = [path for mention in (*release.values, *release.files) for path in files_of(ground.tree, release, mention)]
    single = len(own) == 1 and bool(release.values) and release.values[0].target == own[0]
    for path in own:
        together = {reader.state for reader in readers[path]} == {release.state} and _needs_folder(ground, path)
        if path in shared and not together:
            target = f"{ground.layout.values}/{_shared_name(path, shared)}"
            places.put(path, target, f"values of {_releases(readers[path])}", ENVIRONMENTS)
        else:
            target = _values_target(ground, release, path, single=single and not _needs_folder(ground, path))
            places.put(path, target, f"values of release {release.name}", ENVIRONMENTS)


def _shared_name(path: RepoPath, shared: Sequence[RepoPath]) -> str:
    """A shared file's place below the values folder; with its old folder's name where another one has the same name."""
    alike = [other for other in shared if other.name == path.name]
    folder = path.folder.rpartition("/")[2]
    return f"common/{folder}/{path.name}" if len(alike) > 1 and folder else f"common/{path.name}"


def _releases(releases: Iterable[Release]) -> str:
    return "releases " + ", ".join(dict.fromkeys(release.name for release in releases))


def _needs_folder(ground: Ground, path: RepoPath) -> bool:
    """A template that reads files keeps its name, so that what lies beside it can lie beside it again."""
    try:
        text = ground.tree.read(path).decode("utf-8", "replace")
    except KeyError:
        return False
    reads = path.endswith(".gotmpl") and bool(re.search(r"\b(readFile|readDir|isFile|isDir)", text))
    return reads or bool(helpers_beside(ground.tree, path))


def helpers_beside(tree: Tree, path: RepoPath) -> list[RepoPath]:
    """The `_*.tpl` files that helmfile loads with a template (tmpl/context_tmpl.go of 0.166): those in its own folder."""
    if not path.endswith(".gotmpl"):
        return []
    return [p for p in tree.below(path.folder) if p.folder == path.folder and p.name.startswith("_") and p.endswith(".tpl")]


def _values_target(ground: Ground, release: Release, path: RepoPath, *, single: bool) -> str:
    name = ground.file_name(release)
    extension = _EXTENSION.search(path.name)
    if single and extension:
        return f"{ground.layout.values}/{name}{extension.group()}"
    siblings = [other for other in ground.inventory.releases if other.state == release.state]
    if len(siblings) > 1 and _needs_folder(ground, path):
        name = ground.group(release.state)
    below = path.relative_to(release.state.folder) if path.is_below(release.state.folder) else path.name
    return f"{ground.layout.values}/{name}/{below.removeprefix('values/')}"


def _place_rest(ground: Ground, places: Places, states: set[RepoPath]) -> None:
    """What else lies in application folders; a folder that holds the root too is no application's."""
    root = ground.inventory.root
    apps = sorted((s for s in states if s.folder and not root.is_below(s.folder)), key=lambda s: (-s.count("/"), s))
    for state in apps:
        releases = [r for r in ground.inventory.releases if r.state == state]
        name = ground.file_name(releases[0]) if len(releases) == 1 else ground.group(state)
        told = _all_told(ground, state, releases)
        for path in tuple(places.unplaced(state.folder)):
            if path in states:
                continue
            below = path.relative_to(state.folder).removeprefix("values/")
            helper = path.name.startswith("_") and path.endswith(".tpl")
            patches = _patches_beside(ground, places, path, state.folder)
            unread = "nothing reads it" if told else "lies beside its helmfile"
            reason = "a helper of the templates beside it" if helper else "lies beside patches" if patches else unread
            target, sub_issue = (patches, EXTERNAL) if patches else (f"{ground.layout.values}/{name}/{below}", ENVIRONMENTS)
            places.put(path, target, reason, sub_issue)
            places.findings += [] if helper else [_unused(path, "patch" if patches else "values file", told=told)]


def _patches_beside(ground: Ground, places: Places, path: RepoPath, top: str) -> str:
    """Where a file goes of whose folder all that has a place are patches of one release; empty for any other file."""
    if path.folder == top:
        return ""
    beside = (places.target(other) for other in ground.tree.below(path.folder) if other.folder == path.folder)
    folders = {target.folder for target in beside if target}
    target = RepoPath(f"{folders.pop()}/{path.name}") if len(folders) == 1 else path
    return target if target.is_below(ground.layout.patches) and target not in places.taken else ""


def _all_told(ground: Ground, state: RepoPath, releases: Sequence[Release]) -> bool:
    """Whether a state file says by itself which files its releases read: no release templates, no path that a template makes."""
    inherited = any(file.path == state and {"templates", "bases"} & {*file.keys} for file in ground.inventory.states)
    made = [m for r in releases for m in (*r.values, *r.files) if "{{" in m.text and not files_of(ground.tree, r, m)]
    return not inherited and not made


def _unused(path: RepoPath, what: str, *, told: bool) -> Finding:
    if told and re.search(r"\.ya?ml(\.gotmpl)?$", path):
        message = f"no helmfile reads this {what}"
        return Finding("values-file-unused", Severity.WARNING, path, 0, message, "it is carried along; remove it if it is dead")
    return Finding("file-carried", Severity.NOTE, path, 0, "lies in an application's folder; it is carried along", "")
