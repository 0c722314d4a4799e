"""The part of a tree that helmfile and helm can read, so that the rest need not be written to disk for each proof."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType

from migrate.analyzers.releases import analyze_releases, original
from migrate.analyzers.states import PASSES_ALL, States, discover
from migrate.analyzers.templates import READERS, RUNNERS
from migrate.errors import MigrateError, PathLeavesRepository, UnreadableSource
from migrate.formats.gotemplate import actions
from migrate.formats.state_source import Part
from migrate.formats.yaml_source import Node
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Mode, Tree

_FREE = re.compile(r"(?<![\w.$])(?:" + "|".join((*READERS, *RUNNERS, "fetchSecretValue", "expandSecretRefs")) + r")\b")
_GLOB = re.compile(r"[*?\[{]")
_FILE_URL = re.compile(r"file://([^\s\"'#]+)")
_PATH_KEYS = re.compile(r"^(?:bases|hooks|postRenderer|dependencies|valuesPathPrefix|directory|lockFilePath)$")
_NAMES_FILES = re.compile(r"^(?:values|valuesTemplate|secrets|chart|file|path|strategicMergePatches|jsonPatches|transformers)$")
"""Keys whose value, or the entries of whose list, are paths even if no `/` stands in them."""


def needed(tree: Tree, state_file: str) -> Tree:
    """The tree without the top-level folders that nothing reachable from the state file can name.

    The whole tree wherever that is not certain: a template that reads files or runs commands, a hook, a base, a link or a path
    that leads to another folder, a state file that can't be parsed. Files at the top always stay.
    """
    try:
        states = discover(tree, RepoPath(state_file))
        tops = frozenset(_tops(tree, states))
    except (MigrateError, KeyError, UnicodeDecodeError):
        return tree
    if states.findings or "" in tops:
        return tree
    kept = {path: entry for path, entry in tree.entries.items() if "/" not in path or _top(path) in tops}
    if any(_is_free(tree, path, states) for path in kept):
        return tree
    return Tree(tree.commit, MappingProxyType(kept), tree.reader, tree.fresh)


def _top(path: str) -> str:
    return path.partition("/")[0]


def _tops(tree: Tree, states: States) -> Iterator[str]:
    """The top-level folders that are named; `""` for anything that can't be followed."""
    for source in states.sources.values():
        yield _top(source.path) if source.path.folder else "."
        for part in source.parts:
            for node in part.root.walk():
                if _PATH_KEYS.match(node.value):
                    yield ""
                if node.kind == "scalar" and "/" in (written := part.text[node.start : node.end]):
                    yield "" if "{{" in written else _led_to(source.path.folder, node.value)
                yield from ("" for text in _named(part, node) if actions(text) and not PASSES_ALL.match(text))
    for release in analyze_releases(tree, states):
        yield from ([_top(release.chart_folder)] if release.chart_folder is not None else [])
        yield from (_top(mention.target) for mention in (*release.values, *release.patches) if mention.target)
        yield from _dependencies(tree, release.chart_folder)


def _named(part: Part, node: Node) -> Iterator[str]:
    """What stands in a mapping where a path may stand."""
    for key, value in node.pairs:
        if _NAMES_FILES.match(key.value):
            yield from (original(part, found) for found in (value, *value.items))


def _dependencies(tree: Tree, folder: str | None) -> Iterator[str]:
    """Where `file://` dependencies of a chart lead, read off the text: a commented-out one costs only a folder more."""
    for name in ("Chart.yaml", "requirements.yaml"):
        path = f"{folder}/{name}" if folder else name
        if folder is not None and path in tree:
            found = _FILE_URL.findall(tree.read(path).decode("utf-8", "replace"))
            yield from (_led_to(folder, text) for text in found)


def _led_to(folder: str, text: str) -> str:
    """The top-level folder of a path; `.` for a text that is no path inside the repository, `""` if a glob hides it."""
    try:
        led = _top(resolve(folder, text)) or "."
    except PathLeavesRepository:
        return "."
    return "" if _GLOB.search(led) else led


def _is_free(tree: Tree, path: RepoPath, states: States) -> bool:
    if tree.entries[path].mode is Mode.LINK:
        return _link_leaves_its_top(tree, path)
    helper = path.name.startswith("_") and path.endswith(".tpl") and "/templates/" not in path
    if not helper and not path.endswith(".gotmpl") and path not in states.sources:
        return False
    try:
        return any(_FREE.search(action.code) for action in actions(tree.read(path).decode("utf-8", "replace")))
    except (KeyError, UnreadableSource):
        return True


def _link_leaves_its_top(tree: Tree, path: RepoPath) -> bool:
    try:
        return _top(resolve(path.folder, tree.read(path).decode("utf-8", "replace"))) != _top(path)
    except (KeyError, PathLeavesRepository):
        return True
