"""The releases as their state files write them, and the repositories that the state files name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrate.analyzers.chart_kind import without_credentials
from migrate.analyzers.states import REMOTE, States
from migrate.errors import PathLeavesRepository
from migrate.formats.gotemplate import actions
from migrate.formats.state_source import Part, StateSource, sequence
from migrate.formats.yaml_source import Node
from migrate.model.inventory import PathMention, Release, Repository
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Tree

PATCHES = ("strategicMergePatches", "jsonPatches", "transformers")


def analyze_releases(tree: Tree, states: States) -> tuple[Release, ...]:
    """All releases in the order in which helmfile reaches them (subs before their parent)."""
    ordered = [states.sources[file.path] for file in states.files]
    return tuple(release for source in ordered for release in _of_state(tree, source))


def analyze_repositories(states: States) -> tuple[Repository, ...]:
    """All `repositories:` entries in the same order."""
    found = []
    for file in states.files:
        source = states.sources[file.path]
        for block in source.blocks("repositories"):
            for item in sequence(block):
                oci = item.text("oci") == "true"
                url = without_credentials(original(block.part, item.get("url")))
                found.append(Repository(item.text("name"), url, oci, source.path, source.line(block.part, item)))
    return tuple(found)


def _of_state(tree: Tree, source: StateSource) -> Iterator[Release]:
    for block in source.blocks("releases"):
        for item in sequence(block):
            if item.kind == "mapping":
                yield _release(tree, source, block.part, item)


def _release(tree: Tree, source: StateSource, part: Part, item: Node) -> Release:
    labels = item.get("labels")
    values = item.get("values")
    entries = values.items if values is not None else ()
    patches = [entry for key in PATCHES if (node := item.get(key)) is not None for entry in node.items]
    hooks, needs = item.get("hooks"), item.get("needs")
    chart = original(part, item.get("chart"))
    folder = local_chart(tree, source.path.folder, chart)
    return Release(
        state=source.path,
        line=source.line(part, item),
        name=original(part, item.get("name")),
        namespace=original(part, item.get("namespace")),
        chart=chart if folder is not None else without_credentials(chart),
        chart_folder=folder,
        labels=tuple((name.value, original(part, value)) for name, value in labels.pairs) if labels is not None else (),
        label_lines={name.value: source.line(part, name) for name, _ in labels.pairs} if labels is not None else {},
        condition=original(part, item.get("condition")),
        values=tuple(mention(source, part, entry) for entry in entries if not is_inline(part, entry)),
        inline_values=sum(is_inline(part, entry) for entry in entries),
        hooks=len(hooks.items) if hooks is not None else 0,
        patches=tuple(mention(source, part, entry) for entry in patches if entry.kind == "scalar"),
        context=original(part, item.get("kubeContext")),
        files=tuple(mention(source, part, entry) for entry in (*_other_files(item), *_of_arguments(tree, source, part, item))),
        needs=tuple(original(part, entry) for entry in needs.items) if needs is not None else (),
        version=original(part, item.get("version")),
    )


def _other_files(item: Node) -> list[Node]:
    """The files of `secrets:` and of `set:` entries with `file:`."""
    secrets, settings = item.get("secrets"), item.get("set")
    found = [entry for entry in secrets.items if entry.kind == "scalar"] if secrets is not None else []
    named = [setting.get("file") for setting in settings.items] if settings is not None else []
    return [*found, *(node for node in named if node is not None)]


def _of_arguments(tree: Tree, source: StateSource, part: Part, item: Node) -> Iterator[Node]:
    """The words of `keyring` and `postRendererArgs` that name a tracked file from the state file's folder."""
    keyring, words = item.get("keyring"), item.get("postRendererArgs")
    for node in (*([keyring] if keyring is not None else ()), *(words.items if words is not None else ())):
        if resolved(source.path.folder, original(part, node)) in tree:
            yield node


def files_of(tree: Tree, release: Release, mention: PathMention) -> tuple[RepoPath, ...]:
    """The tracked files that a path of a release can mean: one, or with `{{ .Environment.Name }}` or a glob in it, several."""
    if mention.target:
        return (mention.target,) if mention.target in tree else ()
    return files_like(tree, release.state.folder, mention.text)


def files_like(tree: Tree, folder: str, text: str) -> tuple[RepoPath, ...]:
    """The tracked files that a path with `{{ .Environment.Name }}` or a glob in it can mean, sorted."""
    try:
        pattern = glob_of(folder, text)
    except PathLeavesRepository:
        return ()
    return tuple(path for path in sorted(tree) if pattern and re.fullmatch(pattern, path))


def meant(paths: Iterable[RepoPath], folder: str, text: str, environment: str) -> frozenset[RepoPath]:
    """Which of the paths a text means in an environment: the one that it names, or all that its glob matches."""
    for action in reversed(actions(text)):
        text = text[: action.start] + environment + text[action.end :]
    pattern = re.compile(re.escape(resolve(folder, text)).replace(r"\*", "[^/]*"))
    return frozenset(path for path in paths if pattern.fullmatch(path))


def fixed_part(text: str) -> str:
    """The folders of a path that stand before any template action or glob in it, with the last `/`; may be empty."""
    cut = min([a.start for a in actions(text)] + [m.start() for m in re.finditer(r"[*?\[]", text)], default=len(text))
    return text[: text.rfind("/", 0, cut) + 1]


def glob_of(folder: str, text: str) -> str | None:
    """A pattern for what a path with `{{ .Environment.Name }}` or a glob in its text can mean; None if it can't be told."""
    literal = text
    for action in reversed(actions(text)):
        if action.body != ".Environment.Name":
            return None
        literal = literal[: action.start] + "*" + literal[action.end :]
    if "*" not in literal:
        return None
    return re.escape(resolve(folder, literal)).replace(r"\*", "[^/]*")


def original(part: Part, node: Node | None) -> str:
    """A scalar's value; its source text (without quotes) if it holds a template action; empty for a missing one."""
    if node is None or node.kind != "scalar":
        return ""
    raw = part.text[node.start : node.end]
    if "{{" not in raw:
        return node.value
    return raw[1:-1] if node.style in ("'", '"') else raw


def is_inline(part: Part, entry: Node) -> bool:
    """Whether an entry of `values:` is a map or is made by a template, and names no file."""
    raw = part.text[entry.start : entry.end].strip()
    return entry.kind != "scalar" or (raw.startswith("{{") and raw.endswith("}}") and "toYaml" in raw)


def mention(source: StateSource, part: Part, entry: Node) -> PathMention:
    """A path as a state file writes it, resolved from the state file's folder."""
    text = original(part, entry)
    return PathMention(text, resolved(source.path.folder, text), source.line(part, entry))


def resolved(folder: str, text: str) -> RepoPath | None:
    """Where a plain path leads; None for a template, a glob, a remote one, and one that leaves the repository."""
    if not text or actions(text) or REMOTE.match(text) or any(sign in text for sign in "*?["):
        return None
    try:
        target = resolve(folder, text)
    except PathLeavesRepository:
        return None
    return RepoPath(target) if target else None


def local_chart(tree: Tree, folder: str, chart: str) -> str | None:
    """The folder of a local chart. An existing folder goes before a repository of that name (state/util.go of 0.166)."""
    if not chart or actions(chart) or REMOTE.match(chart):
        return None
    try:
        target = resolve(folder, chart)
    except PathLeavesRepository:
        return None
    return target if tree.is_folder(target) else None
