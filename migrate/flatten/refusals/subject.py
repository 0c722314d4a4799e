"""What the checks look at, and the one way to say that something is in the way."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.analyzers.states import States
from migrate.formats.state_source import StateSource
from migrate.model.findings import Finding, Severity
from migrate.model.inventory import Inventory
from migrate.model.pulled import Pulled


@dataclass(frozen=True, slots=True)
class Subject:
    """What the checks look at."""

    inventory: Inventory
    states: States
    pulled: Pulled = Pulled()  # noqa: RUF009  # it can't be changed

    def with_releases(self) -> list[StateSource]:
        """The state files that have releases, in order."""
        return [self.states.sources[f.path] for f in self.inventory.states if self.states.sources[f.path].blocks("releases")]

    def root(self) -> list[StateSource]:
        """The root, if it can be read."""
        return [source for path, source in self.states.sources.items() if path == self.inventory.root]

    def subs(self) -> list[StateSource]:
        """All state files but the root."""
        return [s for s in self.states.sources.values() if s.path != self.inventory.root]


def block(slug: str, path: str, line: int, message: str, hint: str = "") -> Finding:
    """A blocking finding."""
    return Finding(slug, Severity.BLOCKING, path, line, message, hint)
