"""What helmfile says and does, environment by environment, on each side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from migrate.claims.loads_on_current import COMMANDS as ON_CURRENT_COMMANDS
from migrate.claims.side_facts import SideFacts
from migrate.measuring.jobs import Jobs
from migrate.model.case import DEFAULT_ENVIRONMENT, ProofCase
from migrate.model.facts import EnvironmentFacts, Failure, ReleaseId
from migrate.ports import COMMANDS, Side

MODERN_SIDE = 2
"""the place of helmfile 1.x behind the old and the new side"""


@dataclass(frozen=True)
class Environments:
    """Open sides, and the environment that is asked for, empty for all."""

    case: ProofCase
    sides: Sequence[Side]
    only: str
    jobs: Jobs

    def facts(self) -> list[SideFacts]:
        """The facts of each side for every environment that the case or a `build` names."""
        found: list[dict[str, EnvironmentFacts]] = [{} for _ in self.sides]
        wanted = [self.only] if self.only else sorted({*self.case.environments, DEFAULT_ENVIRONMENT})
        while wanted:
            jobs = [(number, name) for name in wanted for number in range(len(self.sides))]
            results = self.jobs.each("asking helmfile", jobs, lambda job: self._facts(*job))
            for (number, name), facts in zip(jobs, results, strict=True):
                found[number][name] = facts
            wanted = [] if self.only else sorted(self._declared(found) - found[0].keys())
        self._fill(found)
        self._fill_broken(found)
        return [SideFacts(side.tree, side.state_file, facts) for side, facts in zip(self.sides, found, strict=True)]

    def _facts(self, number: int, environment: str, expected: Sequence[ReleaseId] = ()) -> EnvironmentFacts:
        """helmfile 1.x is asked only for what its claim looks at."""
        commands = ON_CURRENT_COMMANDS if number == MODERN_SIDE else COMMANDS
        return self.sides[number].facts(environment, expected, commands)

    def _declared(self, found: Sequence[Mapping[str, EnvironmentFacts]]) -> set[str]:
        """The environments that the asked state files name, as `build` prints them. Those of sub-helmfiles can't be asked for."""
        names: set[str] = set()
        for side, environments in zip(self.sides, found, strict=True):
            for facts in environments.values():
                states = () if isinstance(facts.states, Failure) else facts.states
                own = (state for state in states if state.source == side.state_file)
                names.update(name for state in own for name in state.document.get("environments") or {})
        return names

    def _fill(self, found: list[dict[str, EnvironmentFacts]]) -> None:
        """Ask again where `list` fails though the environment loads: each release known from elsewhere is then run by itself."""
        known = self._known(found)
        jobs = [
            (number, name)
            for number, environments in enumerate(found)
            for name, facts in environments.items()
            if isinstance(facts.listed, Failure) and not isinstance(facts.states, Failure)
        ]
        results = self.jobs.each("asking release by release", jobs, lambda job: self._facts(*job, known))
        for (number, name), facts in zip(jobs, results, strict=True):
            found[number][name] = facts

    def _fill_broken(self, found: list[dict[str, EnvironmentFacts]]) -> None:
        """`sync` of each release by itself where a state file beside the asked one fails to load: others may deploy before it."""
        jobs = [
            (number, name, release)
            for number, environments in enumerate(found[:MODERN_SIDE])
            for name, facts in environments.items()
            if isinstance(facts.states, Failure) and facts.states.path != self.sides[number].state_file
            for release in self._known(found)
        ]
        runs = self.jobs.each("deploying release by release", jobs, lambda job: self.sides[job[0]].record(job[1], "sync", job[2]))
        for (number, name, release), run in zip(jobs, runs, strict=True):
            facts = found[number][name]
            found[number][name] = replace(facts, alone_sync={**facts.alone_sync, release: run})

    def _known(self, found: Sequence[Mapping[str, EnvironmentFacts]]) -> Sequence[ReleaseId]:
        """Every release that any side knows in any environment."""
        sides = [SideFacts(s.tree, s.state_file, facts) for s, facts in zip(self.sides, found, strict=True)]
        return sorted({release for side in sides for name in side.environments for release in side.releases(name)})
