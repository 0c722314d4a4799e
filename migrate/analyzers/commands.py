"""Commands that a repository brings by ways that nothing else follows: release templates, bases, files that are read in.

helmfile runs a program that is named by its absolute path wherever it comes to one, so a way that can't be followed counts too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrate.analyzers.states import REMOTE, States
from migrate.analyzers.templates import READERS, RUNNERS
from migrate.errors import PathLeavesRepository, UnreadableSource
from migrate.formats.gotemplate import actions, literals
from migrate.formats.state_source import Part, StateSource, sequence
from migrate.formats.yaml_source import Node
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Tree

DATA = frozenset({"values", "valuesTemplate", "set", "setString", "setTemplate", "secrets", "labels", "environments"})
"""Keys below which a key `hooks` means nothing to helmfile."""
UNTOLD = frozenset({"templated-path", "remote-state"})
_HOOKS = re.compile(r"""(?m)^[\s\[{-]*["']?hooks["']?\s*:|["']hooks["']\s*:""")
_TEMPLATE = re.compile(r"\.gotmpl$|(^|/)_[^/]*\.tpl$")

Place = tuple[RepoPath, int, str]


def hidden_commands(tree: Tree, states: States, rendered: Iterable[RepoPath]) -> Iterator[Place]:
    """Where helmfile would run something that neither the releases' own hooks nor the templates in `rendered` show."""
    for finding in states.findings:
        if finding.slug in UNTOLD:
            yield RepoPath(finding.path), finding.line, "it can't be told which helmfile is loaded here, which may run commands"
    bases = tuple(_bases(tree, states))
    yield from ((path, line, "a base that can't be followed here may run commands") for path, line, base in bases if base is None)
    loaded = [*states.sources.values(), *(base for _, _, base in bases if base is not None)]
    for source in loaded:
        yield from _hooks(source, own=source.path in states.sources)
    read = tuple(dict.fromkeys(path for source in loaded for path in _read(tree, source)))
    for path in read:
        yield from _in_fragment(tree, path)
    templates = (path for path in tree if _TEMPLATE.search(path) and not _of_chart(tree, path))
    for path in dict.fromkeys((*(source.path for source in loaded), *read, *templates)):
        yield from () if path in rendered else _runs(tree, path)


def _bases(tree: Tree, states: States) -> Iterator[tuple[RepoPath, int, StateSource | None]]:
    for state in states.sources.values():
        for block in state.blocks("bases"):
            for item in sequence(block):
                line = state.line(block.part, item)
                yield (base.path, 0, base) if (base := _base(tree, state, block.part, item)) else (state.path, line, None)


def _base(tree: Tree, state: StateSource, part: Part, item: Node) -> StateSource | None:
    if "{{" in part.text[item.start : item.end] or REMOTE.match(item.value):
        return None
    try:
        path = RepoPath(resolve(state.path.folder, item.value))
        found = StateSource.parse(path, tree.read(path))
    except (PathLeavesRepository, UnreadableSource, KeyError):
        return None
    return None if found.blocks("bases") else found


def _hooks(source: StateSource, *, own: bool) -> Iterator[Place]:
    """Hooks below any key that helmfile reads; those of a state file and of its releases are told elsewhere."""
    for part in source.parts:
        for key, value in part.root.pairs:
            told = own and key.value == "hooks" and value.kind == "sequence"
            for node, inside in _below(part, key, value):
                of_release = own and key.value == "releases" and inside is not None and inside.kind == "sequence"
                if not told and not of_release:
                    message = "hooks of this key" if inside is not None else "a key that a template makes may be `hooks`, which"
                    yield source.path, source.line(part, node), f"{message} run commands"


def _below(part: Part, key: Node, value: Node) -> Iterator[tuple[Node, Node | None]]:
    """The keys `hooks` with their value, and keys that a template makes, at and below a key."""
    if "{{" in part.text[key.start : key.end]:
        yield key, None
    elif key.value == "hooks":
        if value.items or value.pairs or (value.kind == "scalar" and value.start != value.end):
            yield key, value
    elif key.value not in DATA:
        for child in (value, *value.items):
            for name, node in child.pairs:
                yield from _below(part, name, node)


def _read(tree: Tree, source: StateSource) -> Iterator[RepoPath]:
    for action in actions(source.text):
        for function in READERS:
            for argument in literals(action, function):
                try:
                    path = RepoPath(resolve(source.path.folder, argument or ""))
                except PathLeavesRepository:
                    continue
                if path in tree:
                    yield path


def _in_fragment(tree: Tree, path: RepoPath) -> Iterator[Place]:
    text = tree.read(path).decode("utf-8", "replace")
    found = _HOOKS.search(text)
    if found:
        yield path, text.count("\n", 0, found.end()) + 1, "a helmfile reads this file, whose hooks run commands"


def _of_chart(tree: Tree, path: RepoPath) -> bool:
    folders = path.split("/")[:-1]
    return any(f"{'/'.join(folders[:n])}/Chart.yaml" in tree for n in range(1, len(folders) + 1) if "templates" in folders[n:])


def _runs(tree: Tree, path: RepoPath) -> Iterator[Place]:
    try:
        text = tree.read(path).decode("utf-8-sig")
        found = actions(text, path)
    except (UnicodeDecodeError, KeyError, UnreadableSource):
        return
    for action in found:
        for name in RUNNERS:
            if literals(action, name):
                line = text.count("\n", 0, action.start) + 1
                yield path, line, f"`{name}` runs a command if a helmfile comes to render this file"
