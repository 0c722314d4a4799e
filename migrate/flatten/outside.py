"""Who writes moved pieces, or reads what they make, from outside of the repository: no edit reaches them, so they are told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from migrate.model.findings import Finding, Severity
from migrate.model.tree import Mode, Tree
from migrate.ports import PastCommit
from migrate.references.moves import Moves

MANY = 20
"""So many commits of one author to one file alone are taken for a program's, or for a habit that the move breaks all the same."""
_MARK = b"\n# Source: "
"""How each object begins in what helm prints (pkg/action/install.go of helm 3)."""
HEAD = 4_000


def writers(past: Iterable[PastCommit], moves: Moves) -> Iterator[Finding]:
    """A finding for each author with many commits that touch one moved file and nothing else."""
    touched = Counter[str]()
    alone = Counter[tuple[str, str]]()
    days: dict[tuple[str, str], str] = {}
    for commit in past:
        touched.update(commit.files)
        if len(commit.files) == 1 and moves.concerns(commit.files[0]):
            key = commit.files[0], commit.author
            alone[key] += 1
            days.setdefault(key, commit.day)
    for (path, author), count in sorted(alone.items()):
        if count >= MANY:
            yield _written(path, author, f"{count} of {touched[path]} commits, the last on {days[path, author]}")


def _written(path: str, author: str, evidence: str) -> Finding:
    message = f"{author} writes this file and nothing else ({evidence}): a program elsewhere goes on writing to the old place"
    hint = "tell whoever runs it the new place; a symbolic link at the old one would be replaced by a file (`yq -i`, `sed -i`)"
    return Finding("written-from-outside", Severity.WARNING, path, 0, message, hint)


def rendered_output(tree: Tree, moves: Moves) -> Iterator[Finding]:
    """A finding for each folder at the top that holds what helm printed: somebody reads it, and it does not move."""
    found: Mapping[str, list[str]] = defaultdict(list)
    for path, entry in tree.entries.items():
        likely = path.endswith((".yaml", ".yml")) and "/templates/" not in path and not moves.concerns(path)
        if likely and entry.mode in (Mode.FILE, Mode.EXECUTABLE) and _printed_by_helm(tree, path):
            found[path.partition("/")[0]].append(path)
    for folder, paths in sorted(found.items()):
        holds = f"{len(paths)} files hold" if len(paths) > 1 else "a file holds"
        message = f"{holds} output of `helm template`, which something outside may read; it stays as it is (first {paths[0]})"
        yield Finding("rendered-output-kept", Severity.NOTE, folder, 0, message)


def _printed_by_helm(tree: Tree, path: str) -> bool:
    try:
        return _MARK in b"\n" + tree.read(path)[:HEAD]
    except KeyError:
        return False
