"""Put a chart that was pulled into the tree. Its bytes come with the tree that the plan is applied to, not with the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrate.model.paths import RepoPath
from migrate.model.tree import Entry, Mode, Tree


@dataclass(frozen=True, slots=True)
class Vendor:
    """`folder` gets the files of one chart, none of them executable.

    `files` are paths from the folder with the ids of their blobs, sorted. `origin` is the URL of the repository, or
    `oci://host/path` without the chart's name; `asked` the version or range that was asked for (empty: the latest), `version`
    the one that it is; `archive` the SHA-256 of the packed chart.
    """

    folder: RepoPath
    origin: str
    name: str
    version: str
    asked: str
    archive: str
    files: tuple[tuple[RepoPath, str], ...]
    reason: str
    sub_issue: int

    @property
    def target(self) -> RepoPath:
        """What identifies it among the operations: the folder."""
        return self.folder

    @property
    def targets(self) -> tuple[RepoPath, ...]:
        """The files that it makes, sorted."""
        return tuple(RepoPath(f"{self.folder}/{path}") for path, _ in self.files)

    def apply(self, tree: Tree) -> Tree:
        """The tree with the chart; ValueError if one of its files is there, or if the tree does not bring its bytes."""
        entries = self._entries()
        there = next((path for path in entries if path in tree), None)
        if there is not None:
            raise ValueError(f"{there} exists already")
        lacking = next((path for path, entry in entries.items() if entry.oid not in tree.fresh), None)
        if lacking is not None:
            raise ValueError(f"{lacking} was not pulled")
        return tree.changed({path: (entry.mode, entry.oid) for path, entry in entries.items()})

    def undo(self, tree: Tree) -> Tree:
        """The tree without the chart; ValueError if one of its files has been changed since."""
        changed = next((path for path, entry in self._entries().items() if tree.entries.get(path) != entry), None)
        if changed is not None:
            raise ValueError(f"{changed} has been changed since it was pulled")
        return tree.changed({}, drop=frozenset(self.targets))

    def describe(self) -> str:
        """One line for a person."""
        return f"pull {self.name} {self.version} from {self.origin} to {self.folder}, {len(self.files)} files ({self.reason})"

    def _entries(self) -> Mapping[RepoPath, Entry]:
        return {path: Entry(Mode.FILE, oid) for path, (_, oid) in zip(self.targets, self.files, strict=True)}
