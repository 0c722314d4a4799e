"""GitHub workflows and composite actions (docs.github.com/actions/reference/workflow-syntax-for-github-actions)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.formats.yaml_source import EMPTY, Node
from migrate.model.paths import RepoPath
from migrate.model.references import Mention
from migrate.model.tree import Tree
from migrate.references.ci.steps import KIND, JobReader
from migrate.references.embedded import EXPRESSION
from migrate.references.finding import Found, Place
from migrate.references.snippet import Snippet
from migrate.references.tokens import mention
from migrate.references.yaml_paths import YamlPlaces, strings

_PATH = re.compile(r"(?P<top>(?:.*/)?)\.github/(?:workflows/[^/]+\.ya?ml|actions/(?:.*/)?action\.ya?ml)")
_HASHED = re.compile(rb"hashFiles\(([^()]*)\)")
_QUOTED = re.compile(rb"'([^'\n]*)'")
COMPARED = "an expression compares it with a text from elsewhere"
FILTERS = ("paths", "paths-ignore")


class GitHub:
    """`.github/workflows/*.yml`, and `action.yml` wherever it lies."""

    def reads(self, path: RepoPath, head: bytes) -> bool:  # noqa: ARG002  # the shape of a finder
        """By its path."""
        return bool(_PATH.fullmatch(path)) or path.name in ("action.yml", "action.yaml")

    def find(self, tree: Tree, snippet: Snippet) -> Iterator[Found]:
        """Steps by the shell rules, filters and inputs as paths, names as prose."""
        places = YamlPlaces.of(snippet, KIND)
        found = _PATH.fullmatch(snippet.file)
        top = found["top"].rstrip("/") if found else ""
        for document in places.documents:
            yield from _filters(places, document.get("on"), top)
            yield from JobReader(tree, places, top).document(document)
            yield from _expressions(places, document, top)


def _filters(places: YamlPlaces, events: Node | None, top: str) -> Iterator[Mention]:
    """The patterns that decide when a workflow starts; each stands for itself."""
    for _, event in (events or EMPTY).pairs:
        for key in FILTERS:
            for node in strings(event.get(key)):
                yield from places.glob(node, Place((top,), group=f"filter {node.line}"))


def _expressions(places: YamlPlaces, document: Node, top: str) -> Iterator[Mention]:
    """`hashFiles('…')` names files; other texts in expressions are compared with something."""
    conditions = {value.start for node in document.walk() for key, value in node.pairs if key.value == "if"}
    for node in document.walk():
        if node.kind != "scalar" or "'" not in node.value or not ("${{" in node.value or node.start in conditions):
            continue
        text, place = places.snippet(node), Place((top,), group=f"expression {node.line}")
        spans = [found.span() for found in EXPRESSION.finditer(text.text)] or [(0, len(text.text))]
        for start, end in spans:
            yield from _quoted(text, start, end, place)


def _quoted(text: Snippet, start: int, end: int, place: Place) -> Iterator[Mention]:
    hashed = [found.span(1) for found in _HASHED.finditer(text.text, start, end)]
    for found in _QUOTED.finditer(text.text, start, end):
        first, last = found.span(1)
        named = any(begin <= first < stop for begin, stop in hashed)
        first += text.text[first:last].startswith(b"!")
        if last > first and (named or b"/" in found[1]):
            yield mention(text, first, last, place, KIND, glob=True, doubt="" if named else COMPARED)


GITHUB = GitHub()
"""The finder for workflows and composite actions."""
