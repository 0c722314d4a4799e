"""Where each legacy file goes: at most one new place a file, no two files at one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from migrate.errors import PathLeavesRepository
from migrate.model.findings import Finding, Severity
from migrate.model.paths import RepoPath, relative, resolve
from migrate.model.tree import Mode, Tree


@dataclass(frozen=True, slots=True)
class Place:
    """A file's new place, why, and which of the fifteen sub-issues it belongs to."""

    target: RepoPath
    reason: str
    sub_issue: int


@dataclass(slots=True)
class Places:
    """The mapping while it is made. The first placing of a file counts."""

    tree: Tree
    of: dict[RepoPath, Place] = field(default_factory=dict)
    taken: dict[RepoPath, RepoPath] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def put(self, source: RepoPath, target: str, reason: str, sub_issue: int) -> None:
        """Place a file; a finding `target-clash` if another file has that place or it exists already."""
        if source in self.of:
            return
        if self.tree.entries[source].mode is Mode.SUBMODULE:
            message = f"a submodule can't be copied to {target}"
            hint = "bring its files in, or move it out of the application's folder first"
            self.findings.append(Finding("submodule-moves", Severity.BLOCKING, source, 0, message, hint))
            return
        place = RepoPath(target)
        holder = self.taken.get(place) or (place if place in self.tree else None)
        if holder is not None:
            message = f"it and {holder} would both become {place}" if holder != place else f"its new place {place} exists already"
            hint = "name one of them otherwise under `names` in migrate.yaml"
            self.findings.append(Finding("target-clash", Severity.BLOCKING, source, 0, message, hint))
            return
        if self.tree.entries[source].mode is Mode.LINK:
            self._check_link(source)
        self.of[source] = Place(place, reason, sub_issue)
        self.taken[place] = source

    def target(self, source: str) -> RepoPath | None:
        """A file's new place, if it has one."""
        place = self.of.get(RepoPath(source)) if source else None
        return place.target if place else None

    def unplaced(self, folder: str) -> Iterator[RepoPath]:
        """The files below a folder that have no place yet."""
        return (path for path in self.tree.below(folder) if path not in self.of)

    def _check_link(self, source: RepoPath) -> None:
        try:
            text = self.tree.read(source).decode("utf-8", "replace")
        except KeyError:
            return
        depth = source.count("/")
        climbs = 0
        for part in text.split("/"):
            climbs += 1 if part == ".." else (-1 if part not in ("", ".") else 0)
            if climbs > depth or text.startswith("/"):
                message = f"the symbolic link leads out of the repository ({text})"
                self.findings.append(
                    Finding("link-leaves-repository", Severity.BLOCKING, source, 0, message, "replace it by a file")
                )
                return

    def check_links(self) -> None:
        """A moved link must still lead to what it led to: a finding `link-breaks` for each that does not."""
        for source, place in self.of.items():
            if self.tree.entries[source].mode is Mode.LINK:
                self._check_moved_link(source, place.target)

    def _check_moved_link(self, source: RepoPath, target: RepoPath) -> None:
        try:
            old = resolve(source.folder, self.tree.read(source).decode("utf-8", "replace"))
        except (KeyError, PathLeavesRepository):
            return
        new = self.target(old) or self._folder_target(old) or old
        if relative(new, target.folder) != relative(old, source.folder):
            message = f"the symbolic link to {old} would break at {target}"
            self.findings.append(Finding("link-breaks", Severity.BLOCKING, source, 0, message, "replace it by a file"))

    def _folder_target(self, folder: str) -> str | None:
        below = [path for path in self.tree.below(folder) if path in self.of] if folder else []
        if not below:
            return None
        tail = below[0].relative_to(folder)
        target = self.of[below[0]].target
        return target.removesuffix("/" + tail) if target.endswith("/" + tail) else None
