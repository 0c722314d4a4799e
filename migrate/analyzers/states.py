"""Every state file that helmfile reaches from the root, in the order in which it reaches them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from migrate.errors import NoHelmfile, PathLeavesRepository, UnreadableSource
from migrate.formats.gotemplate import actions
from migrate.formats.state_source import Block, StateSource, sequence
from migrate.formats.yaml_source import Node
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import StateEntry, StateFile
from migrate.model.paths import RepoPath, resolve
from migrate.model.tree import Mode, Tree

ROOT_NAMES = ("helmfile.yaml", "helmfile.yaml.gotmpl")
MAX_STATE_BYTES = 2_000_000
_STATE_NAME = re.compile(r"(^|/)helmfile[^/]*\.ya?ml(\.gotmpl)?$")
_LOOSE_STATE = re.compile(r"(^|/)helmfile\.d/[^/]+\.ya?ml(\.gotmpl)?$")
"""What helmfile loads from a folder, in the order of the names, where no helmfile.yaml is there."""
PASSES_ALL = re.compile(r"^\{\{-?\s*toYaml\s+\.Values\s*(\|\s*n?indent\s+\d+\s*)?-?\}\}$")
REMOTE = re.compile(r"^[a-z0-9+]+(::|://)|^git@")


@dataclass(slots=True)
class States:
    """The walk's outcome: state files with their parsed sources, subs before their parent as helmfile runs them."""

    root: RepoPath
    files: list[StateFile] = field(default_factory=list)
    sources: dict[RepoPath, StateSource] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def blocking(self, slug: str, path: str, line: int, message: str, hint: str = "") -> None:
        """Note something that can't be migrated faithfully."""
        self.findings.append(Finding(slug, Severity.BLOCKING, path, line, message, hint))


def discover(tree: Tree, root: RepoPath | None, skip: str = "") -> States:
    """Walk from the root (given, or the one at the top). `skip` is a folder that holds no legacy material.

    NoHelmfile if there is none, or if it isn't clear which of several is the root.
    """
    if root is not None and root not in tree:
        raise NoHelmfile(f"{root} is not in this commit", hint="mend `root:` in migrate.yaml")
    start = root or find_root(tree, skip)
    states = States(start)
    _visit(tree, start, None, states, ())
    return states


def find_root(tree: Tree, skip: str = "") -> RepoPath:
    """The root state file: at the top of the repository, or the only one that is there."""
    at_top = [RepoPath(name) for name in ROOT_NAMES if name in tree]
    if at_top:
        return at_top[0]
    named = [path for path in tree if _STATE_NAME.search(path) and not (skip and path.is_below(skip))]
    if len(named) == 1:
        return named[0]
    if not named and any(_STATE_NAME.search(path) for path in tree):
        raise NoHelmfile(f"every helmfile of this commit lies in {skip}/ already", hint="there is nothing to migrate")
    loose = sorted(path for path in tree if _LOOSE_STATE.search(path))
    if not named and loose:
        raise NoHelmfile(
            f"no helmfile.yaml in this commit, but {loose[0].folder}/, which is not flattened yet",
            hint=f"write a helmfile.yaml with the environments and `helmfiles: [{{path: {loose[0].folder}/*.yaml}}]` first",
            path=loose[0],
        )
    if not named:
        hint = "run it in the repository that holds your helmfiles, or name another commit with --base"
        raise NoHelmfile("no helmfile.yaml in this commit", hint=hint)
    raise NoHelmfile(
        f"{len(named)} helmfiles and none at the top: {', '.join(sorted(named)[:5])}",
        hint="name the one that loads the others as `root:` in migrate.yaml",
    )


def _visit(tree: Tree, path: RepoPath, by: StateEntry | None, states: States, above: tuple[RepoPath, ...]) -> None:
    if path in above:
        chain = " -> ".join([*above[above.index(path) :], path])
        states.blocking("helmfile-cycle", by.parent if by else path, by.line if by else 0, f"helmfiles load each other: {chain}")
        return
    source = _source(tree, path, states)
    if source is None:
        return
    states.sources[path] = source
    entries = tuple(_entries(tree, source, states))
    for entry in entries:
        for target in entry.loads:
            _visit(tree, target, entry, states, (*above, path))
    hooks = sum(len(sequence(block)) for block in source.blocks("hooks"))
    states.files.append(StateFile(path, source.keys, entries, by, hooks))


def _source(tree: Tree, path: RepoPath, states: States) -> StateSource | None:
    if tree.entries[path].mode is Mode.LINK:
        states.blocking("state-file-is-a-link", path, 0, "the helmfile is a symbolic link", "make it a file")
        return None
    try:
        data = tree.read(path)
    except KeyError:
        states.blocking("blob-missing", path, 0, "its content is not in this clone", "fetch it: git fetch --refetch")
        return None
    if len(data) > MAX_STATE_BYTES:
        states.blocking("huge-file", path, 0, f"{len(data)} bytes are too many for a helmfile")
        return None
    try:
        return StateSource.parse(path, data)
    except UnreadableSource as error:
        slug = "binary-yaml" if b"\0" in data else "unreadable-yaml"
        states.blocking(slug, path, error.line, error.message, "mend the file; helmfile can't load it either")
        return None


def _entries(tree: Tree, source: StateSource, states: States) -> Iterator[StateEntry]:
    for block in source.blocks("helmfiles"):
        for item in sequence(block):
            yield _entry(tree, source, block, item, states)


def _entry(tree: Tree, source: StateSource, block: Block, item: Node, states: States) -> StateEntry:
    text = _original(block, item) if item.kind == "scalar" else _original(block, item.get("path"))
    line = source.line(block.part, item)
    values = item.get("values") if item.kind == "mapping" else None
    texts = tuple(_original(block, value) for value in values.items) if values is not None else ()
    passes_all = len(texts) == 1 and bool(PASSES_ALL.match(texts[0].strip()))
    key = item.key("selectors") if item.kind == "mapping" else None
    selectors = source.line(block.part, key) if key is not None else 0
    return StateEntry(source.path, line, text, _expand(tree, source.path, text, line, states), texts, passes_all, selectors)


def _original(block: Block, node: Node | None) -> str:
    if node is None:
        return ""
    raw = block.part.text[node.start : node.end]
    return raw if "{{" in raw else node.value


def _expand(tree: Tree, parent: RepoPath, text: str, line: int, states: States) -> tuple[RepoPath, ...]:
    if not text:
        states.blocking("templated-path", parent, line, "an entry without a path, or whose path a template makes")
        return ()
    if REMOTE.match(text):
        hint = "bring its content into the repository"
        states.blocking("remote-state", parent, line, f"`{text}` lies outside the repository", hint)
        return ()
    if actions(text):
        states.blocking("templated-path", parent, line, f"`{text}`: which helmfiles are loaded depends on a template")
        return ()
    try:
        target = resolve(parent.folder, text)
    except PathLeavesRepository as error:
        states.blocking("path-leaves-repository", parent, line, error.message)
        return ()
    found = matches(tree, target)
    if not found:
        message = f"`{text}` does not exist: helmfile 0.16x warns and goes on, 1.x fails"
        hint = "the new tree has no entry for it"
        states.findings.append(Finding("sub-helmfile-missing", Severity.CHANGE, parent, line, message, hint))
    return found


def matches(tree: Tree, target: str) -> tuple[RepoPath, ...]:
    """What a `helmfiles:` path stands for: a file, the state files of a folder (sorted), or a sorted glob."""
    if target in tree:
        return (RepoPath(target),)
    below = [path for path in tree if path.folder == target and re.search(r"\.ya?ml(\.gotmpl)?$", path)]
    if below:
        return tuple(sorted(below))
    if not re.search(r"[*?\[]", target):
        return ()
    depth = target.count("/")
    return tuple(sorted(path for path in tree if path.count("/") == depth and _glob(path, target)))


def _glob(path: str, pattern: str) -> bool:
    pairs = zip(path.split("/"), pattern.split("/"), strict=True)
    return all(fnmatchcase(part, piece) for part, piece in pairs)
