"""Plain scalars of environments' values files that helmfile 0.16x and 1.x read differently (yaml.v2 against yaml.v3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrate.errors import UnreadableSource
from migrate.formats.yaml_source import Node, documents
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.tree import Tree

_BOOLEAN = re.compile(r"^(y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)$")
_DATE = re.compile(r"^\d{4}-\d\d?-\d\d?([Tt ].*)?$")
SLUG = "version-1-reads-differently"


def analyze_portability(tree: Tree, paths: Iterable[RepoPath]) -> tuple[Finding, ...]:
    """A finding for each yes/no/on/off, unquoted date, duplicate key and key that is no string, with its line."""
    return tuple(finding for path in paths if path in tree for finding in _of_file(tree, path))


def _of_file(tree: Tree, path: RepoPath) -> Iterator[Finding]:
    if path.endswith(".gotmpl"):
        return
    try:
        text = tree.read(path).decode("utf-8-sig")
        roots = documents(text, path)
    except (UnicodeDecodeError, UnreadableSource, KeyError) as error:
        binary = not isinstance(error, KeyError) and b"\0" in tree.read(path)
        slug = "binary-yaml" if binary else "unreadable-yaml"
        line = getattr(error, "line", 0)
        yield Finding(slug, Severity.WARNING, path, line, "can't be read as YAML; helmfile decides", "")
        return
    for root in roots:
        yield from _of_node(path, root)


def _of_node(path: RepoPath, root: Node) -> Iterator[Finding]:
    for node in root.walk():
        names = [name.value for name, _ in node.pairs]
        for name, _ in node.pairs:
            if names.count(name.value) > 1 and name is node.key(name.value):
                yield _finding(path, name.line, f"the key `{name.value}` stands twice: 0.16x takes the last, 1.x fails")
            if name.kind == "scalar" and not name.style and not name.tag.endswith(":str"):
                yield _finding(
                    path, name.line, f"the key `{name.value}` is no string: helmfile 0.16x can't load it in a nested map"
                )
        if node.kind == "scalar" and not node.style and _BOOLEAN.match(node.value):
            yield _finding(path, node.line, f"`{node.value}` is a boolean for 0.16x and a string for 1.x")
        if node.kind == "scalar" and not node.style and _DATE.match(node.value):
            yield _finding(path, node.line, "an unquoted date is a string for 0.16x and a time for 1.x")


def _finding(path: RepoPath, line: int, message: str) -> Finding:
    return Finding(SLUG, Severity.WARNING, path, line, message, "quote it (a change of its own, before the migration)")
