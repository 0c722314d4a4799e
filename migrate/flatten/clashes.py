"""New places that something else has already: what the plan would make must not be there, nor be file and folder at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree
from migrate.operations import Copy, Create, Operation, Vendor

HINT = "move it away first, or choose another layout in migrate.yaml"


def clashes(tree: Tree, operations: Sequence[Operation], state: RepoPath, record: RepoPath) -> tuple[Finding, ...]:
    """A finding for each file of the tree, or of the plan, that is in the way. Copies look for files at their own place."""
    made = [*(op.target for op in operations if isinstance(op, Create)), record]
    made += [path for op in operations if isinstance(op, Vendor) for path in op.targets]
    targets = [*(op.target for op in operations if isinstance(op, Copy)), *made]
    found = [_clash(path, "the plan would make this file, and it exists") for path in made if path in tree]
    found += [_clash(path, f"helmfile refuses to choose between it and {state}") for path in _rivals(state) if path in tree]
    return (*found, *_files_as_folders(tree, targets))


def _rivals(state: RepoPath) -> tuple[RepoPath, ...]:
    """What helmfile would take for the state file too."""
    twin = state.removesuffix(".gotmpl") if state.endswith(".gotmpl") else f"{state}.gotmpl"
    return (RepoPath(twin),)


def _files_as_folders(tree: Tree, targets: Sequence[RepoPath]) -> Iterator[Finding]:
    files = {*tree, *targets}
    above = {RepoPath(folder): target for target in reversed(targets) for folder in _folders_above(target)}
    for folder, target in above.items():
        if folder in files:
            yield _clash(folder, f"it is a file, and {target} would lie below it")
    folders = {folder for path in tree for folder in _folders_above(path)}
    for target in targets:
        if target in folders:
            yield _clash(target, "it is a folder, and a file would take its place")


def _folders_above(path: RepoPath) -> Iterator[str]:
    """`a/b/c` -> `a`, `a/b`."""
    return accumulate(path.split("/")[:-1], lambda above, name: f"{above}/{name}")


def _clash(path: RepoPath, message: str) -> Finding:
    return Finding("target-clash", Severity.BLOCKING, path, 0, message, HINT)
