"""What is known at a point of a script: its variables, and the folder that it is in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from migrate.references.shell.value import MANY, Value, Values, distinct, hole

WAYS = 8
"""Of more folders than this at one point none is known."""

LONGEST_PATH, LONGEST_TEXT = 4_096, 100_000
"""A longer value is not followed: `x="$x/$x"` doubles it each time."""


def _followed(text: str) -> bool:
    return len(text) <= LONGEST_PATH or (len(text) <= LONGEST_TEXT and any(blank in text for blank in " \n"))


@dataclass(slots=True)
class State:
    """Every variable has all values that it may have; so has the folder."""

    cwd: Values
    variables: dict[str, Values] = field(default_factory=dict)
    arguments: tuple[Values, ...] | None = None
    pushed: tuple[Values, ...] = ()
    ended: bool = False
    """no command after this one is reached"""

    def copy(self) -> State:
        """The same, to go another way from here."""
        return State(self.cwd, dict(self.variables), self.arguments, self.pushed, self.ended)

    def become(self, ways: Iterable[State]) -> None:
        """This is where several ways meet; those that have ended do not count, unless all have."""
        every = list(ways)
        live = [way for way in every if not way.ended] or every
        self.ended = all(way.ended for way in every)
        self.cwd = self._limited(distinct(value for way in live for value in way.cwd))
        self.pushed, self.arguments = live[0].pushed, live[0].arguments
        names = dict.fromkeys(name for way in live for name in way.variables)
        self.variables = {name: _all([way.variables.get(name, ()) for way in live]) for name in names}

    @staticmethod
    def _limited(cwd: Values) -> Values:
        return cwd if len(cwd) <= WAYS else (Value(lost="the script can be in many folders here"),)

    def news(self, before: State) -> bool:
        """Whether something has changed that a second round of a loop would see."""
        changed = any(self.variables.get(name) != found for name, found in before.variables.items())
        return changed or (self.cwd, self.pushed) != (before.cwd, before.pushed)

    @property
    def signature(self) -> tuple[object, ...]:
        """What a function can see, less what is not known anyway."""
        told = tuple((name, found) for name, found in self.variables.items() if any(value.text.strip("\0") for value in found))
        return self.cwd, told

    def assign(self, name: str, values: Values, *, more: bool = False) -> None:
        """Give a variable its values; `more` keeps those that it has."""
        before = self.variables.get(name, ()) if more else ()
        kept = (value if _followed(value.text) else hole(f"${name}") for value in (*before, *values))
        self.variables[name] = distinct(kept)[:MANY]


def _all(found: list[Values]) -> Values:
    """The values of all ways; mostly no way has changed them."""
    if all(values is found[0] for values in found):
        return found[0]
    return distinct(value for values in found for value in values)[:MANY]
