"""The environment variables that helmfile's templates read, by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from migrate.model.paths import RepoPath
from migrate.model.tree import Mode, Tree

_NAME = rb"([A-Za-z_][A-Za-z0-9_]*)"
_READS = (
    re.compile(rb"\b(?:env|requiredEnv)\s+[\"`]" + _NAME + rb"[\"`]"),
    re.compile(rb"[\"`]" + _NAME + rb"[\"`]\s*\|\s*(?:env|requiredEnv)\b"),
)
_EXPANDS = re.compile(rb"\bexpandenv\s+(\"[^\"]*\"|`[^`]*`)")
_EXPANDED = re.compile(rb"\$\{?" + _NAME)
_RENDERED = re.compile(r"\.gotmpl$|(?:^|/)_[^/]*\.tpl$|\.ya?ml$")
_OF_CHARTS = re.compile(r"(?:^|/)(?:templates|crds)/")
"""helm knows no variables."""

_NEVER_SET = re.compile(
    r"(?:HELM|HELMFILE|XDG|LD|DYLD|LC|MIGRATE|GIT)_.*|GO[A-Z]+|.*_proxy|KUBECONFIG|PATH|HOME|TMPDIR|LANG|TZ", re.IGNORECASE
)
"""Variables that programs obey, not only templates."""
FIRST = 1_000_003
"""what the first variable is set to: a number that nobody writes out"""


def placeholders(names: Iterable[str]) -> Mapping[str, str]:
    """Another number for each variable that may be set: a number can stand where a text or a number is due."""
    wanted = sorted(name for name in names if not _NEVER_SET.fullmatch(name))
    return {name: str(FIRST + number) for number, name in enumerate(wanted)}


def variables(tree: Tree) -> frozenset[str]:
    """The names that stand in state files, values templates and their helpers. A computed name is not found."""
    paths = (path for path in tree if _RENDERED.search(path) and not _OF_CHARTS.search(path))
    return frozenset(name for path in paths for name in _of_file(tree, path))


def _of_file(tree: Tree, path: RepoPath) -> Iterator[str]:
    if tree.entries[path].mode not in (Mode.FILE, Mode.EXECUTABLE):
        return
    try:
        content = tree.read(path)
    except KeyError:
        return
    if b"env" in content or b"Env" in content:
        yield from (name.decode() for pattern in _READS for name in pattern.findall(content))
        yield from (name.decode() for text in _EXPANDS.findall(content) for name in _EXPANDED.findall(text))
