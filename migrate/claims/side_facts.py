"""One side of a proof, with the questions that the claims ask of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from migrate.model.facts import BuiltState, CellId, EnvironmentFacts, Failure, HelmCall, ReleaseId, Run
from migrate.model.tree import Tree

ANSWERED = frozenset(("template", "upgrade", "install", "diff", "uninstall", "delete", "test", "rollback"))
"""The helm commands that do or show something for a release; the others only ask."""


class Presence(Enum):
    """What a side says of a release in an environment."""

    BROKEN = "the environment does not load"
    UNLISTED = "not listed"
    DISABLED = "disabled by its condition"
    UNINSTALLED = "to be uninstalled"
    PRESENT = "listed"
    UNKNOWN = "`list` fails"


@dataclass(frozen=True, slots=True)
class Definition:
    """A release as `build` prints it, with the state that holds it."""

    state: BuiltState
    release: Mapping[str, Any]

    def settings(self) -> frozenset[str]:
        """The keys that the release itself or its state's helmDefaults set."""
        return frozenset((*self.release, *(self.state.document.get("helmDefaults") or {})))

    def effective(self, key: str) -> Any:  # noqa: ANN401  (whatever YAML holds)
        """The release's own setting, else that of the state's helmDefaults."""
        defaults: Mapping[str, Any] = self.state.document.get("helmDefaults") or {}
        return self.release.get(key, defaults.get(key))


@dataclass(frozen=True, slots=True)
class SideFacts:
    """All facts of one side."""

    tree: Tree
    state_file: str
    environments: Mapping[str, EnvironmentFacts]
    _defined: dict[str, Mapping[ReleaseId, Sequence[Definition]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _called: dict[tuple[str, str], Mapping[ReleaseId | None, Sequence[HelmCall]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def states(self, environment: str) -> tuple[BuiltState, ...]:
        """The states of an environment, none if it does not load."""
        states = self.environments[environment].states
        return () if isinstance(states, Failure) else states

    def sources(self) -> frozenset[str]:
        """Every state file that any environment loads, and the one that is asked."""
        built = (state.source for name in self.environments for state in self.states(name))
        return frozenset((self.state_file, *built))

    def definitions(self, cell: CellId) -> tuple[Definition, ...]:
        """The entries of `build` for a release; anything but one is for the claims to refuse."""
        environment = cell.environment
        if environment not in self._defined:
            found: dict[ReleaseId, list[Definition]] = {}
            for state in self.states(environment):
                for release in state.releases:
                    found.setdefault(release_id(state, release), []).append(Definition(state, release))
            self._defined[environment] = found
        return tuple(self._defined[environment].get(cell.release, ()))

    def releases(self, environment: str) -> frozenset[ReleaseId]:
        """Every release that build, list or a call to helm names."""
        facts = self.environments[environment]
        built = {release_id(state, release) for state in self.states(environment) for release in state.releases}
        listed = set() if isinstance(facts.listed, Failure) else {line.release for line in facts.listed}
        called = {call.release for run in self._runs(environment) for call in run.calls if call.release is not None}
        return frozenset(built | listed | called)

    def presence(self, cell: CellId) -> Presence:
        """What `build` and `list` say of the release. `build` alone fails for a release with patches and a broken template."""
        facts = self.environments[cell.environment]
        if isinstance(facts.listed, Failure):
            return Presence.BROKEN if isinstance(facts.states, Failure) else Presence.UNKNOWN
        lines = [line for line in facts.listed if line.release == cell.release]
        if not lines:
            return Presence.UNLISTED
        if not any(line.enabled for line in lines):
            return Presence.DISABLED
        return Presence.PRESENT if any(line.installed for line in lines) else Presence.UNINSTALLED

    def calls(self, cell: CellId, command: str) -> tuple[HelmCall, ...]:
        """What helm is called with for the release by a command: of the whole run, or of the release's own if that stopped."""
        facts = self.environments[cell.environment]
        key = cell.environment, command
        if key not in self._called:
            self._called[key] = _answered(facts.runs.get(command))
        alone = {"template": facts.alone, "sync": facts.alone_sync}.get(command, {}).get(cell.release)
        return tuple(self._called[key].get(cell.release, ()) or _answered(alone).get(cell.release, ()))

    def before_patching(self, cell: CellId) -> tuple[HelmCall, ...]:
        """The calls by which `template` renders the release's chart so that helmfile can change it; no context is given there."""
        facts, wanted = self.environments[cell.environment], (cell.release.namespace, cell.release.name)
        for run in (facts.runs.get("template"), facts.alone.get(cell.release)):
            inner = [(call.release, call) for call in run.calls if call.verb == "chartify"] if run else []
            found = [call for release, call in inner if release and (release.namespace, release.name) == wanted]
            if found:
                return tuple(found)
        return ()

    def template(self, cell: CellId) -> HelmCall | None:
        """The call that renders the release; None if there is none or more than one."""
        found = [call for call in self.calls(cell, "template") if call.verb == "template"]
        return found[0] if len(found) == 1 else None

    def failure(self, cell: CellId) -> Failure | None:
        """Why the release is not rendered: of the environment, of its own run, or of the whole run; None if it is rendered."""
        facts = self.environments[cell.environment]
        if isinstance(facts.states, Failure) and isinstance(facts.listed, Failure):
            return facts.states
        if self.calls(cell, "template"):
            return None
        alone = facts.alone.get(cell.release)
        if alone is not None and alone.failure is not None:
            return alone.failure
        if isinstance(facts.listed, Failure):
            return facts.listed
        return facts.runs["template"].failure if "template" in facts.runs else None

    def called_at_all(self, cell: CellId) -> bool:
        """Whether any run does something for the release."""
        runs = self._runs(cell.environment)
        return any(call.release == cell.release and call.verb in ANSWERED for run in runs for call in run.calls)

    def _runs(self, environment: str) -> Iterator[Run]:
        facts = self.environments[environment]
        yield from facts.runs.values()
        yield from facts.alone.values()
        yield from facts.alone_sync.values()


def _answered(run: Run | None) -> Mapping[ReleaseId | None, Sequence[HelmCall]]:
    """The calls of a run that do or show something, by their release."""
    found: dict[ReleaseId | None, list[HelmCall]] = {}
    for call in run.calls if run else ():
        if call.verb in ANSWERED:
            found.setdefault(call.release, []).append(call)
    return found


def release_id(state: BuiltState, release: Mapping[str, Any]) -> ReleaseId:
    """helmfile's identity of an entry of `build`: a state's own namespace and kubeContext settings beat the release's."""
    namespace = state.document.get("namespace") or release.get("namespace") or ""
    return ReleaseId(state.kube_context(release), str(namespace), str(release.get("name", "")))
