"""What the planter knows of the new tree: which file helmfile and helm read for what, as the healthy run has shown it."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from migrate.model.case import ProofCase
from migrate.model.facts import BuiltState, CellId, EnvironmentFacts, Failure
from migrate.model.paths import RepoPath
from migrate.model.tree import Mode

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Ground:
    """A case with what helmfile says of its new side. `old_sources` are the state files that the old side loads."""

    case: ProofCase
    environments: Mapping[str, EnvironmentFacts]
    old_sources: frozenset[str]

    @property
    def state(self) -> RepoPath:
        """The new state file."""
        return RepoPath(self.case.new_state)

    @cached_property
    def loading(self) -> tuple[str, ...]:
        """The environments that load."""
        return tuple(name for name, facts in sorted(self.environments.items()) if not isinstance(facts.states, Failure))

    @cached_property
    def rendered(self) -> Mapping[CellId, str]:
        """The cells for which helm is called, with the folder of the chart (`""`: it is not in the repository)."""
        found: dict[CellId, str] = {}
        for name, facts in sorted(self.environments.items()):
            runs = [facts.runs["template"]] if "template" in facts.runs else []
            for call in (call for run in (*runs, *facts.alone.values()) for call in run.calls):
                if call.verb == "template" and call.release is not None:
                    found[CellId(name, call.release)] = call.chart_folder
        return found

    @cached_property
    def charts(self) -> Mapping[str, tuple[CellId, ...]]:
        """Chart folder -> the cells that render it."""
        found: defaultdict[str, list[CellId]] = defaultdict(list)
        for cell, folder in self.rendered.items():
            if folder:
                found[folder].append(cell)
        return {folder: tuple(cells) for folder, cells in sorted(found.items())}

    @cached_property
    def values(self) -> Mapping[RepoPath, tuple[CellId, ...]]:
        """The last values file of each rendered release, whose values no other file overrides -> the cells that it goes to."""
        found: defaultdict[RepoPath, list[CellId]] = defaultdict(list)
        for cell in self.rendered:
            for state, release in self.definitions(cell):
                last = (release.get("values") or [None])[-1]
                if isinstance(last, str) and (path := self.file(state.source.folder, last)):
                    found[path].append(cell)
        return {path: tuple(cells) for path, cells in sorted(found.items())}

    @cached_property
    def environment_files(self) -> Mapping[RepoPath, tuple[str, ...]]:
        """Values file of environments -> the environments that load with it."""
        found: defaultdict[RepoPath, list[str]] = defaultdict(list)
        for name in self.loading:
            for path in self.values_of(name):
                found[path].append(name)
        return {path: tuple(names) for path, names in sorted(found.items())}

    def values_of(self, environment: str) -> tuple[RepoPath, ...]:
        """The values files of an environment, in the order in which they override each other."""
        paths: list[RepoPath] = []
        for state in self.states(environment):
            declared = (state.document.get("environments") or {}).get(environment) or {}
            for entry in declared.get("values") or ():
                path = self.file(state.source.folder, entry) if isinstance(entry, str) else None
                paths.extend([path] if path else [])
        return tuple(paths)

    def states(self, environment: str) -> tuple[BuiltState, ...]:
        """The states of an environment, none if it does not load."""
        states = self.environments[environment].states
        return () if isinstance(states, Failure) else states

    def definitions(self, cell: CellId) -> Iterator[tuple[BuiltState, Document]]:
        """What `build` prints of a release."""
        for state in self.states(cell.environment):
            for release in state.releases:
                if (release.get("name"), release.get("namespace") or "") == (cell.release.name, cell.release.namespace):
                    yield state, release

    def file(self, folder: str, text: str) -> RepoPath | None:
        """The file of the new tree that a path leads to, None if there is none."""
        path = posixpath.normpath(posixpath.join(folder, text))
        return RepoPath(path) if path in self.case.new else None

    def text(self, path: RepoPath) -> str | None:
        """A regular file's text; None if it is no text, or its blob is not here."""
        if self.case.new.entries[path].mode not in (Mode.FILE, Mode.EXECUTABLE):
            return None
        try:
            text = self.case.new.text(path)
        except (KeyError, UnicodeDecodeError):
            return None
        return None if "\0" in text or "\r" in text else text

    def chart_files(self, folder: str) -> tuple[RepoPath, ...]:
        """The files of a chart, those of its subcharts too."""
        return self._chart_files[folder]

    @cached_property
    def _chart_files(self) -> Mapping[str, tuple[RepoPath, ...]]:
        return {folder: self.case.new.below(folder) for folder in self.charts}

    @cached_property
    def copies(self) -> tuple[RepoPath, ...]:
        """The copied files, sorted; without a record, the new files whose bytes are on the old side too."""
        case = self.case
        if case.record:
            return tuple(sorted(target for _, target in case.record.copies if target in case.new))
        blobs = {entry.oid for entry in case.old.entries.values()}
        return tuple(sorted(p for p, entry in case.new.entries.items() if p not in case.old and entry.oid in blobs))
