"""What lies in a tree of text, as the survey sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from migrate.analyzers.states import States, discover
from migrate.analyzers.survey import Survey, survey
from migrate.model.paths import RepoPath
from migrate.model.settings import Settings
from tests.fixtures.repository import Content, blob
from tests.system.trees import tree_of


def surveyed(files: Mapping[str, Content], ignored: Sequence[str] = (), settings: Settings | None = None) -> Survey:
    """The survey of these files; git would ignore the given paths."""
    tree = tree_of({path: blob(content) for path, content in files.items()})
    return survey(tree, settings or Settings(), lambda paths: frozenset(paths) & frozenset(ignored), "helmfile")


def walked(files: Mapping[str, str], root: str = "", absent: Mapping[str, str] | None = None) -> States:
    """The walk over the state files."""
    return discover(tree_of(files, absent or {}), RepoPath(root) if root else None, "helmfile")


def slugs(found: Survey) -> list[str]:
    """Slug and place of each finding."""
    return [f"{finding.slug} {finding.where()}" for finding in found.inventory.findings]
