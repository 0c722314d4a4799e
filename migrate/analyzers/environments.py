"""The environments that state files declare, their values files in order, and the folders beside them that nobody registers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from os.path import commonpath

from migrate.analyzers.releases import original
from migrate.analyzers.states import States
from migrate.errors import PathLeavesRepository
from migrate.formats.gotemplate import actions
from migrate.formats.state_source import Block, StateSource
from migrate.formats.yaml_source import Node
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import Environment, EnvironmentValues, ValuesState
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Tree

Ignored = Callable[[Sequence[str]], frozenset[str]]


def analyze_environments(tree: Tree, states: States, ignored: Ignored) -> tuple[tuple[Environment, ...], tuple[Finding, ...]]:
    """Every declared environment, the root's first; findings for files that are missing and for paths that lead out."""
    sources = sorted(states.sources.values(), key=lambda source: source.path != states.root)
    named = [text for source in sources for text in _paths(source)]
    hidden = ignored(named) if named else frozenset()
    found = [env for source in sources for env in _Reader(tree, source, hidden, states).environments()]
    return tuple(found), tuple(_missing(found))


def analyze_defaults(tree: Tree, states: States) -> tuple[EnvironmentValues, ...]:
    """The entries of the root's top-level `values:`, in order: values below those of every environment."""
    root = states.sources.get(states.root)
    if root is None:
        return ()
    reader = _Reader(tree, root, frozenset(), states)
    return tuple(reader.values(block, entry) for block in root.blocks("values") for entry in block.value.items)


def named_by_template(source: StateSource) -> Iterator[int]:
    """The lines of environments whose name a template makes: which ones there are can't be told."""
    for block in source.blocks("environments"):
        for node in (key for key, _ in block.value.pairs) if block.value.kind == "mapping" else (block.value,):
            if actions(original(block.part, node)):
                yield source.line(block.part, node)


def path_nodes(block: Block) -> tuple[Node, ...]:
    """The scalars of a top-level `environments:` or `values:` that name files."""
    values = block.value.items if block.key.value == "values" else [e for _, v in block.value.pairs for e in _entries(v)]
    return tuple(node for node in values if node.kind == "scalar")


def _paths(source: StateSource) -> Iterator[str]:
    for block in source.blocks("environments"):
        for entry in path_nodes(block):
            if target := _target(source, entry.value):
                yield target


def _entries(environment: Node) -> tuple[Node, ...]:
    lists = [environment.get("values"), environment.get("secrets")] if environment.kind == "mapping" else []
    return tuple(item for node in lists if node is not None for item in node.items)


def _target(source: StateSource, text: str) -> str | None:
    try:
        return resolve(source.path.folder, text)
    except PathLeavesRepository:
        return None


@dataclass(frozen=True, slots=True)
class _Reader:
    tree: Tree
    source: StateSource
    hidden: frozenset[str]
    states: States

    def environments(self) -> Iterator[Environment]:
        for block in self.source.blocks("environments"):
            for key, value in block.value.pairs:
                values = tuple(self.values(block, entry) for entry in _entries(value))
                yield Environment(key.value, self.source.path, self.source.line(block.part, key), values)

    def values(self, block: Block, entry: Node) -> EnvironmentValues:
        line = self.source.line(block.part, entry)
        written = original(block.part, entry)
        if entry.kind != "scalar" or actions(written) or re.search(r"[*?\[]", written):
            return EnvironmentValues(written, None, line, ValuesState.TRACKED)
        target = _target(self.source, entry.value)
        if target is None:
            message = f"`{entry.value}` leads out of the repository"
            self.states.blocking("path-leaves-repository", self.source.path, line, message)
            return EnvironmentValues(entry.value, None, line, ValuesState.MISSING)
        state = ValuesState.IGNORED if target in self.hidden else ValuesState.MISSING
        return EnvironmentValues(entry.value, RepoPath(target), line, ValuesState.TRACKED if target in self.tree else state)


def _missing(environments: Sequence[Environment]) -> Iterator[Finding]:
    for environment in environments:
        for values in environment.values:
            if values.state is not ValuesState.TRACKED:
                message = f"environment `{environment.name}` needs {values.text}, which is {values.state.value}"
                hint = f"lend it to the proof with --env-file {environment.name}=PATH; `apply` says how it gets to its new place"
                slug = "environment-file-missing"
                yield Finding(slug, Severity.WARNING, environment.declared_in, values.line, message, hint)


def environments_folder(environments: Sequence[Environment]) -> str:
    """The folder that all values files of environments share; `""` if they share none."""
    folders = {values.path.folder for environment in environments for values in environment.values if values.path}
    shared = commonpath(folders) if folders and "" not in folders else ""
    only_one = len(folders) == 1 and len(environments) == 1
    return shared.rpartition("/")[0] if only_one else shared


def environments_alone(environments: Sequence[Environment], states: Iterable[RepoPath]) -> str:
    """The folder that holds environments and nothing else: `environments_folder`, unless helmfiles lie below it too."""
    folder = environments_folder(environments)
    return "" if any(path.is_below(folder) for path in states) else folder


def unregistered(tree: Tree, environments: Sequence[Environment], folder: str) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Folders (or files) beside the environments' in their `folder` that no state file names; others may still write them."""
    if not folder:
        return (), ()
    named = {values.path for environment in environments for values in environment.values if values.path}
    heads = {path.relative_to(folder).partition("/")[0] for path in named if path.is_below(folder)}
    loose = {path.relative_to(folder).partition("/")[0] for path in tree.below(folder)} - heads
    found = tuple(f"{folder}/{head}" for head in sorted(loose))
    return found, tuple(_unregistered(path if len(files := tree.below(path)) != 1 else files[0]) for path in found)


def _unregistered(path: str) -> Finding:
    message = "lies beside the environments, and no helmfile names it"
    hint = "it is carried along; look in `git log` for who writes it before you remove it"
    return Finding("environment-not-registered", Severity.WARNING, path, 0, message, hint)
