"""Plans made from text alone: no repository, no helmfile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from migrate.analyzers.survey import survey
from migrate.formats.state_source import StateSource, sequence
from migrate.formats.yaml_source import Node
from migrate.layout import layout_of
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath
from migrate.model.settings import Settings
from migrate.model.tree import Tree
from migrate.operations import Create
from migrate.plan import Plan
from migrate.planner import make_plan
from tests.fixtures.repository import Content as RepositoryContent
from tests.fixtures.repository import blob
from tests.system.trees import Content, tree_of


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with the tree that it is for."""

    plan: Plan
    tree: Tree

    @property
    def text(self) -> str:
        """The new state file."""
        return next(op.text for op in self.plan.operations if isinstance(op, Create) and op.target == self.plan.new_state)

    @property
    def places(self) -> dict[str, str]:
        """Old path -> new path."""
        return {str(old): str(new) for old, new in self.plan.copies}

    def found(self, slug: str) -> list[Finding]:
        """The findings with this slug."""
        return [finding for finding in self.plan.findings if finding.slug == slug]

    @property
    def blocking(self) -> list[str]:
        """What is in the way, as text."""
        return [f"{f.slug} {f.where()}" for f in self.plan.findings if f.severity is Severity.BLOCKING]

    @property
    def entries(self) -> dict[str, Node]:
        """The releases of the new state file by name."""
        return entries(self.text)

    def entry_text(self, name: str) -> str:
        """The text of a release of the new state file, from its dash to the next one's or the file's end."""
        starts = [found.start() for found in re.finditer(r"(?m)^  - ", self.text)]
        pieces = [self.text[a:b] for a, b in pairwise([*starts, len(self.text)])]
        return next(piece for piece in pieces if re.search(rf"^[ -]+name: {name}\b", piece, re.MULTILINE))


def planned(
    files: Mapping[str, RepositoryContent | Content], settings: Settings | None = None, ignored: Sequence[str] = ()
) -> Planned:
    """The plan for these files, without asking helmfile."""
    chosen = settings or Settings()
    tree = tree_of(
        {path: content if isinstance(content, (bytes, tuple)) else _content(content) for path, content in files.items()}
    )
    surveyed = survey(tree, chosen, lambda paths: frozenset(paths) & frozenset(ignored), layout_of(chosen).folder)
    return Planned(make_plan(tree, surveyed, chosen), tree)


def _content(content: object) -> Content:
    return content if isinstance(content, str) else blob(content)  # type: ignore[arg-type]  # what is left is a fixture's content


def entries(text: str) -> dict[str, Node]:
    """The releases of a state file by name."""
    source = StateSource.parse(RepoPath("helmfile.yaml"), text.encode())
    return {item.text("name"): item for block in source.blocks("releases") for item in sequence(block)}


def as_value(node: Node) -> object:
    """A node as nested dicts and lists of tagged text."""
    if node.kind == "scalar":
        return (node.tag, node.value)
    if node.kind == "sequence":
        return [as_value(item) for item in node.items]
    return {name.value: as_value(value) for name, value in node.pairs}
